// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using Qusp.OpenQasm;

namespace Qusp.Cli;

/// <summary>An OpenQASM file that a call names, and the values of its inputs.</summary>
internal static class QasmFile
{
    /// <summary>The argument <c>FILE</c>.</summary>
    public static Argument<string> Argument() => new("FILE") { Description = "An OpenQASM 2 or 3 file; see docs/openqasm.md for what is read." };

    /// <summary>Reads the file that a call names.</summary>
    public static QasmProgram Load(Call call, string path) => path.Length > 0
        ? QasmReader.Load(path)
        : throw new UsageException($"{call.Verb}:FILE", "the name is empty; name an OpenQASM file");

    /// <summary>The circuit's inputs, <c>[I]</c>, and weights, <c>[W]</c>, as the option gives them by name.</summary>
    /// <exception cref="UsageException">One is missing, unknown or no number.</exception>
    public static (double[] Inputs, double[] Weights) Values(Call call, Option<string?> option, QasmProgram program)
    {
        string[] names = [.. program.Inputs, .. program.Weights];
        var values = new double?[names.Length];
        foreach (var text in (call.Get(option) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (name, value) = text.Split('=', 2, StringSplitOptions.TrimEntries) is [var left, var right] ? (left, right) : (text, "");
            var index = Array.IndexOf(names, name);
            if (index < 0)
            {
                throw new UsageException(call.Place(option), names.Length == 0
                    ? $"the file declares no input '{name}'; an OpenQASM 3 file declares one with input float {name};"
                    : $"the file declares no input '{name}'; its inputs are {string.Join(", ", names)}");
            }

            values[index] = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
                ? number
                : throw new UsageException(call.Place(option), $"'{text}' gives no number; write {name}=0.5");
        }

        var missing = Array.IndexOf(values, null);
        return missing < 0
            ? ([.. values.Take(program.Inputs.Length).Select(value => value!.Value)], [.. values.Skip(program.Inputs.Length).Select(value => value!.Value)])
            : throw new UsageException(call.Place(option), $"the input {names[missing]} has no value; give --input {string.Join(",", names.Select(name => name + "=…"))}");
    }
}
