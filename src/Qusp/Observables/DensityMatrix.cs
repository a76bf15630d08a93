// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp;

/// <summary>
/// The reduced density matrix <c>ρ_S = Tr_{others} |ψ⟩⟨ψ|</c> of some wires S: 2·4^m outputs for m wires, row-major, real and
/// imaginary part of each entry in turn; the first wire is the most significant bit of rows and columns.
/// </summary>
public sealed record DensityMatrix : Measurement
{
    /// <summary>The most wires: beyond, the outputs are more than an array can hold.</summary>
    public const int MaxWires = 14;

    /// <summary>The reduced density matrix of these wires.</summary>
    /// <param name="wires">The wires, all different, at most <see cref="MaxWires"/>.</param>
    /// <exception cref="ArgumentException">No wire, too many, or a wire named twice.</exception>
    public DensityMatrix(params ImmutableArray<int> wires) => OfWires = Distinct("A density matrix is", MaxWires, wires);

    /// <summary>The wires; the first is the most significant bit.</summary>
    public ImmutableArray<int> OfWires { get; }

    /// <summary>The outputs of one sample as a matrix, <c>[2^m, 2^m]</c>.</summary>
    /// <param name="outputs">The outputs, 2·4^m numbers.</param>
    /// <exception cref="ArgumentException">The numbers are not those of a density matrix.</exception>
    public static Complex[,] ToMatrix<T>(ReadOnlySpan<T> outputs)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var size = (int)Math.Round(Math.Sqrt(outputs.Length / 2.0));
        if (size == 0 || !BitOperations.IsPow2(size) || outputs.Length != 2 * size * size)
        {
            throw new ArgumentException($"{outputs.Length} numbers are no density matrix: it has 2·4^m.", nameof(outputs));
        }

        var matrix = new Complex[size, size];
        for (var (r, at) = (0, 0); r < size; r++)
        {
            for (var c = 0; c < size; c++, at += 2)
            {
                matrix[r, c] = new(double.CreateChecked(outputs[at]), double.CreateChecked(outputs[at + 1]));
            }
        }

        return matrix;
    }

    /// <inheritdoc/>
    public override int Outputs(int wires) => 2 << (2 * OfWires.Length);

    /// <inheritdoc/>
    public bool Equals(DensityMatrix? other) => other is not null && OfWires.AsSpan().SequenceEqual(other.OfWires.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => OfWires.Aggregate(19, HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString() => $"ρ({string.Join(",", OfWires)})";

    internal override ImmutableArray<int> Reads(int wires) => OfWires;

    /// <summary>
    /// The Hermitian matrix M with <c>Σ_k g_k d(output_k) = Tr(M dρ_S)</c>: with the cotangents read as a matrix G it is
    /// (G + G†)/2, for dρ is Hermitian. A state vector's cotangent is 2·M_S|ψ⟩, a density matrix's observable M_S ⊗ 1.
    /// </summary>
    internal static Complex[,] Observable(ReadOnlySpan<double> cotangents)
    {
        var g = ToMatrix(cotangents);
        return MatrixAlgebra.Map(g, (r, c) => 0.5 * (g[r, c] + Complex.Conjugate(g[c, r])));
    }

    /// <summary>Adds a Hermitian matrix to the cotangents that <see cref="Observable"/> turns back into it.</summary>
    internal static void AddCotangents(Complex[,] observable, double factor, Span<double> cotangents)
    {
        var size = observable.GetLength(0);
        for (var (r, at) = (0, 0); r < size; r++)
        {
            for (var c = 0; c < size; c++, at += 2)
            {
                cotangents[at] += factor * observable[r, c].Real;
                cotangents[at + 1] += factor * observable[r, c].Imaginary;
            }
        }
    }
}
