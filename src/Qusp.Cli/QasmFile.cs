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

    /// <summary>The circuit's inputs, <c>[I]</c>, as the option gives them by name.</summary>
    /// <exception cref="UsageException">One is missing, unknown or no number.</exception>
    public static double[] Inputs(Call call, Option<string?> option, QasmProgram program)
    {
        var values = new double?[program.Inputs.Length];
        foreach (var text in (call.Get(option) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (name, value) = text.Split('=', 2, StringSplitOptions.TrimEntries) is [var left, var right] ? (left, right) : (text, "");
            var index = program.Inputs.IndexOf(name);
            if (index < 0)
            {
                throw new UsageException(call.Place(option), program.Inputs.IsEmpty
                    ? $"the file declares no input '{name}'; an OpenQASM 3 file declares one with input float {name};"
                    : $"the file declares no input '{name}'; its inputs are {string.Join(", ", program.Inputs)}");
            }

            values[index] = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
                ? number
                : throw new UsageException(call.Place(option), $"'{text}' gives no number; write {name}=0.5");
        }

        var missing = Array.IndexOf(values, null);
        return missing < 0
            ? [.. values.Select(value => value!.Value)]
            : throw new UsageException(call.Place(option), $"the input {program.Inputs[missing]} has no value; give --input {string.Join(",", program.Inputs.Select(name => name + "=…"))}");
    }
}
