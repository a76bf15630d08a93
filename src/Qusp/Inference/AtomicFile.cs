// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Inference;

/// <summary>Files that are there whole or not at all: written beside, then renamed over.</summary>
public static class AtomicFile
{
    /// <summary>
    /// Writes a file. If <paramref name="write"/> or the disk fails, what stood at <paramref name="path"/> before still stands there.
    /// </summary>
    /// <param name="path">The file; its directory exists.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        var target = Path.GetFullPath(path);

        // In the same directory, so that the rename stays within one file system and is one step.
        var beside = Path.Combine(Path.GetDirectoryName(target) ?? "", $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (var stream = new FileStream(beside, FileMode.CreateNew, FileAccess.Write))
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
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
}
