// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Xunit;

namespace Qusp.Torch.Tests;

public sealed class IdxDatasetTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_pair_is_read_plain_or_compressed(bool gzip)
    {
        var images = folder.Write("i", Idx(2051, [2, 1, 3], [0, 255, 51, 1, 2, 3]), gzip);
        var data = Datasets.Load($"{images},{folder.Write("l", Idx(2049, [2], [7, 3]), gzip)}");
        Assert.Equal([0, 1, 0.2, 1 / 255.0, 2 / 255.0, 3 / 255.0], data.Features);
        Assert.Equal(["3", "7"], data.ClassNames);
        Assert.Equal([1, 0], data.Labels!);
        Assert.Equal(["r0c0", "r0c1", "r0c2"], data.FeatureNames);
    }

    [Fact]
    public void Every_cut_of_a_file_is_refused_with_its_name()
    {
        var labels = folder.Write("l", Idx(2049, [2], [7, 3]));
        foreach (var gzip in (bool[])[false, true])
        {
            var whole = File.ReadAllBytes(folder.Write("whole", Idx(2051, [2, 1, 3], [9, 255, 51, 1, 2, 3]), gzip));
            var contentEnd = whole.Length - (gzip ? 12 : 0); // gzip ends with an end mark and a checksum, after the last pixel
            for (var length = 0; length < contentEnd; length++)
            {
                var images = folder.Write("cut", whole[..length]);
                var error = Assert.Throws<InvalidDataException>(() => Datasets.Load($"{images},{labels}"));
                Assert.StartsWith(images + ":", error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData(2049, "2,1,3", 6, "cut:byte 0: the magic number is 2049, not 2051")]
    [InlineData(2051, "2,1,3", 7, "cut:byte 22: there are more bytes than the header says")]
    [InlineData(2051, "2,1,3", 5, "cut:byte 21: the file ends where the header promises 1 more bytes")]
    [InlineData(2051, "0,1,3", 0, "cut:byte 4: the sizes 0 × 1 × 3 cannot be")]
    [InlineData(2051, "-1,1,3", 0, "cut:byte 4: the sizes -1 × 1 × 3 cannot be")]
    [InlineData(2051, "2147483647,2147483647,2147483647", 0, "cut:byte 4: the sizes")]
    [InlineData(2051, "3,1,3", 9, "l:byte 4: 2 labels for 3 images")]
    public void A_header_that_is_not_true_is_refused(int magic, string sizes, int content, string expected)
    {
        var images = folder.Write("cut", Idx(magic, [.. sizes.Split(',').Select(int.Parse)], new byte[content]));
        var labels = folder.Write("l", Idx(2049, [2], [7, 3]));
        var error = Assert.Throws<InvalidDataException>(() => Datasets.Load($"{images},{labels}"));
        Assert.StartsWith(folder.At(expected), error.Message, StringComparison.Ordinal);
        Assert.Contains("; ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_of_one_class_or_of_a_class_not_trained_are_refused()
    {
        var images = folder.Write("i", Idx(2051, [2, 1, 1], [1, 2]));
        var one = folder.Write("one", Idx(2049, [2], [7, 7]));
        Assert.Contains("of one class", Assert.Throws<InvalidDataException>(() => Datasets.Load($"{images},{one}")).Message, StringComparison.Ordinal);
        var message = Assert.Throws<InvalidDataException>(() => Datasets.Load($"{images},{one}", classes: ["0", "1"])).Message;
        Assert.Equal($"{one}:byte 8: 7 is not a class seen in training; the classes are 0, 1", message);
    }

    [Fact]
    public void A_missing_half_is_named()
    {
        var images = folder.Write("i", Idx(2051, [1, 1, 1], [1]));
        Assert.StartsWith(folder.At("none"), Assert.Throws<FileNotFoundException>(() => Datasets.Load($"{images},{folder.At("none")}")).Message, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private static byte[] Idx(int magic, int[] sizes, byte[] content)
    {
        var file = new byte[4 + (4 * sizes.Length) + content.Length];
        BinaryPrimitives.WriteInt32BigEndian(file, magic);
        for (var k = 0; k < sizes.Length; k++)
        {
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4 + (4 * k)), sizes[k]);
        }

        content.CopyTo(file, 4 + (4 * sizes.Length));
        return file;
    }
}
