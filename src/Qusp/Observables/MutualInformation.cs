// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>
/// The mutual information <c>I(A : B) = S(A) + S(B) − S(AB)</c> of two sets of wires, in nats or in units of another
/// base's logarithm: one output, 0 where both are uncorrelated. See <see cref="VnEntropy"/> for eigenvalues that are 0.
/// </summary>
public sealed record MutualInformation : DerivedMeasurement
{
    /// <summary>The mutual information of two sets of wires.</summary>
    /// <param name="first">The wires A.</param>
    /// <param name="second">The wires B, none of them in A.</param>
    /// <param name="logBase">The base of the logarithm, above 1.</param>
    /// <exception cref="ArgumentException">A set is empty, a wire is named twice, or the base is not above 1.</exception>
    public MutualInformation(ImmutableArray<int> first, ImmutableArray<int> second, double logBase = Math.E)
    {
        First = new VnEntropy(logBase, first);
        Second = new VnEntropy(logBase, second);
        Both = new VnEntropy(logBase, [.. first, .. second]);
    }

    /// <summary>The entropy of the first set.</summary>
    public VnEntropy First { get; }

    /// <summary>The entropy of the second set.</summary>
    public VnEntropy Second { get; }

    private VnEntropy Both { get; }

    /// <inheritdoc/>
    public override int Outputs(int wires) => 1;

    /// <inheritdoc/>
    public override string ToString() => $"I({string.Join(",", First.OfWires)}:{string.Join(",", Second.OfWires)})";

    internal override ImmutableArray<int> Reads(int wires) => Both.OfWires;

    internal override ImmutableArray<Measurement> Parts(FinalState state) =>
        Spectra.Parts(state, First.OfWires, Second.OfWires, Both.OfWires);

    internal override void Evaluate(FinalState state, ReadOnlySpan<double> parts, Span<double> outputs)
    {
        var sum = 0.0;
        foreach (var (sign, entropy, at) in Terms(state))
        {
            entropy.Evaluate(state, parts[at], outputs);
            sum += sign * outputs[0];
        }

        outputs[0] = sum;
    }

    internal override void Pullback(
        FinalState state, ReadOnlySpan<double> parts, ReadOnlySpan<double> cotangents, Span<double> partCotangents)
    {
        foreach (var (sign, entropy, at) in Terms(state))
        {
            entropy.Pullback(state, parts[at], [sign * cotangents[0]], partCotangents[at]);
        }
    }

    // Each entropy with its place among the parts' outputs.
    private (int Sign, VnEntropy Entropy, Range At)[] Terms(FinalState state)
    {
        var end = 0;
        return [Place(1, First), Place(1, Second), Place(-1, Both)];

        (int, VnEntropy, Range) Place(int sign, VnEntropy entropy)
        {
            var start = end;
            end += entropy.Parts(state).Sum(part => part.Outputs(state.Wires));
            return (sign, entropy, start..end);
        }
    }
}
