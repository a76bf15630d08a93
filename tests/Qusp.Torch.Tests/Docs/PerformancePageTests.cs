// SPDX-License-Identifier: Apache-2.0
using Qusp.Benchmarks.Page;
using Xunit;

namespace Qusp.Torch.Tests.Docs;

public sealed class PerformancePageTests
{
    [Fact]
    public void The_tables_are_those_of_the_figures()
    {
        var docs = Path.Combine(ReadmeTests.Root(), "docs");
        var page = File.ReadAllText(Path.Combine(docs, "performance.md"));
        Assert.Equal(PageVerb.Written(page, new Tables(Figures.Read(Path.Combine(docs, "performance.json")))), page);
    }

    [Fact]
    public void Every_table_is_on_the_page()
    {
        var page = File.ReadAllText(Path.Combine(ReadmeTests.Root(), "docs", "performance.md"));
        Assert.All(new Tables(new Figures()).All.Keys, name => Assert.Contains($"<!-- table {name} -->", page, StringComparison.Ordinal));
    }
}
