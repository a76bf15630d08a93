// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp;

/// <summary>The fidelity of two states, <c>F = (Tr √(√σ ρ √σ))²</c>: from 0 (orthogonal) to 1 (the same).</summary>
public static class StateFidelity
{
    /// <summary>The fidelity |⟨φ|ψ⟩|² of two pure states.</summary>
    /// <param name="phi">The amplitudes of one, <c>[2^m]</c>.</param>
    /// <param name="psi">The amplitudes of the other, <c>[2^m]</c>.</param>
    /// <exception cref="ArgumentException">They are not as many.</exception>
    public static double Of(ReadOnlySpan<Complex> phi, ReadOnlySpan<Complex> psi)
    {
        if (phi.Length != psi.Length)
        {
            throw new ArgumentException($"Two states of the same wires have as many amplitudes, not {phi.Length} and {psi.Length}.");
        }

        Complex sum = 0;
        for (var i = 0; i < phi.Length; i++)
        {
            sum += Complex.Conjugate(phi[i]) * psi[i];
        }

        return (sum.Real * sum.Real) + (sum.Imaginary * sum.Imaginary);
    }

    /// <summary>The fidelity ⟨φ|ρ|φ⟩ of a pure state with a mixed one.</summary>
    /// <param name="phi">The amplitudes of the pure state, <c>[2^m]</c>.</param>
    /// <param name="rho">The density matrix of the other, <c>[2^m, 2^m]</c>.</param>
    /// <exception cref="ArgumentException">Their sizes differ.</exception>
    public static double Of(ReadOnlySpan<Complex> phi, Complex[,] rho)
    {
        ArgumentNullException.ThrowIfNull(rho);
        RequireSquare(rho, phi.Length);
        var sum = 0.0;
        for (var r = 0; r < phi.Length; r++)
        {
            for (var c = 0; c < phi.Length; c++)
            {
                sum += (Complex.Conjugate(phi[r]) * rho[r, c] * phi[c]).Real;
            }
        }

        return sum;
    }

    /// <summary>The fidelity of two mixed states.</summary>
    /// <param name="rho">One density matrix, <c>[2^m, 2^m]</c>.</param>
    /// <param name="sigma">The other.</param>
    /// <exception cref="ArgumentException">Their sizes differ.</exception>
    public static double Between(Complex[,] rho, Complex[,] sigma)
    {
        ArgumentNullException.ThrowIfNull(rho);
        ArgumentNullException.ThrowIfNull(sigma);
        RequireSquare(rho, sigma.GetLength(0));
        RequireSquare(sigma, sigma.GetLength(0));
        return Of(Root(sigma), rho, Math.BitIncrement(1) - 1);
    }

    /// <summary>√σ.</summary>
    internal static Complex[,] Root(Complex[,] sigma) =>
        MatrixAlgebra.Function(MatrixAlgebra.Eigen(sigma), value => value <= 0 ? 0 : Math.Sqrt(value));

    /// <summary>The fidelity of ρ, known to <paramref name="epsilon"/>, with the square of <paramref name="root"/>.</summary>
    internal static double Of(Complex[,] root, Complex[,] rho, double epsilon)
    {
        var sum = MatrixAlgebra.Eigenvalues(Sandwich(root, rho)).Sum(value => RootOf(value, epsilon));
        return sum * sum;
    }

    /// <summary>
    /// The Hermitian matrix M with dF = Tr(M dρ): with A = √σ ρ √σ, <c>d Tr √A = ½ Tr(A^{−1/2} dA)</c>, so M = Tr√A · √σ A^{−1/2} √σ,
    /// the inverse on A's support.
    /// </summary>
    internal static Complex[,] Derivative(Complex[,] root, Complex[,] rho, double epsilon)
    {
        var eigen = MatrixAlgebra.Eigen(Sandwich(root, rho));
        var inverse = MatrixAlgebra.Function(eigen, value => RootOf(value, epsilon) is > 0 and var found ? 1 / found : 0);
        return MatrixAlgebra.Scale(Sandwich(root, inverse), eigen.Values.Sum(value => RootOf(value, epsilon)));
    }

    // The root of an eigenvalue that is only rounding would be far above the rounding.
    private static double RootOf(double eigenvalue, double epsilon) => eigenvalue <= 16 * epsilon ? 0 : Math.Sqrt(eigenvalue);

    private static Complex[,] Sandwich(Complex[,] outer, Complex[,] inner) =>
        MatrixAlgebra.Multiply(outer, MatrixAlgebra.Multiply(inner, outer));

    private static void RequireSquare(Complex[,] matrix, int size)
    {
        if (matrix.GetLength(0) != size || matrix.GetLength(1) != size)
        {
            throw new ArgumentException($"Both states are of the same wires: {size} × {size}, not {matrix.GetLength(0)} × {matrix.GetLength(1)}.");
        }
    }
}
