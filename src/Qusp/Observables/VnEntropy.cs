// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp;

/// <summary>
/// The von Neumann entropy <c>S(ρ_S) = −Tr ρ_S log ρ_S</c> of some wires S, in nats, or in units of another base's logarithm
/// (base 2: bits): one output from 0 (pure) to m log 2.
/// </summary>
/// <remarks>
/// Its derivative is <c>dS = −Tr((log ρ + 1) dρ)</c>. An eigenvalue λ = 0 adds 0·log 0 = 0 to the value. To the derivative it
/// adds <c>−(log λ + 1) dλ</c>, which has the limit 0 along every smooth path of states: λ ≥ 0, so a λ that touches 0 does so with dλ = 0
/// of order √λ, and √λ log λ → 0. So eigenvalues up to 1e-15 add nothing to either.
/// </remarks>
public sealed record VnEntropy : SubsystemMeasurement
{
    /// <summary>The entropy of these wires in nats.</summary>
    /// <param name="wires">The wires, all different.</param>
    /// <exception cref="ArgumentException">No wire, or a wire named twice.</exception>
    public VnEntropy(params ImmutableArray<int> wires)
        : this(Math.E, wires)
    {
    }

    /// <summary>The entropy of these wires in units of the logarithm of <paramref name="logBase"/>.</summary>
    /// <param name="logBase">The base of the logarithm, above 1: e gives nats, 2 bits.</param>
    /// <param name="wires">The wires, all different.</param>
    /// <exception cref="ArgumentException">No wire, a wire named twice, or a base that is not above 1.</exception>
    public VnEntropy(double logBase, ImmutableArray<int> wires)
        : base("Entropy is", wires) => LogBase = logBase > 1 && double.IsFinite(logBase)
            ? logBase
            : throw new ArgumentException($"{logBase}: the base of a logarithm is finite and above 1.", nameof(logBase));

    /// <summary>The base of the logarithm.</summary>
    public double LogBase { get; }

    /// <inheritdoc/>
    public bool Equals(VnEntropy? other) => base.Equals(other) && LogBase == other.LogBase;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), LogBase);

    /// <inheritdoc/>
    public override string ToString() => $"S({string.Join(",", OfWires)})";

    internal override ImmutableArray<Measurement> Parts(FinalState state) => Spectra.Parts(state, OfWires);

    internal override void Evaluate(FinalState state, ReadOnlySpan<double> parts, Span<double> outputs) =>
        outputs[0] = parts.IsEmpty ? 0 : Of(DensityMatrix.ToMatrix(parts)) / Math.Log(LogBase);

    internal override void Pullback(
        FinalState state, ReadOnlySpan<double> parts, ReadOnlySpan<double> cotangents, Span<double> partCotangents)
    {
        if (!parts.IsEmpty)
        {
            DensityMatrix.AddCotangents(Derivative(DensityMatrix.ToMatrix(parts)), cotangents[0] / Math.Log(LogBase), partCotangents);
        }
    }

    /// <summary>−Tr ρ ln ρ.</summary>
    internal static double Of(Complex[,] rho) => MatrixAlgebra.Eigenvalues(rho).Sum(value => IsZero(value) ? 0 : -value * Math.Log(value));

    /// <summary>−(ln ρ + 1) where ρ is not zero.</summary>
    internal static Complex[,] Derivative(Complex[,] rho) =>
        MatrixAlgebra.Function(MatrixAlgebra.Eigen(rho), value => IsZero(value) ? 0 : -Math.Log(value) - 1);

    private static bool IsZero(double eigenvalue) => eigenvalue <= 1e-15;
}
