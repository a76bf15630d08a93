// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using System.Text.Json;

namespace Qusp.Tests;

/// <summary>Reads tests/golden/*.json, whose README says how they were made; complex numbers are two arrays, <c>_re</c> and <c>_im</c>.</summary>
internal static class GoldenFile
{
    /// <summary>The elements of the array <paramref name="section"/> of a file such as <c>gates.json</c>.</summary>
    public static ImmutableArray<T> Read<T>(string file, string section, Func<JsonElement, T> entry)
    {
        using var stream = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "golden", file));
        using var document = JsonDocument.Parse(stream);
        return [.. document.RootElement.GetProperty(section).EnumerateArray().Select(entry)];
    }

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    public static int Integer(this JsonElement element, string name) => element.GetProperty(name).GetInt32();

    public static double Number(this JsonElement element, string name) => element.GetProperty(name).GetDouble();

    public static ImmutableArray<string> Texts(this JsonElement element, string name) =>
        [.. element.GetProperty(name).EnumerateArray().Select(item => item.GetString()!)];

    public static ImmutableArray<int> Integers(this JsonElement element, string name) =>
        [.. element.GetProperty(name).EnumerateArray().Select(item => item.GetInt32())];

    public static ImmutableArray<bool> Booleans(this JsonElement element, string name) =>
        [.. element.GetProperty(name).EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Number ? item.GetInt32() != 0 : item.GetBoolean())];

    /// <summary>All numbers of an array of any rank, row-major.</summary>
    public static ImmutableArray<double> Numbers(this JsonElement element, string name) => [.. Flatten(element.GetProperty(name))];

    /// <summary>A vector of complex numbers, from <c>name_re</c> and <c>name_im</c>.</summary>
    public static ImmutableArray<Complex> ComplexNumbers(this JsonElement element, string name) =>
        [.. element.Numbers(name + "_re").Zip(element.Numbers(name + "_im"), (re, im) => new Complex(re, im))];

    /// <summary>A square complex matrix, or null if there is none of the name.</summary>
    public static Complex[,]? Matrix(this JsonElement element, string name)
    {
        if (!element.TryGetProperty(name + "_re", out _))
        {
            return null;
        }

        var entries = element.ComplexNumbers(name);
        var size = (int)Math.Round(Math.Sqrt(entries.Length));
        var matrix = new Complex[size, size];
        for (var i = 0; i < entries.Length; i++)
        {
            matrix[i / size, i % size] = entries[i];
        }

        return matrix;
    }

    /// <summary>A real array whose first axis is kept and whose others are flattened: <c>[rows, rest]</c>.</summary>
    public static double[,] Rows(this JsonElement element, string name)
    {
        double[][] rows = [.. element.GetProperty(name).EnumerateArray().Select(row => Flatten(row).ToArray())];
        var result = new double[rows.Length, rows.Length == 0 ? 0 : rows[0].Length];
        for (var r = 0; r < rows.Length; r++)
        {
            for (var c = 0; c < rows[r].Length; c++)
            {
                result[r, c] = rows[r][c];
            }
        }

        return result;
    }

    private static IEnumerable<double> Flatten(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray().SelectMany(Flatten) : [element.GetDouble()];
}
