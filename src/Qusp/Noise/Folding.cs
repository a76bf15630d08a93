// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>
/// Passes that make a circuit longer and not different: where a machine adds noise with every gate, they scale the noise (Giurgica-Tiron,
/// Hindy, LaRose, Mari, Zeng 2020, arXiv:2005.10921). They come before <see cref="NoisePasses.WithNoise"/>.
/// </summary>
public static class Folding
{
    /// <summary>
    /// The circuit U as <c>U (U†U)^k</c> and once more the last s gates undone and done: of d gates 1 + 2k + 2s/d times as many.
    /// </summary>
    /// <param name="circuit">The circuit, unitary.</param>
    /// <param name="scale">By what factor the number of gates grows, from 1, to the nearest that there is.</param>
    /// <exception cref="ArgumentOutOfRangeException">The scale is below 1 or over 1000, or no number.</exception>
    /// <exception cref="NotSupportedException">Something in the circuit has no inverse.</exception>
    public static Circuit FoldGlobally(this Circuit circuit, double scale)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        if (circuit.Operations.FirstOrDefault(operation => operation.Gate.Kind is GateKind.Channel or GateKind.Measure) is { } other)
        {
            throw new NotSupportedException($"{other} has no inverse, so the circuit as a whole has none; fold gates one by one with FoldLocally, before noise is added.");
        }

        ImmutableArray<Operation> gates = [.. circuit.Operations.Where(operation => operation.IsGate)];
        var (times, further) = Split(scale, gates.Length);
        var folded = circuit.Operations.ToBuilder();
        for (var k = 0; k < times; k++)
        {
            folded.AddRange(Enumerable.Reverse(circuit.Operations).Select(Inverse));
            folded.AddRange(circuit.Operations);
        }

        folded.AddRange(gates[^further..].Reverse().Select(Inverse));
        folded.AddRange(gates[^further..]);
        return circuit.WithOperations(folded.ToImmutable());
    }

    /// <summary>
    /// Each gate G as <c>G (G†G)^k</c>, and as many gates once more as the scale asks for, evenly spread. Only odd scales scale
    /// the noise of every gate alike.
    /// </summary>
    /// <param name="circuit">The circuit; what is no gate stays as it is.</param>
    /// <param name="scale">By what factor the number of gates grows, from 1, to the nearest that there is.</param>
    /// <exception cref="ArgumentOutOfRangeException">The scale is below 1 or over 1000, or no number.</exception>
    public static Circuit FoldLocally(this Circuit circuit, double scale)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        var gates = circuit.Operations.Count(operation => operation.IsGate);
        var (times, further) = Split(scale, gates);
        var folded = ImmutableArray.CreateBuilder<Operation>();
        var seen = 0;
        foreach (var operation in circuit.Operations)
        {
            folded.Add(operation);
            if (!operation.IsGate)
            {
                continue;
            }

            var chosen = (long)(seen + 1) * further / gates > (long)seen * further / gates;
            for (var k = 0; k < times + (chosen ? 1 : 0); k++)
            {
                folded.Add(Inverse(operation));
                folded.Add(operation);
            }

            seen++;
        }

        return circuit.WithOperations(folded.ToImmutable());
    }

    // The scale as 1 + 2k + 2s/d.
    private static (int Times, int Further) Split(double scale, int gates)
    {
        if (!(scale is >= 1 and <= 1000))
        {
            throw new ArgumentOutOfRangeException(nameof(scale), scale, "Noise is scaled by a factor from 1 to 1000.");
        }

        var pairs = (int)Math.Round((scale - 1) / 2 * gates);
        return gates == 0 ? (0, 0) : (pairs / gates, pairs % gates);
    }

    private static Operation Inverse(Operation operation) => operation.IsGate
        ? new Operation(operation.Gate.Adjoint(), operation.Wires, operation.Angles, operation.Guard, null, operation.Conditions)
        : operation;
}
