// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;

namespace Qusp;

/// <summary>Pure functions row → row. What a row knows (matrix, generator, decomposition) is carried over, not looked up.</summary>
internal static class GateAlgebra
{
    public static Gate Adjoint(Gate gate)
    {
        if (gate.Name.StartsWith("Adjoint(", StringComparison.Ordinal) && Gates.TryFind(gate.Name[8..^1], out var inner))
        {
            return inner;
        }

        return new Gate($"Adjoint({gate.Name})", gate.Wires, gate.Parameters, Inverse(gate))
        {
            Generator = gate.Generator is null ? null : MatrixAlgebra.Scale(gate.Generator, -1),
            GeneratorScale = gate.GeneratorScale,
            Frequencies = gate.Frequencies,
            Decomposition = [.. gate.Decomposition.Reverse().Select(part => new Operation(part.Gate.Adjoint(), part.Wires, part.Angles))],
            ControlValues = gate.ControlValues,
            Target = gate.Target?.Adjoint(),
            IsCustom = gate.IsCustom,
            Label = gate.Label + "†",
        };
    }

    public static Gate Controlled(Gate gate, ImmutableArray<bool> values)
    {
        // Controls of a controlled gate join: C(CX) is CCX.
        if (gate.Target is { } target)
        {
            return Controlled(target, [.. values, .. gate.ControlValues]);
        }

        var bits = string.Concat(values.Select(value => value ? '1' : '0'));
        return ControlledAs($"Controlled[{bits}]({gate.Name})", gate, values);
    }

    public static Gate ControlledAs(string name, Gate gate, ImmutableArray<bool> values, string? qasm2 = null, string? qasm3 = null, ImmutableArray<string> aliases = default)
    {
        Func<ReadOnlySpan<double>, Complex[,]> formula = angles => MatrixAlgebra.Controlled(gate.Matrix(angles), values, 1);
        ImmutableArray<Operation> decomposition = [.. gate.Decomposition.Select(part => new Operation(
            Controlled(part.Gate, values),
            [.. Enumerable.Range(0, values.Length), .. part.Wires.Select(wire => wire + values.Length)],
            part.Angles))];
        return new Gate(name, gate.Wires + values.Length, gate.Parameters, formula)
        {
            Generator = gate.Generator is null ? null : MatrixAlgebra.Controlled(gate.Generator, values, 0),
            GeneratorScale = gate.GeneratorScale,
            Frequencies = gate.Generator is null
                ? FrequenciesOf(gate.Parameters, decomposition)
                : [ControlledFrequencies(gate.GeneratorScale, gate.Frequencies[0])],
            Decomposition = decomposition,
            ControlValues = values,
            Target = gate,
            IsCustom = gate.IsCustom,
            Label = gate.Label,
            Qasm2 = qasm2,
            Qasm3 = qasm3,
            Aliases = aliases.IsDefault ? [] : aliases,
        };
    }

    public static Gate Power(Gate gate, double exponent)
    {
        var name = $"Power[{exponent.ToString("R", CultureInfo.InvariantCulture)}]({gate.Name})";
        if (gate.Generator is { } generator)
        {
            return new Gate(name, gate.Wires, 1)
            {
                Generator = MatrixAlgebra.Scale(generator, exponent),
                GeneratorScale = Math.Abs(exponent) * gate.GeneratorScale,
                Frequencies = exponent == 0 ? [[]] : [.. gate.Frequencies.Select(f => f.Select(x => Math.Abs(exponent) * x).ToImmutableArray())],
                Label = $"{gate.Label}^{exponent.ToString("0.##", CultureInfo.InvariantCulture)}",
            };
        }

        if (gate.Parameters == 0)
        {
            var power = MatrixAlgebra.Power(gate.Matrix(), exponent);
            return new Gate(name, gate.Wires, 0, _ => power)
            {
                IsCustom = gate.IsCustom,
                Label = $"{gate.Label}^{exponent.ToString("0.##", CultureInfo.InvariantCulture)}",
            };
        }

        if (exponent != Math.Truncate(exponent) || Math.Abs(exponent) > 1024)
        {
            throw new NotSupportedException(
                $"{gate.Name} has {gate.Parameters} angles and no single generator, so only integer powers up to 1024 are known; take the power of its factors.");
        }

        var once = exponent < 0 ? gate.Adjoint() : gate;
        var part = new Operation(once, [.. Enumerable.Range(0, gate.Wires)], [.. Enumerable.Range(0, gate.Parameters).Select(k => Angle.Input(k))]);
        return new Gate(name, gate.Wires, gate.Parameters)
        {
            Decomposition = [.. Enumerable.Repeat(part, (int)Math.Abs(exponent))],
            Frequencies = gate.Frequencies,
            Label = $"{gate.Label}^{exponent.ToString("0", CultureInfo.InvariantCulture)}",
        };
    }

    private static Func<ReadOnlySpan<double>, Complex[,]>? Inverse(Gate gate) =>
        gate.Generator is null ? angles => MatrixAlgebra.Dagger(gate.Matrix(angles)) : null;

    /// <summary>Each parameter's frequencies, from the factors that it turns.</summary>
    public static ImmutableArray<ImmutableArray<double>> FrequenciesOf(int parameters, ImmutableArray<Operation> decomposition) =>
    [
        .. Enumerable.Range(0, parameters).Select(k => decomposition
            .Where(part => part.Angles.Any(angle => !angle.IsConstant && angle.Index == k))
            .SelectMany(part => part.Gate.Frequencies[0])
            .Distinct().Order().ToImmutableArray()),
    ];

    // A control adds the eigenvalue 0: where the generator's are ±λ only, the differences become λ and 2λ.
    private static ImmutableArray<double> ControlledFrequencies(double scale, ImmutableArray<double> frequencies) =>
        frequencies.IsEmpty ? [scale]
        : frequencies.Length == 1 && Math.Abs(frequencies[0] - (2 * scale)) < 1e-12 ? [scale, frequencies[0]]
        : frequencies;
}
