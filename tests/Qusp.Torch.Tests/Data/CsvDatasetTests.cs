// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Xunit;

namespace Qusp.Torch.Tests;

public sealed class CsvDatasetTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void The_last_column_is_the_class()
    {
        var data = Load("a,b,label\n1,2,0\n3,-4e-1,1\n5,6,0\n");
        Assert.Equal(["a", "b"], data.FeatureNames);
        Assert.Equal([1, 2, 3, -0.4, 5, 6], data.Features);
        Assert.Equal([0, 1, 0], data.Labels!);
        Assert.Equal([1, 0, 0, 1, 1, 0], data.Targets);
        Assert.Equal(["0", "1"], data.ClassNames);
    }

    [Fact]
    public void A_named_column_is_the_class_wherever_it_stands()
    {
        var data = Load("kind,a,b\nno,1,2\nyes,3,4\n", label: "kind");
        Assert.Equal(["a", "b"], data.FeatureNames);
        Assert.Equal([1, 2, 3, 4], data.Features);
        Assert.Equal(["no", "yes"], data.ClassNames);
    }

    [Fact]
    public void Whole_numbers_are_sorted_by_value_and_texts_by_letter()
    {
        Assert.Equal(["-1", "2", "10"], Load("a,c\n1,10\n1,2.0\n1,-1\n1,2\n").ClassNames);
        Assert.Equal(["10", "2", "b"], Load("a,c\n1,b\n1,2\n1,10\n").ClassNames);
    }

    [Fact]
    public void Last_columns_y0_y1_are_real_targets()
    {
        var data = Load("a,b,y0,y1\n1,2,0.25,-1\n3,4,1,0\n");
        Assert.Null(data.Labels);
        Assert.Equal([1, 2, 3, 4], data.Features);
        Assert.Equal([0.25, -1, 1, 0], data.Targets);
        Assert.Equal(2, data.Outputs);
        Assert.Equal([0, 1], Load("a,b,y0,y1\n1,2,0.25,0\n3,4,1,1\n", label: "y1").Labels!);
    }

    [Fact]
    public void Quotes_semicolons_line_ends_blank_lines_and_a_byte_order_mark_are_read()
    {
        Assert.Equal([1, 2], Load("\ufeff\"a\",c\r\n\r\n\"1\",\"x, y\"\r\n2 , z\r\n   \r\n").Features);
        Assert.Equal([1, 2], Load("a;c\n1;0\n2;1\n").Features);
    }

    [Theory]
    [InlineData("", ":1: the file is empty")]
    [InlineData("\n\n", ":1: the file is empty")]
    [InlineData("a,b,label\n", ":2: no row follows the header")]
    [InlineData("1,2,0\n3,4,1\n", ":1: the first line holds numbers")]
    [InlineData("a,a,label\n1,2,0\n", ":1, column a: two columns have this name")]
    [InlineData(",a,label\n0,1,0\n", ":1: column 1 has no name")]
    [InlineData("a,b,label\n1,2,0\n1,0\n", ":3: the row has 2 fields, the header 3")]
    [InlineData("a,b,label\n1,2,0\n\n1,2,3,0\n", ":4: the row has 4 fields, the header 3")]
    [InlineData("a,b,label\n1,2,0\n1,two,1\n", ":3, column b: 'two' is not a number")]
    [InlineData("a,b,label\n1,2,0\n1,NaN,1\n", ":3, column b: 'NaN' is not a finite number")]
    [InlineData("a,b,label\n1,Infinity,0\n1,2,1\n", ":2, column b: 'Infinity' is not a finite number")]
    [InlineData("a,b,label\n1,,0\n1,2,1\n", ":2, column b: the value is missing")]
    [InlineData("a,b,label\n1,2,0\n1,2,\n", ":3, column label: the class is missing")]
    [InlineData("a,b,label\n1,2,\n", ":2, column label: the class is missing")]
    [InlineData("a,b,label\n1,2,7\n1,2,7\n", ":1, column label: all 2 rows are of one class, '7'")]
    [InlineData("a,b,label\n1,2,0\n1,2,0.5\n", ":3, column label: '0.5' is a number, not a class")]
    [InlineData("label\n0\n1\n", ":1: there is no feature column")]
    [InlineData("a,y0\n1,x\n", ":2, column y0: 'x' is not a number")]
    [InlineData("a,c\n\"x\ny\",0\n1,1\n", ":2, column a: 'x y' is not a number")]
    [InlineData("c,a\n\"x\ny\",0\nz,b\n", ":4, column a: 'b' is not a number", "c")]
    [InlineData("a,c\n1,\"x\n", ":2: the quotes do not match")]
    [InlineData("a,c\n1,2\n", ":1: there is no column 'kind'; the columns are a, c", "kind")]
    public void A_wrong_file_is_named_with_the_place_and_a_remedy(string content, string expected, string? label = null)
    {
        var error = Assert.Throws<InvalidDataException>(() => Load(content, label));
        Assert.StartsWith(folder.At("data.csv") + expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("; ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_missing_file_is_named_with_the_sets_there_are()
    {
        var error = Assert.Throws<FileNotFoundException>(() => Datasets.Load("irs"));
        Assert.Equal("irs: there is no such file or data set; the data sets are iris, wine, breast-cancer, digits, moons, origin", error.Message);
        Assert.Throws<FileNotFoundException>(() => Datasets.Load(folder.Path));
    }

    [Fact]
    public void A_class_unknown_to_the_model_is_named()
    {
        var path = folder.Write("test.csv", "a,c\n1,x\n2,z\n");
        var error = Assert.Throws<InvalidDataException>(() => Datasets.Load(path, classes: ["x", "y"]));
        Assert.Equal($"{path}:3, column c: 'z' is not a class seen in training; the classes are x, y", error.Message);
        Assert.Equal([1], Datasets.Load(folder.Write("one.csv", "a,c\n1,y\n"), classes: ["x", "y"]).Labels!);
    }

    [Fact]
    public void Features_are_found_by_name_or_by_place()
    {
        ImmutableArray<string> names = ["a", "b"];
        Assert.Equal([1, 2, 3, 4], Datasets.LoadFeatures(folder.Write("1.csv", "b,x,a\n2,?,1\n4,?,3\n"), names));
        Assert.Equal([1, 2], Datasets.LoadFeatures(folder.Write("2.csv", "p,q\n1,2\n"), names));
        Assert.Equal([1, 2], Datasets.LoadFeatures(folder.Write("3.csv", "p,q,label\n1,2,no\n"), names));
        Assert.Equal([1, 2], Datasets.LoadFeatures(folder.Write("4.csv", "p,label,q\n1,no,2\n"), names, label: "label"));
        Assert.Equal([1, 2], Datasets.LoadFeatures(folder.Write("5.csv", "p,q,y0,y1\n1,2,3,4\n"), names));
        var error = Assert.Throws<InvalidDataException>(() => Datasets.LoadFeatures(folder.Write("6.csv", "p\n1\n"), names));
        Assert.EndsWith("6.csv:1: 1 feature columns, but the model takes 2; give the columns a, b", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private Dataset Load(string content, string? label = null) => Datasets.Load(folder.Write("data.csv", content), label);
}
