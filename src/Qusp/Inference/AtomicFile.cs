// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Qusp.Inference;

/// <summary>Files that are there whole or not at all: written beside, then renamed over. What is no file is written in place.</summary>
public static class AtomicFile
{
    /// <summary>
    /// Writes a file. If <paramref name="write"/> or the disk fails, what stood at <paramref name="path"/> before still stands there. A link
    /// stays a link, to the new file; pipes, devices and <c>/dev/stdout</c> receive the content as it is written.
    /// </summary>
    /// <param name="path">The file; its directory exists.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">The file cannot be written, or is a directory.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        if (Directory.Exists(path))
        {
            throw new IOException($"{path}: it is a directory; name a file in it");
        }

        var target = Path.GetFullPath(new FileInfo(path) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : path);
        if (InPlace(path, target) is { } receiver)
        {
            using (receiver)
            {
                write(receiver);
            }

            return;
        }

        // In the same directory, so that the rename stays within one file system and is one step.
        var beside = Path.Combine(Path.GetDirectoryName(target) ?? "", $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.tmp");
        var stream = Create(beside, path);
        try
        {
            using (stream)
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(beside, target, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }

    /// <summary>Writes text in UTF-8 without a byte order mark.</summary>
    /// <param name="path">The file; its directory exists.</param>
    /// <param name="text">The content.</param>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>What takes the content as it is written, or null for a file that can be replaced.</summary>
    private static Stream? InPlace(string path, string target)
    {
        if (path is "/dev/stdout" or "/dev/stderr")
        {
            // Not opened anew: where these are files, what the process wrote before and writes after keeps its place.
            return path is "/dev/stdout" ? Console.OpenStandardOutput() : Console.OpenStandardError();
        }

        var isDevice = IsDevice(path) || IsDevice(target);
        if (!isDevice && !File.Exists(target))
        {
            return null;
        }

        // Opening a pipe waits for its reader, who leaves when it is closed: the stream that tells what it is must be the one written to.
        var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        if (isDevice || !stream.CanSeek)
        {
            return stream;
        }

        stream.Dispose();
        return null;
    }

    private static bool IsDevice(string path) =>
        (path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal)) || path.StartsWith("/proc/", StringComparison.Ordinal);

    private static FileStream Create(string beside, string path)
    {
        try
        {
            return new FileStream(beside, FileMode.CreateNew, FileAccess.Write);
        }
        catch (Exception error) when (error is DirectoryNotFoundException or UnauthorizedAccessException)
        {
            // The name of the file beside tells a user nothing.
            throw error is DirectoryNotFoundException
                ? new DirectoryNotFoundException($"{path}: its directory is not there; make it first", error)
                : new UnauthorizedAccessException($"{path}: its directory may not be written to; name another", error);
        }
    }
}
