// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text;

namespace Qusp.OpenQasm;

/// <summary>
/// Reads OpenQASM 2 and 3. What a file may contain, what is refused and the limits are in docs/openqasm.md. A complaint is one
/// line, <c>FILE:LINE:COLUMN: what is wrong; what to do</c>.
/// </summary>
public static class QasmReader
{
    /// <summary>Reads a file and those that it includes, none of which may lie outside of its folder.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no OpenQASM, or outside of what is read; the message names file, line and column.</exception>
    public static QasmProgram Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
        {
            throw new InvalidDataException($"{OneLine.Of(path)}: this is a folder; give an OpenQASM file");
        }

        var full = Path.GetFullPath(path);
        return new QasmFiles(Path.GetDirectoryName(full)!).Read(Source(path, full), full);
    }

    /// <summary>Reads a text. It may include the standard libraries, but no files.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">The name that messages give it.</param>
    /// <exception cref="InvalidDataException">The text is no OpenQASM, or outside of what is read; the message names line and column.</exception>
    public static QasmProgram Parse(string text, string name = "text")
    {
        ArgumentNullException.ThrowIfNull(text);
        return new QasmFiles(null).Read(new QasmSource(name, text), name);
    }

    /// <summary>A file's text, which must be UTF-8 and not too large.</summary>
    internal static QasmSource Source(string name, string path)
    {
        using var stream = File.OpenRead(path);
        var bytes = new byte[Math.Min(QasmLimits.FileBytes, stream.CanSeek ? stream.Length : QasmLimits.FileBytes) + 1];
        var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length > QasmLimits.FileBytes || (length == bytes.Length && stream.ReadByte() >= 0))
        {
            throw new InvalidDataException($"{OneLine.Of(name)}: the file is larger than {QasmLimits.FileBytes >> 20} MiB; split it or make it smaller");
        }

        try
        {
            return new QasmSource(name, new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, 0, length));
        }
        catch (DecoderFallbackException error)
        {
            // What comes before is read, so that the complaint names its place.
            var before = Encoding.UTF8.GetString(bytes, 0, Math.Max(error.Index, 0));
            throw new QasmSource(name, before).Refuse(before.Length, "a byte here is no part of UTF-8; OpenQASM is text: save it as UTF-8");
        }
    }
}

/// <summary>The files of one reading: where they are, and which are being read.</summary>
/// <param name="root">The folder that none may leave; null if there are none.</param>
internal sealed class QasmFiles(string? root)
{
    private readonly Stack<string> reading = [];
    private QasmVersion version;
    private int included;

    public QasmProgram Read(QasmSource source, string path)
    {
        reading.Push(path);
        (version, var statements) = QasmParser.Parse(source, null);
        return QasmElaborator.Run(source, version, Resolved(statements));
    }

    // Included statements take the place of the include, file by file.
    private ImmutableArray<QasmStatement> Resolved(ImmutableArray<QasmStatement> statements) => statements.Any(statement => statement is QasmStatement.Include)
        ? [.. statements.SelectMany(statement => statement is QasmStatement.Include { File: var file } include && QasmLibrary.Find(file) is null
            ? Included(include.Place, file)
            : [statement])]
        : statements;

    private ImmutableArray<QasmStatement> Included(QasmPlace place, string file)
    {
        if (root is null)
        {
            throw place.Refuse($"\"{file}\" is not read: a text includes only qelib1.inc or stdgates.inc; load it as a file");
        }

        if (file.Contains('\0', StringComparison.Ordinal) || file.Length == 0 || Path.IsPathRooted(file))
        {
            throw place.Refuse($"\"{file}\" is no relative path; a file includes what lies in its folder");
        }

        var path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(reading.Peek())!, file));
        if (!IsInside(path) || Leaves(path))
        {
            throw place.Refuse($"\"{file}\" lies outside of the folder of the file; copy it there");
        }

        if (!File.Exists(path))
        {
            throw place.Refuse($"there is no file \"{file}\" beside this one; check its name. The libraries are qelib1.inc and stdgates.inc");
        }

        if (reading.Contains(path))
        {
            throw place.Refuse($"\"{file}\" includes itself; remove one of the includes");
        }

        if (reading.Count > QasmLimits.Includes || ++included > 8 * QasmLimits.Includes)
        {
            throw place.Refuse($"more than {QasmLimits.Includes} files include one another, or {8 * QasmLimits.Includes} in all; join them");
        }

        reading.Push(path);
        var statements = Resolved(QasmParser.Parse(QasmReader.Source(Path.Combine(Path.GetDirectoryName(place.Source.Name) ?? "", file), path), version).Statements);
        reading.Pop();
        return statements;
    }

    // Whether a link on the way leads out of the folder.
    private bool Leaves(string path)
    {
        for (var at = path; IsInside(at); at = Path.GetDirectoryName(at)!)
        {
            FileSystemInfo entry = Directory.Exists(at) ? new DirectoryInfo(at) : new FileInfo(at);
            if (entry.Exists && entry.ResolveLinkTarget(returnFinalTarget: true) is { } target && !IsInside(target.FullName))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsInside(string path) => path.StartsWith(root!.EndsWith(Path.DirectorySeparatorChar) ? root : root + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
