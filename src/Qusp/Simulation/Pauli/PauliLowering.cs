// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp.Simulation.Pauli;

/// <summary>Circuit → steps on Pauli words.</summary>
internal static class PauliLowering
{
    private const double Tiny = 1e-14;
    private const int MaxWordWires = 6; // of a gate that is written as a sum of words
    private const int MaxMapWires = 4;
    private static readonly double[] Generic = [0.7310585786, 2.1972245773];

    public static PauliStep[] Lower(Circuit circuit)
    {
        var steps = new List<PauliStep>();
        foreach (var operation in circuit.Operations)
        {
            Add(operation, operation.Guard is { } guard ? circuit.Guards.IndexOf(guard) : -1, steps);
        }

        return [.. steps];
    }

    /// <summary>Why an operation cannot be done; null if all can.</summary>
    public static string? Refusal(Circuit circuit) => circuit.Operations.Select(operation => Refusal(operation.Gate)).FirstOrDefault(reason => reason is not null);

    private static string? Refusal(Gate gate) =>
        gate.Kind == GateKind.Barrier || gate.Wires <= MaxMapWires || IsSumOfCommutingWords(gate) ? null
        : gate.Decomposition.IsEmpty ? $"{gate.Name} on {gate.Wires} wires has no decomposition into Pauli rotations; write it in smaller gates"
        : gate.Decomposition.Select(part => Refusal(part.Gate)).FirstOrDefault(reason => reason is not null);

    private static bool IsSumOfCommutingWords(Gate gate) => gate.Wires <= MaxWordWires && Rotations(gate) is not null;

    private static void Add(Operation operation, int guard, List<PauliStep> steps)
    {
        var (gate, wires) = (operation.Gate, operation.Wires);
        if (gate.Kind == GateKind.Barrier)
        {
            return;
        }

        if (gate is { Parameters: > 0, GeneratorScale: 0, Decomposition.IsEmpty: true })
        {
            return; // a power 0: the identity
        }

        if (CliffordAction.Of(operation) is { } action)
        {
            steps.Add(new PauliStep { Wires = [.. wires], Guard = guard, Action = action });
        }
        else if (gate.Wires <= MaxWordWires && Rotations(gate) is { } rotations)
        {
            foreach (var (word, factor) in rotations)
            {
                var letters = Letters(word, wires.Length);
                int[] on = [.. Enumerable.Range(0, wires.Length).Where(k => letters[k] != 0)];
                steps.Add(new PauliStep
                {
                    Wires = [.. on.Select(k => wires[k])],
                    Guard = guard,
                    Letters = [.. on.Select(k => letters[k])],
                    Angle = gate.Parameters == 0 ? Angle.Constant(1) : operation.Angles[0],
                    Factor = factor,
                });
            }
        }
        else if (gate.Decomposition.Length > 0 && (gate.Parameters > 1 || gate.GeneratorScale == 0 || gate.Wires > MaxMapWires))
        {
            foreach (var part in operation.Parts())
            {
                Add(part, guard, steps);
            }
        }
        else
        {
            steps.Add(Map(operation, guard));
        }
    }

    private static PauliStep Map(Operation operation, int guard)
    {
        var gate = operation.Gate;
        var angle = gate.Parameters == 0 ? Angle.Constant(0) : operation.Angles[0];
        var at = new PauliStep { Wires = [.. operation.Wires], Guard = guard, Gate = gate, Angle = angle };
        if (angle.IsConstant)
        {
            return at with { Matrix = TransferMatrix.Of(gate.Parameters == 0 ? gate.Matrix() : gate.Matrix(angle.Offset)) };
        }

        // Where there is an entry at any angle: entries are trigonometric polynomials.
        var found = Generic.Select(value => TransferMatrix.Of(gate.Matrix(value))).ToArray();
        return at with { Curve = new TransferCurve(gate), Matrix = [.. found[0].Zip(found[1], (a, b) => Math.Abs(a) > Tiny || Math.Abs(b) > Tiny ? 1.0 : 0)] };
    }

    // The gate as turns about words that commute: from its generator, or, where it is its own inverse, U = exp(iπ(1 − U)/2).
    private static List<(int Word, double Factor)>? Rotations(Gate gate)
    {
        if (gate.Kind != GateKind.Unitary || gate.Wires > MaxWordWires)
        {
            return null;
        }

        if (gate.Parameters == 1 && gate.Generator is { } generator)
        {
            return Commuting(TransferMatrix.Coefficients(generator), gate.Wires, -2);
        }

        if (gate.Parameters == 0 && gate.Wires > 2)
        {
            var u = gate.Matrix();
            return MatrixAlgebra.Distance(u, MatrixAlgebra.Dagger(u)) < Tiny ? Commuting(TransferMatrix.Coefficients(u), gate.Wires, Math.PI) : null;
        }

        return null;
    }

    private static List<(int, double)>? Commuting(double[] coefficients, int wires, double factor)
    {
        int[] words = [.. Enumerable.Range(1, coefficients.Length - 1).Where(word => Math.Abs(coefficients[word]) > Tiny)];
        for (var i = 0; i < words.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (!Commute(words[i], words[j], wires))
                {
                    return null;
                }
            }
        }

        return [.. words.Select(word => (word, factor * coefficients[word]))];
    }

    private static bool Commute(int p, int q, int wires)
    {
        var crossings = 0;
        for (var k = 0; k < wires; k++)
        {
            var (a, b) = ((p >> (2 * k)) & 3, (q >> (2 * k)) & 3);
            crossings += a != 0 && b != 0 && a != b ? 1 : 0;
        }

        return crossings % 2 == 0;
    }

    private static byte[] Letters(int word, int wires) =>
        [.. Enumerable.Range(0, wires).Select(k => (byte)((word >> (2 * (wires - 1 - k))) & 3))];
}
