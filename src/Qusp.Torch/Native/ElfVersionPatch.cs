// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Text;

namespace Qusp.Torch.Native;

/// <summary>
/// Takes the need of one symbol version out of a 64-bit little-endian ELF library: the version becomes optional (weak),
/// and the one symbol that asks for it is renamed to <c>getpid</c> without version, a function that every process has
/// and that is harmless to call. Right only where the symbol's function does nothing that the system's own library does
/// not do already, as <c>std::ios_base_library_init</c> (GCC 13): an older libstdc++ makes its streams when it loads.
/// </summary>
internal static class ElfVersionPatch
{
    private const int LoadSegment = 1, DynamicSegment = 2;
    private const long StringTable = 5, SymbolTable = 6, VersionNeeds = 0x6ffffffe, VersionNeedCount = 0x6fffffff, SymbolVersions = 0x6ffffff0;
    private const ushort WeakFlag = 2, GlobalVersion = 1;

    /// <summary>The patched library, or null if it does not need the version or is not of the form that this is right for.</summary>
    /// <param name="library">The library's bytes.</param>
    /// <param name="version">The version, <c>GLIBCXX_3.4.32</c>.</param>
    /// <param name="symbol">The one symbol that may ask for it.</param>
    public static byte[]? Apply(ReadOnlySpan<byte> library, string version, string symbol)
    {
        try
        {
            return ApplyChecked(library, version, symbol);
        }
        catch (ArgumentException)
        {
            return null; // an offset outside of the file: truncated, or no ELF library at all
        }
    }

    private static byte[]? ApplyChecked(ReadOnlySpan<byte> library, string version, string symbol)
    {
        if (!library.StartsWith("\u007fELF\u0002\u0001"u8))
        {
            return null;
        }

        var dynamic = ReadDynamic(library);
        if (!dynamic.TryGetValue(StringTable, out var strings) || !dynamic.TryGetValue(SymbolTable, out var symbols)
            || !dynamic.TryGetValue(SymbolVersions, out var versions) || !dynamic.TryGetValue(VersionNeeds, out var needs)
            || FindNeed(library, FileOffset(library, needs), dynamic.GetValueOrDefault(VersionNeedCount), FileOffset(library, strings), version) is not { } need)
        {
            return null;
        }

        var (stringsAt, symbolsAt, versionsAt) = (FileOffset(library, strings), FileOffset(library, symbols), FileOffset(library, versions));
        var index = UInt16(library, need + 6);

        // The symbol table has no length of its own; in every linker's layout the string table follows it.
        var count = (stringsAt - symbolsAt) / 24;
        var found = -1;
        for (var i = 1; i < count; i++)
        {
            if ((UInt16(library, versionsAt + (2 * i)) & 0x7fff) == index)
            {
                if (found >= 0 || Text(library, stringsAt + (int)UInt32(library, symbolsAt + (24 * i))) != symbol)
                {
                    return null; // something else is needed from that version as well
                }

                found = i;
            }
        }

        if (found < 0)
        {
            return null;
        }

        var name = (int)UInt32(library, symbolsAt + (24 * found));
        for (var i = 1; i < count; i++)
        {
            var other = (int)UInt32(library, symbolsAt + (24 * i));
            if (i != found && other >= name && other <= name + symbol.Length)
            {
                return null; // a name that shares these letters would be renamed with it
            }
        }

        var patched = library.ToArray();
        BinaryPrimitives.WriteUInt16LittleEndian(patched.AsSpan(need + 4), (ushort)(UInt16(library, need + 4) | WeakFlag));
        BinaryPrimitives.WriteUInt16LittleEndian(patched.AsSpan(versionsAt + (2 * found)), GlobalVersion);
        var letters = patched.AsSpan(stringsAt + name, symbol.Length);
        letters.Clear();
        "getpid"u8.CopyTo(letters);
        return patched;
    }

    // The Vernaux record of a version: hash, flags (+4), index (+6), name (+8), next (+12).
    private static int? FindNeed(ReadOnlySpan<byte> library, int record, long count, int strings, string version)
    {
        for (var file = 0; file < count; file++)
        {
            var entry = record + (int)UInt32(library, record + 8);
            for (var k = UInt16(library, record + 2); k > 0; k--)
            {
                if (Text(library, strings + (int)UInt32(library, entry + 8)) == version)
                {
                    return entry;
                }

                entry += (int)UInt32(library, entry + 12);
            }

            record += (int)UInt32(library, record + 12);
        }

        return null;
    }

    private static Dictionary<long, long> ReadDynamic(ReadOnlySpan<byte> library)
    {
        var entries = new Dictionary<long, long>();
        foreach (var (type, offset, _, size) in Segments(library))
        {
            for (var at = offset; type == DynamicSegment && at < offset + size; at += 16)
            {
                entries[Int64(library, (int)at)] = Int64(library, (int)at + 8);
            }
        }

        return entries;
    }

    private static int FileOffset(ReadOnlySpan<byte> library, long address)
    {
        foreach (var (type, offset, start, size) in Segments(library))
        {
            if (type == LoadSegment && address >= start && address < start + size)
            {
                return checked((int)(address - start + offset));
            }
        }

        throw new ArgumentOutOfRangeException(nameof(address));
    }

    private static List<(uint Type, long Offset, long Address, long Size)> Segments(ReadOnlySpan<byte> library)
    {
        var (at, size, count) = (checked((int)Int64(library, 32)), UInt16(library, 54), UInt16(library, 56));
        var segments = new List<(uint, long, long, long)>(count);
        for (var i = 0; i < count; i++, at += size)
        {
            segments.Add((UInt32(library, at), Int64(library, at + 8), Int64(library, at + 16), Int64(library, at + 32)));
        }

        return segments;
    }

    private static string Text(ReadOnlySpan<byte> library, int at)
    {
        var rest = library[at..];
        return Encoding.ASCII.GetString(rest[..Math.Max(0, rest.IndexOf((byte)0))]);
    }

    private static ushort UInt16(ReadOnlySpan<byte> library, int at) => BinaryPrimitives.ReadUInt16LittleEndian(library[at..]);

    private static uint UInt32(ReadOnlySpan<byte> library, int at) => BinaryPrimitives.ReadUInt32LittleEndian(library[at..]);

    private static long Int64(ReadOnlySpan<byte> library, int at) => BinaryPrimitives.ReadInt64LittleEndian(library[at..]);
}
