// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using CsCheck;
using Qusp.Inference;
using Xunit;

namespace Qusp.Tests.Inference;

public sealed class SafetensorsFileTests
{
    private static readonly Gen<NamedTensor> AnyTensor =
        from name in Gen.String[Gen.Char['a', 'z'], 1, 8]
        from shape in Gen.Int[0, 4].Array[0, 3]
        from type in Gen.Enum<TensorType>()
        from bytes in Gen.Byte.Array[512]
        select new NamedTensor(name, type, [.. shape], bytes.AsMemory(0, shape.Aggregate(1, (a, b) => a * b) * Width(type)));

    [Fact]
    public void Any_file_is_read_back_as_it_was_written() => AnyTensor.Array[0, 6].Sample(tensors =>
    {
        NamedTensor[] named = [.. tensors.Select((t, i) => new NamedTensor($"{t.Name}.{i}", t.Type, t.Shape, t.Bytes))];
        var file = new SafetensorsFile(named, new Dictionary<string, string> { ["format"] = "pt", ["ü\n"] = "\"\\" });
        var read = SafetensorsFile.Parse(file.ToBytes(), "memory");
        Assert.Equal(named.Select(t => t.ToString()), read.Tensors.Select(t => t.ToString()));
        Assert.All(named.Zip(read.Tensors), pair => Assert.Equal(pair.First.Bytes.ToArray(), pair.Second.Bytes.ToArray()));
        Assert.Equal(file.Metadata, read.Metadata);
    });

    [Fact]
    public void The_header_is_the_one_that_the_Python_library_writes()
    {
        var bytes = new SafetensorsFile([NamedTensor.Of<int>("test", [1, -2, 3, 4], 2, 2)]).ToBytes();
        const string Header = """{"test":{"dtype":"I32","shape":[2,2],"data_offsets":[0,16]}}    """;
        byte[] expected = [64, 0, 0, 0, 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(Header), 1, 0, 0, 0, 254, 255, 255, 255, 3, 0, 0, 0, 4, 0, 0, 0];
        Assert.Equal(expected, bytes);
    }

    [Fact]
    public void A_file_of_the_Python_library_is_read()
    {
        // The example of the library's documentation: a header of 60 bytes, not padded.
        var file = SafetensorsFile.Parse(Bytes("""{"test":{"dtype":"I32","shape":[2,2],"data_offsets":[0,16]}}""", 16), "memory");
        Assert.Equal("test I32[2, 2]", Assert.Single(file.Tensors).ToString());
    }

    [Fact]
    public void Every_tensor_starts_at_a_multiple_of_its_element_and_the_data_has_no_gap() => AnyTensor.Array[1, 6].Sample(tensors =>
    {
        var bytes = new SafetensorsFile(tensors.Select((t, i) => new NamedTensor($"{i}", t.Type, t.Shape, t.Bytes))).ToBytes();
        var length = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        using var header = System.Text.Json.JsonDocument.Parse(bytes.AsMemory(8, (int)length));
        var next = 0L;
        foreach (var (start, end, type) in header.RootElement.EnumerateObject()
            .Select(p => (p.Value.GetProperty("data_offsets")[0].GetInt64(), p.Value.GetProperty("data_offsets")[1].GetInt64(), p.Value.GetProperty("dtype").GetString()!))
            .Order())
        {
            Assert.Equal(next, start);
            Assert.Equal(0, (8 + length + start) % (int.Parse(type[1..]) / 8));
            next = end;
        }

        Assert.Equal(0, length % 8);
        Assert.Equal(bytes.Length, 8 + length + next);
    });

    [Fact]
    public void Values_are_held_by_their_type()
    {
        var file = new SafetensorsFile(
        [
            NamedTensor.Of<double>("f64", [0.1, -2], 2),
            NamedTensor.Of<float>("f32", [0.1f, -2], 1, 2),
            NamedTensor.Of<Half>("f16", [(Half)0.5, (Half)2], 2),
            NamedTensor.Of<long>("i64", [long.MinValue], 1),
            NamedTensor.Of<short>("i16", [-3], 1),
            NamedTensor.Of<sbyte>("i8", [-128, 127], 2),
            NamedTensor.Of<byte>("u8", [255], 1),
            NamedTensor.Of<float>("alpha", [10]),
            NamedTensor.Of<float>("none", [], 0, 5),
        ]);
        var read = SafetensorsFile.Parse(file.ToBytes(), "memory");
        Assert.Equal([0.1, -2], read["f64"].As<double>());
        Assert.Equal([0.1f, -2], read["f32"].As<float>());
        Assert.Equal([0.1f, -2f], read["f64"].ToSingles());
        Assert.Equal([(double)0.1f, -2], read["f32"].ToDoubles());
        Assert.Equal([0.5, 2], read["f16"].ToDoubles());
        Assert.Equal([long.MinValue], read["i64"].As<long>());
        Assert.Equal([(short)-3], read["i16"].As<short>());
        Assert.Equal([(sbyte)-128, (sbyte)127], read["i8"].As<sbyte>());
        Assert.Equal([(byte)255], read["u8"].As<byte>());
        Assert.Empty(read["alpha"].Shape);
        Assert.Equal(0, read["none"].Count);
    }

    [Fact]
    public void A_tensor_refuses_what_it_does_not_hold()
    {
        var tensor = NamedTensor.Of<sbyte>("w", [1, 2], 2);
        Assert.Equal("w holds I8, not F32.", Assert.Throws<InvalidOperationException>(() => tensor.As<float>().Length).Message);
        Assert.Contains("F64, F32 or F16 is needed", Assert.Throws<InvalidOperationException>(tensor.ToDoubles).Message, StringComparison.Ordinal);
        Assert.Contains("does not hold Char", Assert.Throws<NotSupportedException>(() => NamedTensor.Of<char>("c", ['a'], 1)).Message, StringComparison.Ordinal);
        Assert.Contains("w: a tensor F32[3] is not made of 8 bytes", Assert.Throws<ArgumentException>(() => NamedTensor.Of<float>("w", [1, 2], 3)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => NamedTensor.Of<float>("__metadata__", [1], 1));
        Assert.Throws<ArgumentException>(() => new NamedTensor("w", TensorType.UInt8, [-1, -1], new byte[1]));
        Assert.Throws<ArgumentException>(() => new SafetensorsFile([tensor, tensor]));
    }

    [Fact]
    public void A_missing_tensor_is_named_with_those_that_are_there()
    {
        var file = new SafetensorsFile([NamedTensor.Of<float>("alpha", [10]), NamedTensor.Of<float>("bias", [1], 1)]);
        Assert.Equal("There is no tensor 'beta'; there are alpha, bias.", Assert.Throws<KeyNotFoundException>(() => file["beta"]).Message);
        Assert.False(file.TryGet("beta", out _));
    }

    [Fact]
    public void Saving_replaces_the_file_whole_and_leaves_nothing_beside_it()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.File("model.safetensors");
        new SafetensorsFile([NamedTensor.Of<double>("a", [1], 1)]).Save(path);
        new SafetensorsFile([NamedTensor.Of<double>("b", [2], 1)]).Save(path);
        Assert.Equal([2.0], SafetensorsFile.Load(path)["b"].As<double>());
        Assert.Equal([path], Directory.GetFiles(directory.Path));
    }

    [Theory]
    [InlineData("""{"w":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}""", 4, "w: the dtype BF16 is not supported; convert it to one of F64, F32")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "w: F32[2] does not fill the 4 bytes")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}""", 4, "w: its data_offsets [0, 8] lie outside of the file's 4 bytes")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[8,4]}}""", 8, "w: its data_offsets [8, 4] lie outside")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", 4, "w: its data_offsets [-4, 0] lie outside")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,18446744073709551615]}}""", 4, "w: its data_offsets are not two whole numbers")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0.5,4]}}""", 4, "w: its data_offsets are not two whole numbers")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", 4, "w: its data_offsets are not two whole numbers")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2147483647,2147483647,4],"data_offsets":[0,4]}}""", 4, "w: F32[2147483647, 2147483647, 4] does not fill")]
    [InlineData("""{"w":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "w: its shape has a size 4294967296")]
    [InlineData("""{"w":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}""", 4, "w: its shape has a size -1")]
    [InlineData("""{"w":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}""", 4, "w: its shape has a size \"1\"")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1]}}""", 4, "w: it lacks one of dtype")]
    [InlineData("""{"w":{"dtype":32,"shape":[1],"data_offsets":[0,4]}}""", 4, "w: it lacks one of dtype")]
    [InlineData("""{"w":7}""", 0, "w: it lacks one of dtype")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "a: the name stands twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "b: its data, from 4, overlaps the tensor before it")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 12, "b: its data, from 8, leaves a gap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 9, "data: the tensors fill 4 of 9 bytes")]
    [InlineData("""{"__metadata__":[1]}""", 0, "__metadata__: it is not an object")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "__metadata__.a: it is no text")]
    [InlineData("""{"a":""", 0, "header: it is not JSON")]
    [InlineData("", 0, "header: it is not JSON")]
    [InlineData("[]", 0, "header: it is not a JSON object")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "header: a name in it is not text")]
    [InlineData("""{"a\n\u2028b":7}""", 0, "a\\u000a\\u2028b: it lacks")]
    [InlineData("""{"w":{"dtype":"\n","shape":[2],"data_offsets":[0,4]}}""", 4, "w: the dtype \\u000a is not supported")]
    [InlineData("""{"a":{"b":{"c":{"d":{"e":{"f":{"g":{"h":{"i":1}}}}}}}}}""", 0, "header: it is not JSON")]
    public void A_broken_header_ends_in_one_line_that_names_the_tensor(string header, int data, string message) =>
        AssertRefused(Bytes(header, data), message);

    [Theory]
    [InlineData(new byte[0], "header: the file has 0 bytes")]
    [InlineData(new byte[] { 1, 0, 0 }, "header: the file has 3 bytes")]
    [InlineData(new byte[] { 255, 255, 255, 255, 255, 255, 255, 255 }, "header: its length says 18446744073709551615 bytes, more than the 100000000 allowed")]
    [InlineData(new byte[] { 100, 0, 0, 0, 0, 0, 0, 0, 123, 125 }, "header: its length says 100 bytes, but only 2 follow")]
    [InlineData(new byte[] { 2, 0, 0, 0, 0, 0, 0, 0, 255, 254 }, "header: it is not UTF-8")]
    public void A_broken_file_ends_in_one_line(byte[] file, string message) => AssertRefused(file, message);

    [Fact]
    public void A_file_cut_or_changed_anywhere_is_read_or_refused_by_name()
    {
        var whole = new SafetensorsFile(
            [NamedTensor.Of<float>("a", [1, 2], 2), NamedTensor.Of<sbyte>("b", [1, 2, 3], 3)],
            new Dictionary<string, string> { ["format"] = "pt" }).ToBytes();
        Gen.Select(Gen.Int[0, whole.Length], Gen.Int[0, whole.Length - 1], Gen.Byte).Sample((length, at, value) =>
        {
            var bytes = whole.ToArray();
            bytes[at] = value;
            try
            {
                SafetensorsFile.Parse(bytes.AsMemory(0, length), "model.safetensors");
            }
            catch (InvalidDataException error)
            {
                AssertOneLine(error.Message);
            }
        });
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.File("nothing.safetensors");
        Assert.Contains(path, Assert.Throws<FileNotFoundException>(() => SafetensorsFile.Load(path)).Message, StringComparison.Ordinal);
    }

    private static int Width(TensorType type) => type switch
    {
        TensorType.Float64 or TensorType.Int64 => 8,
        TensorType.Float32 or TensorType.Int32 => 4,
        TensorType.Float16 or TensorType.Int16 => 2,
        _ => 1,
    };

    private static byte[] Bytes(string header, int data)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var file = new byte[8 + text.Length + data];
        BinaryPrimitives.WriteInt64LittleEndian(file, text.Length);
        text.CopyTo(file, 8);
        return file;
    }

    private static void AssertRefused(byte[] file, string message)
    {
        using var directory = new TemporaryDirectory();
        var path = directory.File("model.safetensors");
        File.WriteAllBytes(path, file);
        var error = Assert.Throws<InvalidDataException>(() => SafetensorsFile.Load(path));
        Assert.StartsWith($"{path}:{message}", error.Message, StringComparison.Ordinal);
        AssertOneLine(error.Message);
    }

    private static void AssertOneLine(string message)
    {
        Assert.DoesNotContain('\n', message);
        Assert.DoesNotContain('\r', message);
        Assert.Contains(';', message);
    }
}
