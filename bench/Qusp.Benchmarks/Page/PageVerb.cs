// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;

namespace Qusp.Benchmarks.Page;

/// <summary>
/// Makes the tables of docs/performance.md, from the repository's root:
/// <c>page measure [WORKLOAD…] [double|single] [1|2]</c> measures all, or what is named, into docs/performance.json;
/// <c>page write</c> puts the tables of that file into the page.
/// </summary>
internal static partial class PageVerb
{
    private const string FiguresPath = "docs/performance.json";
    private const string PagePath = "docs/performance.md";

    public static int Run(string[] arguments)
    {
        switch (arguments)
        {
            case ["measure", .. var asked]:
                string[] names = [.. asked.Where(word => Cli.Bench.Workload.Names.Contains(word))];
                if (asked.Except([.. names, "double", "single", "1", "2"]).FirstOrDefault() is { } unknown)
                {
                    Console.Error.WriteLine($"page measure: {unknown}: name workloads of `qusp bench`, double or single, 1 or 2");
                    return 2;
                }

                bool Chosen(string word, string other) => asked.Contains(word) || !asked.Contains(other);
                Figures.Read(FiguresPath).Measure(
                    names,
                    Configuration.All.Where(configuration =>
                        Chosen(configuration.Precision, configuration.Single ? "double" : "single") && Chosen($"{configuration.Threads}", configuration.Threads == 1 ? "2" : "1")),
                    FiguresPath);
                return 0;
            case ["write"]:
                File.WriteAllText(PagePath, Written(File.ReadAllText(PagePath), new Tables(Figures.Read(FiguresPath))));
                return 0;
            default:
                Console.Error.WriteLine("page measure [WORKLOAD…] [double|single] [1|2], or page write");
                return 2;
        }
    }

    /// <summary>The page with its tables new: each is between two comments that name it.</summary>
    public static string Written(string page, Tables tables)
    {
        var all = tables.All;
        return Place().Replace(page, place => $"{place.Groups["begin"].Value}\n{all[place.Groups["name"].Value]}{place.Groups["end"].Value}");
    }

    [GeneratedRegex(@"(?<begin><!-- table (?<name>[a-z]+) -->)\n.*?(?<end><!-- end of table -->)", RegexOptions.Singleline)]
    private static partial Regex Place();
}
