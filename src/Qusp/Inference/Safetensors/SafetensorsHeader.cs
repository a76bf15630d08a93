// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Unicode;

namespace Qusp.Inference;

/// <summary>
/// Reads what stands before a safetensors file's data: the header's length (8 bytes, little-endian) and the header (JSON).
/// Nothing in it is believed: every fault ends in an <see cref="InvalidDataException"/> of one line.
/// </summary>
internal sealed class SafetensorsHeader
{
    public const string MetadataKey = "__metadata__";
    public const int LengthBytes = 8;

    // The limit of the Python and Rust library.
    public const int LongestHeader = 100_000_000;

    private const string Remedy = "save the model again, or copy the file again from where it came";

    private readonly string source;
    private readonly ReadOnlyMemory<byte> file;
    private readonly List<(NamedTensor Tensor, long Start, long End)> tensors = [];
    private readonly Dictionary<string, string> metadata = [];

    private SafetensorsHeader(string source, ReadOnlyMemory<byte> file) => (this.source, this.file) = (source, file);

    public static SafetensorsFile Read(ReadOnlyMemory<byte> file, string source)
    {
        var header = new SafetensorsHeader(source, file);
        header.Read();
        return new SafetensorsFile(header.tensors.Select(entry => entry.Tensor), header.metadata);
    }

    private void Read()
    {
        if (file.Length < LengthBytes)
        {
            throw Fault("header", $"the file has {file.Length} bytes, fewer than the 8 of a header's length", Remedy);
        }

        var length = BinaryPrimitives.ReadUInt64LittleEndian(file.Span);
        if (length > LongestHeader)
        {
            throw Fault("header", $"its length says {length} bytes, more than the {LongestHeader} allowed", "check that this is a safetensors file");
        }

        if (length > (ulong)(file.Length - LengthBytes))
        {
            throw Fault("header", $"its length says {length} bytes, but only {file.Length - LengthBytes} follow", Remedy);
        }

        var json = file.Slice(LengthBytes, (int)length);
        if (!Utf8.IsValid(json.Span))
        {
            throw Fault("header", "it is not UTF-8", "check that this is a safetensors file");
        }

        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8 });
            Read(document.RootElement, file[(LengthBytes + (int)length)..]);
        }
        catch (JsonException error)
        {
            throw Fault("header", $"it is not JSON: {error.Message}", Remedy, error);
        }
        catch (InvalidOperationException error)
        {
            // A name with an escaped half of a surrogate pair is JSON and yet no text.
            throw Fault("header", $"a name in it is not text: {error.Message}", Remedy, error);
        }
    }

    private void Read(JsonElement header, ReadOnlyMemory<byte> data)
    {
        if (header.ValueKind != JsonValueKind.Object)
        {
            throw Fault("header", "it is not a JSON object", "check that this is a safetensors file");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in header.EnumerateObject())
        {
            if (!names.Add(property.Name))
            {
                throw Fault(property.Name, "the name stands twice in the header", "give each tensor a name of its own");
            }

            if (property.Name == MetadataKey)
            {
                ReadMetadata(property.Value);
            }
            else
            {
                ReadTensor(property.Name, property.Value, data);
            }
        }

        CheckLayout(data.Length);
    }

    private void ReadMetadata(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw Fault(MetadataKey, "it is not an object", "write texts by name, or leave it out");
        }

        foreach (var property in value.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.String || !metadata.TryAdd(property.Name, property.Value.GetString()!))
            {
                throw Fault($"{MetadataKey}.{property.Name}", "it is no text, or stands twice", "write texts by name, each once");
            }
        }
    }

    private void ReadTensor(string name, JsonElement value, ReadOnlyMemory<byte> data)
    {
        if (value.ValueKind != JsonValueKind.Object
            || !value.TryGetProperty("dtype", out var dtype) || dtype.ValueKind != JsonValueKind.String
            || !value.TryGetProperty("shape", out var shape) || shape.ValueKind != JsonValueKind.Array
            || !value.TryGetProperty("data_offsets", out var offsets) || offsets.ValueKind != JsonValueKind.Array)
        {
            throw Fault(name, "it lacks one of dtype (text), shape and data_offsets (lists)", Remedy);
        }

        if (TensorTypes.Find(dtype.GetString()!) is not { } type)
        {
            throw Fault(name, $"the dtype {dtype.GetString()} is not supported", $"convert it to one of {TensorTypes.Supported}");
        }

        var sizes = ImmutableArray.CreateBuilder<int>();
        foreach (var size in shape.EnumerateArray())
        {
            sizes.Add(size.ValueKind == JsonValueKind.Number && size.TryGetInt32(out var number) && number >= 0
                ? number
                : throw Fault(name, $"its shape has a size {size.GetRawText()}", "sizes are whole numbers from 0 to 2147483647"));
        }

        var bounds = offsets.EnumerateArray().ToArray();
        if (bounds.Length != 2 || !TryOffset(bounds[0], out var start) || !TryOffset(bounds[1], out var end))
        {
            throw Fault(name, "its data_offsets are not two whole numbers", Remedy);
        }

        if (start < 0 || end < start || end > data.Length)
        {
            throw Fault(name, $"its data_offsets [{start}, {end}] lie outside of the file's {data.Length} bytes of data", Remedy);
        }

        var dimensions = sizes.ToImmutable();
        if (NamedTensor.CountOf(dimensions) is not { } count || (long)count * type.Bytes() != end - start)
        {
            throw Fault(name, $"{type.Name()}[{string.Join(", ", dimensions)}] does not fill the {end - start} bytes of its data_offsets", Remedy);
        }

        tensors.Add((new NamedTensor(name, type, dimensions, data.Slice((int)start, (int)(end - start))), start, end));
    }

    // The tensors lie one after the other and fill the data: no overlap, no gap, as the Python library demands.
    private void CheckLayout(long total)
    {
        var next = 0L;
        foreach (var (tensor, start, end) in tensors.OrderBy(entry => entry.Start).ThenBy(entry => entry.End))
        {
            if (start != next)
            {
                var what = start < next ? "overlaps the tensor before it" : "leaves a gap after the tensor before it";
                throw Fault(tensor.Name, $"its data, from {start}, {what}, which ends at {next}", Remedy);
            }

            next = end;
        }

        if (next != total)
        {
            throw Fault("data", $"the tensors fill {next} of {total} bytes", Remedy);
        }
    }

    private static bool TryOffset(JsonElement value, out long offset)
    {
        offset = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out offset);
    }

    private InvalidDataException Fault(string place, string what, string remedy, Exception? cause = null) =>
        new($"{OneLine.Of(source, longest: 4096)}:{OneLine.Of(place)}: {OneLine.Of(what)}; {remedy}", cause);
}
