// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp;

/// <summary>
/// States by their amplitudes, from |0…0⟩ on the wires named. A binary tree halves the amplitudes: the node of a prefix
/// turns the next wire by RY so that the norms of its halves come out, and by RZ so that their phases do (Möttönen,
/// Vartiainen, Bergholm, Salomaa 2004, arXiv:quant-ph/0407010).
/// </summary>
public static class StatePreparation
{
    /// <summary>
    /// A real state whose amplitudes are the features, divided by their norm (PennyLane's <c>AmplitudeEmbedding</c> with
    /// <c>normalize</c> and <c>pad_with</c>). Differentiable by the features, in which the state does not depend on their
    /// norm. Where both halves of a node are zero its angle is 0 and has no derivative: features that share such a node
    /// get the gradient 0 from it; all features zero give |0…0⟩.
    /// </summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="features">Inputs, weights, numbers or expressions, <c>[N]</c>, N at most 2^n.</param>
    /// <param name="padWith">What the amplitudes after the features are, before the division by the norm.</param>
    /// <param name="wires">The n wires, the first the most significant; all if default.</param>
    /// <exception cref="ArgumentException">There is no feature, or there are more than 2^n.</exception>
    public static CircuitBuilder AmplitudeEmbedding(
        this CircuitBuilder circuit, AngleArray features, double padWith = 0, ImmutableArray<int> wires = default)
    {
        var on = circuit.On(wires);
        return Prepare(circuit, RealTree(features, padWith, on.Length), on, uniform: false);
    }

    /// <summary>The state of these amplitudes (PennyLane's <c>StatePrep</c>): rotations that fire for one prefix each, 2^n a kind at most.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="amplitudes">The amplitudes, <c>[2^n]</c>, of norm 1.</param>
    /// <param name="wires">The n wires, the first the most significant; all if default.</param>
    /// <exception cref="ArgumentException">There are not 2^n amplitudes, or their norm differs from 1 by more than 1e-8.</exception>
    public static CircuitBuilder StatePrep(this CircuitBuilder circuit, ReadOnlySpan<Complex> amplitudes, ImmutableArray<int> wires = default)
    {
        var on = circuit.On(wires);
        return Prepare(circuit, ComplexTree(amplitudes, on.Length), on, uniform: false);
    }

    /// <summary>The state of these amplitudes in RY, RZ and CNOT alone, 2^n − 1 rotations a kind and twice as many gates in all.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="amplitudes">The amplitudes, <c>[2^n]</c>, of norm 1.</param>
    /// <param name="wires">The n wires, the first the most significant; all if default.</param>
    /// <exception cref="ArgumentException">There are not 2^n amplitudes, or their norm differs from 1 by more than 1e-8.</exception>
    public static CircuitBuilder MottonenStatePreparation(this CircuitBuilder circuit, ReadOnlySpan<Complex> amplitudes, ImmutableArray<int> wires = default)
    {
        var on = circuit.On(wires);
        return Prepare(circuit, ComplexTree(amplitudes, on.Length), on, uniform: true);
    }

    /// <summary>As <see cref="AmplitudeEmbedding"/>, in RY and CNOT alone.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="features">Inputs, weights, numbers or expressions, <c>[N]</c>, N at most 2^n.</param>
    /// <param name="padWith">What the amplitudes after the features are, before the division by the norm.</param>
    /// <param name="wires">The n wires, the first the most significant; all if default.</param>
    /// <exception cref="ArgumentException">There is no feature, or there are more than 2^n.</exception>
    public static CircuitBuilder MottonenStatePreparation(
        this CircuitBuilder circuit, AngleArray features, double padWith = 0, ImmutableArray<int> wires = default)
    {
        var on = circuit.On(wires);
        return Prepare(circuit, RealTree(features, padWith, on.Length), on, uniform: true);
    }

    private static CircuitBuilder Prepare(CircuitBuilder circuit, Tree tree, ImmutableArray<int> on, bool uniform)
    {
        for (var level = 0; level < on.Length; level++)
        {
            foreach (var (gate, angles) in (ReadOnlySpan<(Gate, Angle[])>)[(Gates.RY, tree.Norms[level]), (Gates.RZ, tree.Phases[level])])
            {
                if (angles.Any(angle => angle is not { IsConstant: true, Offset: 0 }))
                {
                    _ = uniform
                        ? UniformlyControlled(circuit, gate, angles, on[..level], on[level])
                        : Multiplexed(circuit, gate, angles, on[..level], on[level]);
                }
            }
        }

        return tree.Phase == 0 ? circuit : circuit.GlobalPhase(-tree.Phase, on[0]);
    }

    // A rotation for each prefix: it touches the amplitudes of that prefix alone, so all of a level cost one pass.
    private static CircuitBuilder Multiplexed(CircuitBuilder circuit, Gate gate, Angle[] angles, ImmutableArray<int> controls, int target)
    {
        for (var prefix = 0; prefix < angles.Length; prefix++)
        {
            if (angles[prefix] is { IsConstant: true, Offset: 0 })
            {
                continue;
            }

            var at = prefix;
            ImmutableArray<bool> values = [.. Enumerable.Range(0, controls.Length).Select(k => ((at >> (controls.Length - 1 - k)) & 1) == 1)];
            circuit.Apply(values.IsEmpty ? gate : gate.Controlled(values), [.. controls, target], angles[prefix]);
        }

        return circuit;
    }

    // Rotations between CNOTs in the order of the Gray code; their angles are a Walsh transform (Möttönen et al., eq. 3).
    private static CircuitBuilder UniformlyControlled(CircuitBuilder circuit, Gate gate, Angle[] angles, ImmutableArray<int> controls, int target)
    {
        var transformed = (Angle[])angles.Clone();
        for (var half = 1; half < angles.Length; half *= 2)
        {
            for (var i = 0; i < angles.Length; i++)
            {
                if ((i & half) == 0)
                {
                    var (a, b) = (transformed[i], transformed[i | half]);
                    (transformed[i], transformed[i | half]) = (0.5 * (a + b), 0.5 * (a - b));
                }
            }
        }

        for (var k = 0; k < angles.Length; k++)
        {
            circuit.Apply(gate, [target], transformed[k ^ (k >> 1)]);
            if (angles.Length > 1)
            {
                // The bit in which the next word of the code differs, the last one closing the ring.
                var bit = Math.Min(BitOperations.TrailingZeroCount(k + 1), controls.Length - 1);
                circuit.CNOT(controls[^(bit + 1)], target);
            }
        }

        return circuit;
    }

    private static Tree RealTree(AngleArray features, double padWith, int wires)
    {
        if (features.Count == 0 || wires > 30 || features.Count > 1 << wires || !double.IsFinite(padWith))
        {
            throw new ArgumentException(
                $"{features.Count} features on {wires} wire(s), padded with {padWith}: there are 1 to 2^{wires} amplitudes, and the padding is finite.", nameof(features));
        }

        Angle[] amplitudes = [.. Enumerable.Range(0, 1 << wires).Select(i => i < features.Count ? features[i] : padWith)];
        return Grow(amplitudes, new double[amplitudes.Length]);
    }

    private static Tree ComplexTree(ReadOnlySpan<Complex> amplitudes, int wires)
    {
        Complex[] all = [.. amplitudes];
        var norm = Math.Sqrt(all.Sum(amplitude => (amplitude * Complex.Conjugate(amplitude)).Real));
        if (wires > 30 || all.Length != 1 << wires || !(Math.Abs(norm - 1) < 1e-8))
        {
            throw new ArgumentException(
                $"{all.Length} amplitudes of norm {norm:G9} on {wires} wire(s): there are 2^{wires} of norm 1.", nameof(amplitudes));
        }

        // A real state stays one of RY alone: signs are angles beyond π, not phases.
        return all.All(amplitude => amplitude.Imaginary == 0)
            ? Grow([.. all.Select(amplitude => Angle.Constant(amplitude.Real))], new double[all.Length])
            : Grow([.. all.Select(amplitude => Angle.Constant(amplitude.Magnitude))], [.. all.Select(amplitude => amplitude.Phase)]);
    }

    private static Tree Grow(Angle[] amplitudes, double[] phases)
    {
        var (norms, turns) = (new Stack<Angle[]>(), new Stack<Angle[]>());
        while (amplitudes.Length > 1)
        {
            Angle[][] pairs = [.. amplitudes.Chunk(2)];
            double[][] sides = [.. phases.Chunk(2).Zip(pairs, (side, pair) => IsZero(pair[0]) ? [side[1], side[1]] : IsZero(pair[1]) ? [side[0], side[0]] : side)];
            norms.Push([.. pairs.Select(pair => 2 * Angle.Atan2(pair[1], pair[0]))]);
            turns.Push([.. sides.Select(pair => Angle.Constant(pair[1] - pair[0]))]);
            amplitudes = [.. pairs.Select(pair => Angle.Hypot(pair[0], pair[1]))];
            phases = [.. sides.Select(pair => 0.5 * (pair[0] + pair[1]))];
        }

        return new Tree([.. norms], [.. turns], phases[0]);

        // The phase of nothing is free: that of the other half asks for no turn.
        static bool IsZero(Angle amplitude) => amplitude is { IsConstant: true, Offset: 0 };
    }

    /// <summary>By level from the root, one angle a prefix.</summary>
    private sealed record Tree(Angle[][] Norms, Angle[][] Phases, double Phase);
}
