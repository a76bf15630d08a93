// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Torch;

/// <summary>See <see cref="Initialization.IdentityBlock"/>.</summary>
internal sealed record IdentityBlockInitialization : Initialization
{
    internal override void Fill(Circuit circuit, Span<double> weights, ulong seed)
    {
        if (circuit.Expressions.FirstOrDefault(expression => expression.Weights > 0) is { } expression)
        {
            throw new ArgumentException($"IdentityBlock undoes gates whose angle is one weight, not {expression}: use SmallAngle", nameof(circuit));
        }

        Uniform().Fill(circuit, weights, seed);
        var open = Enumerable.Range(0, circuit.Wires).Select(_ => new Stack<Operation>()).ToArray(); // by wire, what is not undone yet
        var uses = new int[circuit.Weights];
        var left = 0;
        foreach (var operation in circuit.Operations)
        {
            foreach (var angle in operation.Angles.Where(angle => angle.Source == AngleSource.Weight))
            {
                uses[angle.Index]++;
            }

            var last = operation.Wires.Select(wire => open[wire].TryPeek(out var top) ? top : null).Distinct().ToArray();
            if (last is [{ } mirrored] && Undo(mirrored, operation, weights))
            {
                operation.Wires.ToList().ForEach(wire => open[wire].Pop());
                left -= HasWeight(mirrored) ? 1 : 0;
            }
            else
            {
                operation.Wires.ToList().ForEach(wire => open[wire].Push(operation));
                left += HasWeight(operation) ? 1 : 0;
            }
        }

        if (left > 0 || uses.Any(count => count > 1))
        {
            throw new ArgumentException(
                "IdentityBlock is for circuits whose gates with weights come in mirror pairs, such as RY(w[0]) CNOT CNOT RY(w[1]), each with a weight of its own; "
                + $"{(left > 0 ? $"{left} gate(s) of this one have no mirror image" : "this one uses a weight twice")}: use SmallAngle, or mirror the circuit",
                nameof(circuit));
        }
    }

    // Whether the second operation can undo the first; if it has a weight, the weight is set so that it does.
    private static bool Undo(Operation first, Operation second, Span<double> weights)
    {
        if (first.Guard != second.Guard || !first.Wires.SequenceEqual(second.Wires))
        {
            return false;
        }

        if (!HasWeight(first) && !HasWeight(second))
        {
            return first.Angles.IsEmpty && second.Angles.IsEmpty && IsInverse(first.Gate.Matrix(), second.Gate.Matrix());
        }

        if (first.Gate.Generator is null || !first.Gate.Equals(second.Gate) || !HasWeight(first) || !HasWeight(second) || second.Angles[0].Scale == 0)
        {
            return false;
        }

        var (there, back) = (first.Angles[0], second.Angles[0]);
        weights[back.Index] = (-there.Value([], weights) - back.Offset) / back.Scale;
        return true;
    }

    // Unitary B undoes unitary A where B = A†.
    private static bool IsInverse(Complex[,] a, Complex[,] b)
    {
        for (var r = 0; r < a.GetLength(0); r++)
        {
            for (var c = 0; c < a.GetLength(1); c++)
            {
                if ((b[r, c] - Complex.Conjugate(a[c, r])).Magnitude > 1e-12)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool HasWeight(Operation operation) => operation.Angles.Any(angle => angle.Source == AngleSource.Weight);
}
