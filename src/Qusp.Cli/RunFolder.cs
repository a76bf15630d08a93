// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Qusp.Cli;

/// <summary>Where a training run puts its model: found, made and tried before the work begins.</summary>
internal static class RunFolder
{
    /// <summary>The folder of the user's choice, or a new one <c>runs/&lt;time&gt;</c>.</summary>
    /// <param name="chosen">The value of <c>--out</c>, or null.</param>
    /// <param name="place">The option, for messages.</param>
    /// <exception cref="UsageException">Nothing can be written there.</exception>
    public static string Claim(string? chosen, string place)
    {
        var folder = chosen ?? Unused(Path.Combine("runs", DateTime.Now.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)));
        try
        {
            Directory.CreateDirectory(folder);
            var trial = Path.Combine(folder, $".{Guid.NewGuid():N}.tmp");
            File.Create(trial).Dispose();
            File.Delete(trial);
            return folder;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException(place, $"nothing can be written to {folder} ({UsageException.MessageOf(error).TrimEnd('.')}); name a directory of your own", error);
        }
    }

    private static string Unused(string folder)
    {
        var free = folder;
        for (var number = 2; Directory.Exists(free); number++)
        {
            free = string.Create(CultureInfo.InvariantCulture, $"{folder}-{number}");
        }

        return free;
    }
}
