// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;

namespace Qusp.Cli;

/// <summary>Values as JSON.</summary>
internal static class Json
{
    /// <summary>A number with all its digits; null for what JSON has no number for (a loss that overflowed).</summary>
    public static JsonNode? Number(double? value) => value is { } number && double.IsFinite(number) ? JsonValue.Create(number) : null;

    /// <summary>Texts by name.</summary>
    public static JsonObject Texts(params ReadOnlySpan<(string Name, string Value)> texts)
    {
        var named = new JsonObject();
        foreach (var (name, value) in texts)
        {
            named[name] = value;
        }

        return named;
    }

    /// <summary>Texts.</summary>
    public static JsonArray Array(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)JsonValue.Create(text))]);

    /// <summary>Numbers.</summary>
    public static JsonArray Array(ReadOnlySpan<double> numbers)
    {
        var array = new JsonArray();
        foreach (var number in numbers)
        {
            array.Add(Number(number));
        }

        return array;
    }

    /// <summary>A matrix as rows.</summary>
    /// <param name="values">The values, row-major.</param>
    /// <param name="columns">Values a row.</param>
    public static JsonArray Rows(ReadOnlySpan<double> values, int columns)
    {
        var rows = new JsonArray();
        for (var start = 0; start < values.Length; start += columns)
        {
            rows.Add((JsonNode)Array(values.Slice(start, columns)));
        }

        return rows;
    }
}
