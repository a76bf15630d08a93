// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;

namespace Qusp.Torch;

/// <summary>
/// Images and labels in the IDX format of the MNIST files: big-endian magic, sizes, then bytes. A pixel becomes
/// value / 255. Plain or gzip, told by the first bytes.
/// </summary>
internal static class IdxDataset
{
    private const int ImagesMagic = 2051;
    private const int LabelsMagic = 2049;

    /// <summary>Reads a pair of files.</summary>
    /// <exception cref="FileNotFoundException">One of them is not there.</exception>
    /// <exception cref="InvalidDataException">One of them is not what its header says, or they do not fit each other.</exception>
    public static Dataset Open(string imagesPath, string labelsPath, IReadOnlyList<string>? classes)
    {
        var (sizes, pixels) = Read(imagesPath, ImagesMagic, dimensions: 3, "images");
        var (counts, bytes) = Read(labelsPath, LabelsMagic, dimensions: 1, "labels");
        if (counts[0] != sizes[0])
        {
            throw new InvalidDataException($"{labelsPath}:byte 4: {counts[0]} labels for {sizes[0]} images; give the two files of one set");
        }

        var names = classes?.ToImmutableArray() ?? [.. bytes.Distinct().Order().Select(Name)];
        if (names.Length < 2)
        {
            throw new InvalidDataException($"{labelsPath}:byte 8: all {bytes.Length} labels are of one class; give at least two classes");
        }

        var index = names.Select((name, k) => (name, k)).ToDictionary(pair => pair.name, pair => pair.k);
        var labels = new int[bytes.Length];
        for (var row = 0; row < labels.Length; row++)
        {
            labels[row] = index.TryGetValue(Name(bytes[row]), out var k)
                ? k
                : throw new InvalidDataException($"{labelsPath}:byte {row + 8}: {bytes[row]} is not a class seen in training; the classes are {string.Join(", ", names)}");
        }

        var features = new double[pixels.Length];
        for (var i = 0; i < features.Length; i++)
        {
            features[i] = pixels[i] / 255.0;
        }

        var (rows, columns) = (sizes[1], sizes[2]);
        var featureNames = Enumerable.Range(0, rows * columns).Select(p => string.Create(CultureInfo.InvariantCulture, $"r{p / columns}c{p % columns}"));
        return Dataset.OfClasses(imagesPath, [.. featureNames], features, labels, names);
    }

    private static string Name(byte label) => label.ToString(CultureInfo.InvariantCulture);

    private static (int[] Sizes, byte[] Content) Read(string path, int magic, int dimensions, string what)
    {
        using var file = File.OpenRead(path);
        using var stream = Uncompressed(file);
        try
        {
            var header = new byte[4 * (1 + dimensions)];
            var length = stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
            var found = length >= 4 ? BinaryPrimitives.ReadInt32BigEndian(header) : 0;
            if (length < header.Length || found != magic)
            {
                var wrong = length == 0 ? "the file is empty" : length < header.Length ? "the header is cut off" : $"the magic number is {found}, not {magic}";
                throw new InvalidDataException($"{path}:byte 0: {wrong}; give an IDX file of {what} (unsigned bytes)");
            }

            var sizes = Enumerable.Range(1, dimensions).Select(k => BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4 * k))).ToArray();
            if (sizes.Any(size => size < 1) || sizes.Aggregate(1.0, (product, size) => product * size) > Array.MaxLength / sizeof(double))
            {
                throw new InvalidDataException($"{path}:byte 4: the sizes {string.Join(" × ", sizes)} cannot be; give an IDX file of {what}");
            }

            var expected = sizes.Aggregate((product, size) => product * size);
            return (sizes, Content(path, stream, header.Length, expected));
        }
        catch (InvalidDataException error) when (!error.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{path}: the gzip data are damaged; copy the file again", error);
        }
    }

    // Reads as it comes: a header that promises more than there is must not make a huge array.
    private static byte[] Content(string path, Stream stream, int start, int expected)
    {
        using var content = new MemoryStream();
        var buffer = new byte[1 << 16];
        while (content.Length <= expected && stream.Read(buffer) is > 0 and var count)
        {
            content.Write(buffer, 0, count);
        }

        var place = string.Create(CultureInfo.InvariantCulture, $"{path}:byte {start + Math.Min(content.Length, expected)}");
        return content.Length == expected
            ? content.ToArray()
            : throw new InvalidDataException(content.Length < expected
                ? $"{place}: the file ends where the header promises {expected - content.Length} more bytes; copy the file again"
                : $"{place}: there are more bytes than the header says; give the file that belongs to this header");
    }

    private static Stream Uncompressed(FileStream file)
    {
        Span<byte> start = stackalloc byte[2];
        var length = file.ReadAtLeast(start, 2, throwOnEndOfStream: false);
        file.Position = 0;
        return length == 2 && start[0] == 0x1F && start[1] == 0x8B ? new GZipStream(file, CompressionMode.Decompress) : file;
    }
}
