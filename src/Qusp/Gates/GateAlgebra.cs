// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;

namespace Qusp;

/// <summary>
/// Pure functions row → row. What a row knows (matrix, generator, decomposition) is carried over, not looked up. Derived
/// rows have one form, so that equal gates have equal names: controls are outermost and joined, a double adjoint
/// is gone, the adjoint of a power is a power, a gate that is its own inverse has no adjoint, and a gate that the table has is the table's row.
/// </summary>
internal static class GateAlgebra
{
    public const int MaxRepetitions = 64;

    public static Gate Adjoint(Gate gate)
    {
        gate.CheckUnitary();
        if (gate.IsSelfInverse)
        {
            return gate;
        }

        if (gate.Target is { } target)
        {
            return Controlled(target.Adjoint(), gate.ControlValues);
        }

        if (gate is { Exponent: { } exponent, Origin: { } root })
        {
            return Power(root, -exponent);
        }

        var name = $"Adjoint({gate.Name})";
        return gate.Origin is { } inner && gate.Name == $"Adjoint({inner.Name})" ? inner : Gates.Row(name) ?? AdjointAs(name, gate);
    }

    public static Gate AdjointAs(string name, Gate gate, string? qasm = null, ImmutableArray<string> aliases = default) =>
        new(name, gate.Wires, gate.Parameters, angles => MatrixAlgebra.Dagger(gate.Matrix(angles)))
        {
            GeneratorFormula = gate.GeneratorFormula is null ? null : () => MatrixAlgebra.Scale(gate.Generator!, -1),
            GeneratorScale = gate.GeneratorScale,
            Frequencies = gate.Frequencies,
            Decomposition = [.. gate.Decomposition.Reverse().Select(part => new Operation(part.Gate.Adjoint(), part.Wires, part.Angles))],
            Origin = gate,
            IsCustom = gate.IsCustom,
            Label = gate.Label + "†",
            Qasm2 = qasm,
            Qasm3 = qasm,
            Aliases = aliases.IsDefault ? [] : aliases,
        };

    public static Gate Controlled(Gate gate, ImmutableArray<bool> values)
    {
        gate.CheckUnitary();
        // Controls of a controlled gate join: C(CX) is CCX.
        if (gate.Target is { } target)
        {
            return Controlled(target, [.. values, .. gate.ControlValues]);
        }

        var name = ControlledName(gate, values);
        return Gates.Row(name) ?? ControlledAs(name, gate, values);
    }

    public static string ControlledName(Gate gate, ImmutableArray<bool> values) =>
        $"Controlled[{string.Concat(values.Select(value => value ? '1' : '0'))}]({gate.Name})";

    public static Gate ControlledAs(
        string name,
        Gate gate,
        ImmutableArray<bool> values,
        string? qasm2 = null,
        string? qasm3 = null,
        ImmutableArray<string> aliases = default,
        ImmutableArray<Operation> decomposition = default)
    {
        var parts = decomposition.IsDefault ? ControlledParts(gate, values) : decomposition;
        return new Gate(name, gate.Wires + values.Length, gate.Parameters, angles => MatrixAlgebra.Controlled(gate.Matrix(angles), values, 1))
        {
            GeneratorFormula = gate.GeneratorFormula is null ? null : () => MatrixAlgebra.Controlled(gate.Generator!, values, 0),
            GeneratorScale = gate.GeneratorScale,
            Frequencies = gate.GeneratorFormula is null
                ? FrequenciesOf(gate.Parameters, parts)
                : [ControlledFrequencies(gate.GeneratorScale, gate.Frequencies[0])],
            Decomposition = parts,
            ControlValues = values,
            Target = gate,
            Origin = gate,
            IsCustom = gate.IsCustom,
            IsSelfInverse = gate.IsSelfInverse,
            Label = gate.Label,
            Qasm2 = qasm2,
            Qasm3 = qasm3,
            Aliases = aliases.IsDefault ? [] : aliases,
        };
    }

    public static Gate Power(Gate gate, double exponent)
    {
        gate.CheckUnitary();
        if (!double.IsFinite(exponent))
        {
            throw new ArgumentException($"{gate.Name} to the power {exponent}: an exponent is finite.", nameof(exponent));
        }

        if (exponent == 1)
        {
            return gate;
        }

        if (exponent == -1)
        {
            return Adjoint(gate);
        }

        if (gate.Target is { } target)
        {
            return Controlled(Power(target, exponent), gate.ControlValues);
        }

        var label = $"{gate.Label}^{exponent.ToString("0.##", CultureInfo.InvariantCulture)}";
        var name = $"Power[{exponent.ToString("R", CultureInfo.InvariantCulture)}]({gate.Name})";
        if (gate.GeneratorFormula is not null)
        {
            return ScaledAngle(name, label, gate, exponent);
        }

        if (gate.Parameters == 0)
        {
            var power = new Lazy<Complex[,]>(() => MatrixAlgebra.Power(gate.Matrix(), exponent));
            return new Gate(name, gate.Wires, 0, _ => (Complex[,])power.Value.Clone())
            {
                Origin = gate,
                Exponent = exponent,
                IsCustom = gate.IsCustom,
                Label = label,
            };
        }

        if (!CanRepeat(exponent))
        {
            throw new NotSupportedException(
                $"{gate.Name} has no single generator, so only integer powers from {-MaxRepetitions} to {MaxRepetitions} are known, "
                + $"not {exponent}; take the power of its factors.");
        }

        var once = exponent < 0 ? gate.Adjoint() : gate;
        var part = new Operation(once, [.. Enumerable.Range(0, gate.Wires)], [.. Enumerable.Range(0, gate.Parameters).Select(k => Angle.Input(k))]);
        ImmutableArray<Operation> parts = [.. Enumerable.Repeat(part, (int)Math.Abs(exponent))];
        return new Gate(name, gate.Wires, gate.Parameters)
        {
            Decomposition = parts,
            Frequencies = FrequenciesOf(gate.Parameters, parts),
            Origin = gate,
            Exponent = exponent,
            IsCustom = gate.IsCustom,
            Label = label,
        };
    }

    /// <summary>Whether a gate without generator and fixed matrix has this power.</summary>
    public static bool CanRepeat(double exponent) => exponent == Math.Truncate(exponent) && Math.Abs(exponent) <= MaxRepetitions;

    /// <summary>
    /// Each parameter's frequencies, from the factors that it turns: a parameter of several factors has the sums and
    /// differences of theirs. An expectation value may have fewer; a shift rule for more is still exact.
    /// </summary>
    public static ImmutableArray<ImmutableArray<double>> FrequenciesOf(int parameters, ImmutableArray<Operation> decomposition)
    {
        return [.. Enumerable.Range(0, parameters).Select(One)];

        ImmutableArray<double> One(int parameter)
        {
            HashSet<double> sums = [0];
            foreach (var part in decomposition)
            {
                for (var k = 0; k < part.Angles.Length; k++)
                {
                    var angle = part.Angles[k];
                    if (!angle.IsConstant && angle.Index == parameter)
                    {
                        double[] steps = [0, .. part.Gate.Frequencies[k].SelectMany(f => (double[])[f * angle.Scale, -f * angle.Scale])];
                        sums = [.. sums.SelectMany(sum => steps.Select(step => Math.Round(sum + step, 12)))];
                    }
                }
            }

            return [.. sums.Where(sum => sum > 0).Order()];
        }
    }

    // The angle of a rotation is scaled; a power of a power is one power.
    private static Gate ScaledAngle(string name, string label, Gate gate, double exponent) =>
        gate is { Exponent: { } earlier, Origin: { } root }
            ? Power(root, exponent * earlier)
            : new Gate(name, gate.Wires, 1, angles => gate.Matrix(exponent * angles[0]))
            {
                GeneratorFormula = () => MatrixAlgebra.Scale(gate.Generator!, exponent),
                GeneratorScale = exponent == 0 ? gate.GeneratorScale : Math.Abs(exponent) * gate.GeneratorScale,
                Frequencies = [exponent == 0 ? [] : [.. gate.Frequencies[0].Select(frequency => Math.Abs(exponent) * frequency)]],
                Decomposition =
                [
                    .. gate.Decomposition.Select(part => part.WithAngles([.. part.Angles.Select(angle => angle.IsConstant ? angle : exponent * angle)])),
                ],
                Origin = gate,
                Exponent = exponent,
                Label = label,
            };

    // A rotation is the identity at angle 0, so of its factors only those that turn with the angle need the controls.
    private static ImmutableArray<Operation> ControlledParts(Gate gate, ImmutableArray<bool> values) =>
    [
        .. gate.Decomposition.Select(part =>
        {
            var wires = part.Wires.Select(wire => wire + values.Length).ToImmutableArray();
            return gate.GeneratorFormula is not null && part.Angles.All(angle => angle.IsConstant)
                ? new Operation(part.Gate, wires, part.Angles)
                : new Operation(Controlled(part.Gate, values), [.. Enumerable.Range(0, values.Length), .. wires], part.Angles);
        }),
    ];

    // A control adds the eigenvalue 0: where the generator's are ±λ only, the differences become λ and 2λ.
    private static ImmutableArray<double> ControlledFrequencies(double scale, ImmutableArray<double> frequencies) =>
        frequencies.IsEmpty ? [scale]
        : frequencies.Length == 1 && Math.Abs(frequencies[0] - (2 * scale)) < 1e-12 ? [scale, frequencies[0]]
        : frequencies;
}
