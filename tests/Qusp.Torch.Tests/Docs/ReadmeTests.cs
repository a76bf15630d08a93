// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using Xunit;

namespace Qusp.Torch.Tests.Docs;

public sealed partial class ReadmeTests
{
    [Fact]
    public void The_tour_is_the_sample_that_ci_runs()
    {
        var block = Regex.Match(File.ReadAllText(Path.Combine(Root(), "README.md")), "```csharp\n(?<code>.*?)\n```", RegexOptions.Singleline).Groups["code"].Value;
        var sample = File.ReadAllText(Path.Combine(Root(), "samples", "tour.cs"));
        Assert.NotEmpty(block);
        Assert.EndsWith(block, sample.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_file_that_the_documentation_links_to_is_there()
    {
        string[] pages = [Path.Combine(Root(), "README.md"), Path.Combine(Root(), "CONTRIBUTING.md"), .. Directory.GetFiles(Path.Combine(Root(), "docs"), "*.md")];
        foreach (var page in pages)
        {
            foreach (Match link in Link().Matches(CodeSpan().Replace(File.ReadAllText(page), "")))
            {
                var target = Path.Combine(Path.GetDirectoryName(page)!, link.Groups["path"].Value);
                Assert.True(Path.Exists(target), $"{Path.GetFileName(page)} links to {link.Groups["path"].Value}, which is not there");
            }
        }
    }

    internal static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Qusp.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("the tests run outside of the repository");
        }

        return folder.FullName;
    }

    [GeneratedRegex("`[^`\n]+`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"\]\((?!https?:)(?<path>[^)#\s]+)\)")]
    private static partial Regex Link();
}
