// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.StateVectors;

/// <summary>The numbers of a block: its matrix, and from one overlap matrix the derivatives by all its angles.</summary>
internal sealed class BlockMatrix
{
    private readonly BlockFactor[] factors;
    private readonly int size;
    private readonly double[] filled; // φ of each factor
    private readonly double[] derivatives; // by each factor's φ
    private readonly Complex[] factor; // the matrix of one
    private Complex[] product;
    private Complex[] spare;

    public BlockMatrix(BlockPass pass)
    {
        (factors, size) = ([.. pass.Factors], pass.Offsets.Length);
        filled = new double[factors.Length];
        derivatives = new double[factors.Length];
        Array.Fill(filled, double.NaN);
        (product, spare, factor) = (new Complex[size * size], new Complex[size * size], new Complex[size * size]);
    }

    public ReadOnlySpan<BlockFactor> Factors => factors;

    /// <summary>Row-major <c>[d, d]</c>, as last filled.</summary>
    public ReadOnlySpan<Complex> Entries => product;

    /// <summary>Computes the matrix for a call; false if nothing has changed since the last.</summary>
    public bool Fill(ReadOnlySpan<double> arguments)
    {
        var changed = false;
        for (var k = 0; k < factors.Length; k++)
        {
            var argument = factors[k].Angle < 0 ? 0 : factors[k].Factor * arguments[factors[k].Angle];
            changed |= argument != filled[k];
            filled[k] = argument;
        }

        if (!changed)
        {
            return false;
        }

        Load(0, product);
        for (var k = 1; k < factors.Length; k++)
        {
            Load(k, factor);
            Multiply(factor, product, spare);
            (product, spare) = (spare, product);
        }

        return true;
    }

    /// <summary>
    /// The derivative by each factor's φ, given <c>B[r, c] = Σ ψ_r λ_c*</c> behind the block: by the last factor it is <c>Re tr(iG·B)</c>, and
    /// before that factor B is <c>P†BP</c>. The matrix must be filled.
    /// </summary>
    /// <param name="overlap">B, <c>[d, d]</c>; destroyed.</param>
    public ReadOnlySpan<double> Derivatives(Complex[] overlap)
    {
        for (var k = factors.Length - 1; k >= 0; k--)
        {
            if (factors[k].Angle >= 0)
            {
                derivatives[k] = Derivative(factors[k].Matrix, overlap);
            }

            if (k > 0)
            {
                Load(k, factor);
                Conjugate(factor, overlap);
            }
        }

        return derivatives;
    }

    private void Load(int k, Complex[] to)
    {
        var of = factors[k];
        if (of.Angle < 0)
        {
            of.Matrix.CopyTo(to, 0);
            return;
        }

        var (sin, cos) = Math.SinCos(filled[k]);
        for (var entry = 0; entry < to.Length; entry++)
        {
            var (g, square) = (of.Matrix[entry], of.Square[entry]);
            to[entry] = new Complex(((cos - 1) * square.Real) - (sin * g.Imaginary), ((cos - 1) * square.Imaginary) + (sin * g.Real));
        }

        for (var row = 0; row < size; row++)
        {
            to[(size + 1) * row] += 1;
        }
    }

    // Re tr(iG·B).
    private double Derivative(Complex[] generator, Complex[] overlap)
    {
        var sum = 0.0;
        for (var row = 0; row < size; row++)
        {
            for (var column = 0; column < size; column++)
            {
                var (g, b) = (generator[(row * size) + column], overlap[(column * size) + row]);
                sum -= (g.Real * b.Imaginary) + (g.Imaginary * b.Real);
            }
        }

        return sum;
    }

    // B ← P†BP.
    private void Conjugate(Complex[] by, Complex[] matrix)
    {
        Multiply(matrix, by, spare);
        Array.Clear(matrix);
        for (var row = 0; row < size; row++)
        {
            for (var k = 0; k < size; k++)
            {
                var left = Complex.Conjugate(by[(k * size) + row]);
                for (var column = 0; left != 0 && column < size; column++)
                {
                    matrix[(row * size) + column] += left * spare[(k * size) + column];
                }
            }
        }
    }

    private void Multiply(Complex[] left, Complex[] right, Complex[] to)
    {
        Array.Clear(to);
        for (var row = 0; row < size; row++)
        {
            for (var k = 0; k < size; k++)
            {
                var factor = left[(row * size) + k];
                for (var column = 0; factor != 0 && column < size; column++)
                {
                    to[(row * size) + column] += factor * right[(k * size) + column];
                }
            }
        }
    }
}
