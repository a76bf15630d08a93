// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

namespace Qusp.Cli;

/// <summary>The words of the command line for the library's enumerations: <c>ParameterShift</c> is <c>parameter-shift</c>.</summary>
internal static class Words
{
    /// <summary>The word for a value.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    /// <summary>The value for a word that <see cref="Of"/> made.</summary>
    public static T Read<T>(string word)
        where T : struct, Enum => Enum.GetValues<T>().First(value => Of(value) == word);

    /// <summary>All words in order, those of <paramref name="without"/> left out.</summary>
    public static string[] All<T>(params T[] without)
        where T : struct, Enum => [.. Enum.GetValues<T>().Except(without).Select(Of)];
}
