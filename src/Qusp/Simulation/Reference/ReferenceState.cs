// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation;

/// <summary>A state as complex amplitudes, the obvious way. Not meant to be fast: it is what fast code is proved against.</summary>
internal sealed class ReferenceState
{
    private readonly int wires;

    public ReferenceState(int wires, Complex[] amplitudes) => (this.wires, Amplitudes) = (wires, amplitudes);

    public Complex[] Amplitudes { get; }

    public static ReferenceState Zero(int wires)
    {
        var amplitudes = new Complex[1 << wires];
        amplitudes[0] = 1;
        return new ReferenceState(wires, amplitudes);
    }

    /// <summary>The matrix applied to some wires, the first the most significant bit of the matrix's index.</summary>
    public ReferenceState Apply(Complex[,] matrix, ReadOnlySpan<int> on)
    {
        var result = new Complex[Amplitudes.Length];
        var size = matrix.GetLength(0);
        for (var row = 0; row < result.Length; row++)
        {
            var local = Local(row, on);
            for (var column = 0; column < size; column++)
            {
                result[row] += matrix[local, column] * Amplitudes[With(row, on, column)];
            }
        }

        return new ReferenceState(wires, result);
    }

    /// <summary>O|ψ⟩ for a Pauli sum.</summary>
    public ReferenceState Apply(PauliSum observable)
    {
        var sum = new Complex[Amplitudes.Length];
        foreach (var (coefficient, word) in observable.Terms)
        {
            var state = this;
            foreach (var (wire, pauli) in word.Letters)
            {
                state = state.Apply(Gates.Find(pauli.ToString()).Matrix(), [wire]);
            }

            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] += coefficient * state.Amplitudes[i];
            }
        }

        return new ReferenceState(wires, sum);
    }

    /// <summary>⟨this|other⟩.</summary>
    public Complex Inner(ReferenceState other)
    {
        Complex sum = 0;
        for (var i = 0; i < Amplitudes.Length; i++)
        {
            sum += Complex.Conjugate(Amplitudes[i]) * other.Amplitudes[i];
        }

        return sum;
    }

    /// <summary>The measurement's outputs.</summary>
    public double[] Measure(Measurement measurement) => measurement switch
    {
        Expectation expectation => [Inner(Apply(expectation.Observable)).Real],
        Probabilities probabilities => Marginal(probabilities),
        DensityMatrix density => [.. Reduced(density).Cast<Complex>().SelectMany(entry => (double[])[entry.Real, entry.Imaginary])],
        StateVector => [.. Amplitudes.SelectMany(amplitude => (double[])[amplitude.Real, amplitude.Imaginary])],
        _ => throw new NotSupportedException($"The reference device does not measure {measurement}."),
    };

    /// <summary>
    /// Adds to <paramref name="adjoint"/> the cotangent of the amplitudes, λ with <c>d(Σ_k g_k · output_k) = Re⟨λ|dψ⟩</c>.
    /// </summary>
    public void AddCotangent(Measurement measurement, ReadOnlySpan<double> cotangents, Complex[] adjoint)
    {
        switch (measurement)
        {
            case Expectation expectation:
                var applied = Apply(expectation.Observable).Amplitudes;
                for (var i = 0; i < adjoint.Length; i++)
                {
                    adjoint[i] += 2 * cotangents[0] * applied[i];
                }

                break;
            case Probabilities probabilities:
                for (var i = 0; i < adjoint.Length; i++)
                {
                    adjoint[i] += 2 * cotangents[Local(i, probabilities.OfWires.AsSpan())] * Amplitudes[i];
                }

                break;
            case DensityMatrix density:
                var seeded = Apply(DensityMatrix.Observable(cotangents), density.OfWires.AsSpan()).Amplitudes;
                for (var i = 0; i < adjoint.Length; i++)
                {
                    adjoint[i] += 2 * seeded[i];
                }

                break;
            case StateVector:
                for (var i = 0; i < adjoint.Length; i++)
                {
                    adjoint[i] += new Complex(cotangents[2 * i], cotangents[(2 * i) + 1]);
                }

                break;
            default:
                throw new NotSupportedException($"The reference device does not differentiate {measurement}.");
        }
    }

    private double[] Marginal(Probabilities probabilities)
    {
        var result = new double[1 << probabilities.OfWires.Length];
        for (var i = 0; i < Amplitudes.Length; i++)
        {
            result[Local(i, probabilities.OfWires.AsSpan())] += (Amplitudes[i] * Complex.Conjugate(Amplitudes[i])).Real;
        }

        return result;
    }

    private Complex[,] Reduced(DensityMatrix density)
    {
        var on = density.OfWires.AsSpan();
        var rho = new Complex[1 << on.Length, 1 << on.Length];
        for (var i = 0; i < Amplitudes.Length; i++)
        {
            for (var column = 0; column < rho.GetLength(1); column++)
            {
                rho[Local(i, on), column] += Amplitudes[i] * Complex.Conjugate(Amplitudes[With(i, on, column)]);
            }
        }

        return rho;
    }

    private int Local(int index, ReadOnlySpan<int> on)
    {
        var local = 0;
        foreach (var wire in on)
        {
            local = (local << 1) | ((index >> (wires - 1 - wire)) & 1);
        }

        return local;
    }

    private int With(int index, ReadOnlySpan<int> on, int local)
    {
        for (var k = 0; k < on.Length; k++)
        {
            var bit = 1 << (wires - 1 - on[k]);
            index = ((local >> (on.Length - 1 - k)) & 1) == 1 ? index | bit : index & ~bit;
        }

        return index;
    }
}
