// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Qusp.Inference;

/// <summary>
/// Named tensors in the safetensors format (<see href="https://github.com/huggingface/safetensors"/>), as PyTorch users
/// exchange them: no code, nothing executed on reading. Immutable; ordered.
/// </summary>
public sealed class SafetensorsFile
{
    private static readonly JsonWriterOptions HeaderOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Dictionary<string, NamedTensor> byName;

    /// <summary>A file of these tensors.</summary>
    /// <param name="tensors">The tensors, in order.</param>
    /// <param name="metadata">Texts by name about the file; none if null.</param>
    /// <exception cref="ArgumentException">Two tensors have one name.</exception>
    public SafetensorsFile(IEnumerable<NamedTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        Tensors = [.. tensors];
        Metadata = metadata?.ToImmutableSortedDictionary(StringComparer.Ordinal) ?? ImmutableSortedDictionary<string, string>.Empty;
        byName = new Dictionary<string, NamedTensor>(StringComparer.Ordinal);
        foreach (var tensor in Tensors)
        {
            if (!byName.TryAdd(tensor.Name, tensor))
            {
                throw new ArgumentException($"Two tensors are named {OneLine.Of(tensor.Name)}; give each a name of its own.", nameof(tensors));
            }
        }
    }

    /// <summary>The tensors, in order.</summary>
    public ImmutableArray<NamedTensor> Tensors { get; }

    /// <summary>Texts by name about the file, sorted by name.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensor of a name.</summary>
    /// <exception cref="KeyNotFoundException">There is none; the message names those that are there.</exception>
    public NamedTensor this[string name] => byName.TryGetValue(name, out var tensor)
        ? tensor
        : throw new KeyNotFoundException($"There is no tensor '{name}'; there are {OneLine.Of(string.Join(", ", byName.Keys))}.");

    /// <summary>The tensor of a name, if it is there.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out NamedTensor? tensor) => byName.TryGetValue(name, out tensor);

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, at most 2 GB.</param>
    /// <exception cref="InvalidDataException">It is no safetensors file, or a broken or hostile one; the message is one line that names file, tensor and remedy.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SafetensorsFile Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var length = new FileInfo(path).Length;
        return length > Array.MaxLength
            ? throw new InvalidDataException($"{path}:file: it has {length} bytes, more than the {Array.MaxLength} that are read at once; split it by tensors")
            : Parse(File.ReadAllBytes(path), path);
    }

    /// <summary>Reads a file from memory.</summary>
    /// <param name="file">The whole file. The tensors refer to it: do not change it.</param>
    /// <param name="source">What messages call the file.</param>
    /// <exception cref="InvalidDataException">As for <see cref="Load"/>.</exception>
    public static SafetensorsFile Parse(ReadOnlyMemory<byte> file, string source)
    {
        RequireLittleEndian();
        return SafetensorsHeader.Read(file, source);
    }

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <param name="path">The file; replaced if it is there.</param>
    /// <exception cref="IOException">The file cannot be written; what stood there still does.</exception>
    public void Save(string path) => AtomicFile.Write(path, Write);

    /// <summary>Writes the file.</summary>
    /// <param name="stream">Receives length, header (padded with spaces to a multiple of 8 bytes) and data.</param>
    public void Write(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        RequireLittleEndian();

        // Wide elements first, so that each tensor starts at a multiple of its element's size; the header keeps the order given.
        var layout = Tensors.OrderByDescending(tensor => tensor.Type.Bytes()).ToArray();
        var header = Header(layout);
        var padding = -header.Length & 7;
        Span<byte> length = stackalloc byte[SafetensorsHeader.LengthBytes];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length + padding);
        stream.Write(length);
        stream.Write(header);
        stream.Write("        "u8[..padding]);
        foreach (var tensor in layout)
        {
            stream.Write(tensor.Bytes.Span);
        }
    }

    /// <summary>The file in memory.</summary>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        Write(stream);
        return stream.ToArray();
    }

    private byte[] Header(NamedTensor[] layout)
    {
        var starts = new Dictionary<NamedTensor, long>();
        var next = 0L;
        foreach (var tensor in layout)
        {
            starts[tensor] = next;
            next += tensor.Bytes.Length;
        }

        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, HeaderOptions))
        {
            json.WriteStartObject();
            if (Metadata.Count > 0)
            {
                json.WriteStartObject(SafetensorsHeader.MetadataKey);
                foreach (var (name, text) in Metadata)
                {
                    json.WriteString(name, text);
                }

                json.WriteEndObject();
            }

            foreach (var tensor in Tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", tensor.Type.Name());
                json.WriteStartArray("shape");
                foreach (var size in tensor.Shape)
                {
                    json.WriteNumberValue(size);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(starts[tensor]);
                json.WriteNumberValue(starts[tensor] + tensor.Bytes.Length);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void RequireLittleEndian()
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("Safetensors files are little-endian; this machine is not, and swapping bytes is not written.");
        }
    }
}
