// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Qusp.Inference;

namespace Qusp.Cli;

/// <summary>A file that the user asked for by an option, looked at before the work begins.</summary>
internal sealed record OutputFile(Call Call, string Path, string Content)
{
    /// <summary>The file that an option names, or null if it was not given.</summary>
    /// <param name="call">The call.</param>
    /// <param name="option">The option.</param>
    /// <param name="content">What it will hold, for messages.</param>
    /// <exception cref="UsageException">There can be no such file.</exception>
    public static OutputFile? Of(Call call, Option<string?> option, string content)
    {
        if (call.Get(option) is not { } path)
        {
            return null;
        }

        if (path.Length == 0 || Directory.Exists(path))
        {
            throw new UsageException(call.Place(option), $"'{path}' is no file; name one, such as {content}.svg");
        }

        return System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path)) is { } directory && Directory.Exists(directory)
            ? new OutputFile(call, path, content)
            : throw new UsageException(call.Place(option), $"the directory of {path} is not there; make it first");
    }

    /// <summary>Whether it is the terminal, a pipe or the like, beside which there is no other file.</summary>
    public bool IsDevice => Path.StartsWith("/dev/", StringComparison.Ordinal);

    /// <summary>Writes the file and tells people so.</summary>
    public void Write(string text)
    {
        AtomicFile.WriteText(Path, text);
        if (!IsDevice)
        {
            Call.Terminal.Line($"{Content} written to {Path}"); // on a pipe it would stand in the picture
        }
    }
}
