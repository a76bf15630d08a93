// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Cli;

/// <summary>The user's input or usage is wrong: one line <c>PLACE: what is wrong; what to do</c>, exit code 2.</summary>
internal sealed class UsageException(string place, string problem, Exception? cause = null) : Exception($"{place}: {problem}", cause)
{
    /// <summary>Runs what checks the value of an option, and blames the option for what it refuses.</summary>
    /// <typeparam name="T">The result.</typeparam>
    /// <param name="place">The option, as <c>train:--device</c>.</param>
    /// <param name="use">Uses the value.</param>
    public static T Blame<T>(string place, Func<T> use)
    {
        try
        {
            return use();
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException or FormatException)
        {
            throw new UsageException(place, MessageOf(error), error);
        }
    }

    /// <summary>An exception's message as one line, without what .NET adds to it.</summary>
    public static string MessageOf(Exception error)
    {
        if (error is FileNotFoundException or DirectoryNotFoundException && error.Message.StartsWith("Could not find", StringComparison.Ordinal))
        {
            return $"{error.Message.Split('\'') switch { [_, var path, ..] => path, _ => "file" }}: there is no such file; check the path";
        }

        var message = error.Message;
        if (error is ArgumentException { ParamName: { } parameter })
        {
            message = message.Replace($" (Parameter '{parameter}')", "", StringComparison.Ordinal);
        }

        return string.Join(' ', message.Split((char[])['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }
}
