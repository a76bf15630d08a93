// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp;

/// <summary>
/// The fidelity of some wires' state ρ with a given state σ, <c>F = (Tr √(√σ ρ √σ))²</c>, which is ⟨φ|ρ|φ⟩ for a pure
/// σ = |φ⟩⟨φ|: one output from 0 to 1 (Jozsa 1994). <see cref="StateFidelity"/> has the same as a function of two states.
/// </summary>
public sealed record Fidelity : DerivedMeasurement
{
    private const double Normalization = 1e-6; // states stored in single precision are let in

    private readonly Complex[]? pure; // |φ⟩
    private readonly Complex[,]? mixed; // σ
    private readonly Complex[,]? root; // √σ

    /// <summary>The fidelity with a pure state.</summary>
    /// <param name="amplitudes">The amplitudes of |φ⟩, <c>[2^m]</c>, normalised; the first wire is the most significant bit.</param>
    /// <param name="wires">The m wires; wires 0 to m − 1 if none is named.</param>
    /// <exception cref="ArgumentException">The amplitudes are not normalised or not as many as the wires ask for, or the wires are wrong.</exception>
    public Fidelity(ReadOnlySpan<Complex> amplitudes, params ImmutableArray<int> wires)
    {
        OfWires = Wires(amplitudes.Length, wires);
        pure = amplitudes.ToArray();
        RequireOne(pure.Sum(amplitude => amplitude.Real * amplitude.Real + (amplitude.Imaginary * amplitude.Imaginary)));
    }

    /// <summary>The fidelity with a mixed state.</summary>
    /// <param name="density">The density matrix σ, <c>[2^m, 2^m]</c>: Hermitian, of trace 1, without negative eigenvalues.</param>
    /// <param name="wires">The m wires; wires 0 to m − 1 if none is named.</param>
    /// <exception cref="ArgumentException">It is no density matrix, or its size is not what the wires ask for.</exception>
    public Fidelity(Complex[,] density, params ImmutableArray<int> wires)
    {
        ArgumentNullException.ThrowIfNull(density);
        OfWires = Wires(density.GetLength(0), wires);
        mixed = new HermitianMatrix(density, OfWires).Matrix;
        RequireOne(Enumerable.Range(0, mixed.GetLength(0)).Sum(k => mixed[k, k].Real));
        root = StateFidelity.Root(mixed);
    }

    /// <summary>The wires; the first is the most significant bit.</summary>
    public ImmutableArray<int> OfWires { get; }

    /// <summary>The amplitudes of a pure state; null for a mixed one. Do not write to it.</summary>
    internal Complex[]? Amplitudes => pure;

    /// <summary>The density matrix of a mixed state; null for a pure one. Do not write to it.</summary>
    internal Complex[,]? Density => mixed;

    /// <inheritdoc/>
    public override int Outputs(int wires) => 1;

    /// <inheritdoc/>
    public bool Equals(Fidelity? other) => other is not null && OfWires.AsSpan().SequenceEqual(other.OfWires.AsSpan())
        && pure.AsSpan().SequenceEqual(other.pure) && Entries(mixed).SequenceEqual(Entries(other.mixed));

    /// <inheritdoc/>
    public override int GetHashCode() => OfWires.Aggregate(23, HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString() => $"F({string.Join(",", OfWires)})";

    internal override ImmutableArray<int> Reads(int wires) => OfWires;

    // ⟨φ|ψ⟩ needs no density matrix.
    internal override ImmutableArray<Measurement> Parts(FinalState state) =>
        ReadsAmplitudes(state) ? [new StateVector()] : [new DensityMatrix(OfWires)];

    internal override void Evaluate(FinalState state, ReadOnlySpan<double> parts, Span<double> outputs)
    {
        if (ReadsAmplitudes(state))
        {
            var overlap = Overlap(parts);
            outputs[0] = (overlap.Real * overlap.Real) + (overlap.Imaginary * overlap.Imaginary);
            return;
        }

        outputs[0] = pure is null
            ? StateFidelity.Of(root!, DensityMatrix.ToMatrix(parts), state.Epsilon)
            : StateFidelity.Of(pure, DensityMatrix.ToMatrix(parts));
    }

    internal override void Pullback(
        FinalState state, ReadOnlySpan<double> parts, ReadOnlySpan<double> cotangents, Span<double> partCotangents)
    {
        if (ReadsAmplitudes(state))
        {
            // d|⟨φ|ψ⟩|² = Re(2⟨φ|ψ⟩* ⟨φ|dψ⟩) = Re⟨2⟨φ|ψ⟩φ | dψ⟩.
            var factor = 2 * cotangents[0] * Overlap(parts);
            for (var i = 0; i < pure!.Length; i++)
            {
                var cotangent = factor * pure[i];
                partCotangents[2 * i] += cotangent.Real;
                partCotangents[(2 * i) + 1] += cotangent.Imaginary;
            }

            return;
        }

        var observable = pure is null
            ? StateFidelity.Derivative(root!, DensityMatrix.ToMatrix(parts), state.Epsilon)
            : MatrixAlgebra.Map(new Complex[pure.Length, pure.Length], (r, c) => pure[r] * Complex.Conjugate(pure[c]));
        DensityMatrix.AddCotangents(observable, cotangents[0], partCotangents);
    }

    private static ImmutableArray<int> Wires(int size, ImmutableArray<int> wires)
    {
        if (size < 2 || !BitOperations.IsPow2(size))
        {
            throw new ArgumentException($"A state of m wires has 2^m amplitudes, not {size}.");
        }

        var count = BitOperations.Log2((uint)size);
        var of = Distinct("Fidelity is", 30, wires.IsDefaultOrEmpty ? [.. Enumerable.Range(0, count)] : wires);
        return of.Length == count ? of : throw new ArgumentException($"A state of {of.Length} wires has {1L << of.Length} amplitudes, not {size}.", nameof(wires));
    }

    private static void RequireOne(double total)
    {
        if (!(Math.Abs(total - 1) <= Normalization))
        {
            throw new ArgumentException($"A state's probabilities sum to 1, not to {total:G6}; normalise it.");
        }
    }

    private static Complex[] Entries(Complex[,]? matrix) => matrix is null ? [] : [.. matrix.Cast<Complex>()];

    private bool ReadsAmplitudes(FinalState state) =>
        state.HasAmplitudes && pure is not null && OfWires.AsSpan().SequenceEqual(Enumerable.Range(0, state.Wires).ToArray());

    private Complex Overlap(ReadOnlySpan<double> amplitudes)
    {
        Complex sum = 0;
        for (var i = 0; i < pure!.Length; i++)
        {
            sum += Complex.Conjugate(pure[i]) * new Complex(amplitudes[2 * i], amplitudes[(2 * i) + 1]);
        }

        return sum;
    }
}
