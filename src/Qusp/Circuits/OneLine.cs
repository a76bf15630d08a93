// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace Qusp;

/// <summary>Text of a file that nobody vouches for, made fit to stand in a message of one line.</summary>
internal static class OneLine
{
    /// <summary>The text with control characters and line breaks as <c>\uXXXX</c>, shortened where it is longer than <paramref name="longest"/>.</summary>
    public static string Of(string text, int longest = 120)
    {
        var line = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (line.Length > longest)
            {
                return line.Append('…').ToString();
            }

            var category = Rune.GetUnicodeCategory(rune);
            _ = category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                ? line.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}")
                : line.Append(rune.ToString());
        }

        return line.ToString();
    }
}
