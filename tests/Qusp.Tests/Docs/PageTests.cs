// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using Xunit;

namespace Qusp.Tests.Docs;

public sealed partial class PageTests
{
    public static TheoryData<string> Pages =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md").Select(page => Path.GetFileNameWithoutExtension(page)!)
            .Where(name => File.Exists(Sample(name)) && Example().IsMatch(File.ReadAllText(Page(name)))).Order()];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Each_example_of_a_page_stands_in_the_sample_of_its_name_which_ci_runs(string name)
    {
        var sample = File.ReadAllText(Sample(name));
        var examples = Example().Matches(File.ReadAllText(Page(name)));
        Assert.All(examples, example => Assert.Contains(example.Groups["code"].Value, sample, StringComparison.Ordinal));
    }

    private static string Page(string name) => Path.Combine(Repository.Root, "docs", name + ".md");

    private static string Sample(string name) => Path.Combine(Repository.Root, "samples", name + ".cs");

    [GeneratedRegex("```csharp\n(?<code>.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
