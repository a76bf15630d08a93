// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Simulation.Pauli;

/// <summary>A stretch of a tape: what one step does to the coefficients.</summary>
/// <param name="Step">The step.</param>
/// <param name="First">Where its slots begin.</param>
/// <param name="Count">How many slots: pairs of a turn, 4^m of each block of a map.</param>
internal readonly record struct PauliStretch(PauliStep Step, int First, int Count);

/// <summary>
/// The propagation of words through a circuit, recorded: each word that arises has a slot, and each step rotates coefficients of a few slots. Which they are
/// depends on the circuit alone, so a tape serves all angles. Forward it takes the observables' coefficients back to the start of
/// the circuit; backward, transposed, it takes the expectations of words in |0…0⟩ to those in the final state, of all observables at once.
/// A slot is written ~slot where its word has got a minus.
/// </summary>
internal sealed class PauliTape
{
    /// <summary>Stands for no slot in a map's block.</summary>
    public const int None = int.MinValue;

    public required PauliStretch[] Stretches { get; init; }

    public required int[] Slots { get; init; }

    /// <summary>Of each slot: the expectation of its word in |0…0⟩; 0 for words that were cut off.</summary>
    public required double[] AtZero { get; init; }

    /// <summary>The slots whose words were cut off.</summary>
    public required int[] CutOff { get; init; }

    /// <summary>What is measured.</summary>
    public required (int Output, double Coefficient, int Slot)[] Terms { get; init; }

    /// <summary>The expectations of the observables' words.</summary>
    public void Expect(PauliAngles angles, double[] lambda)
    {
        AtZero.CopyTo(lambda, 0);
        for (var k = Stretches.Length - 1; k >= 0; k--)
        {
            Transposed(k, angles, lambda);
        }
    }

    /// <summary>The sum of the sizes of coefficients that were cut off: a bound on the error of Σ g·O.</summary>
    public double CutOffNorm(double[] coefficients) => CutOff.Sum(slot => Math.Abs(coefficients[slot]));

    /// <summary>Takes coefficients of the observables to the start of the circuit.</summary>
    public void Propagate(PauliAngles angles, double[] coefficients)
    {
        for (var k = 0; k < Stretches.Length; k++)
        {
            Forward(k, angles, coefficients);
        }
    }

    /// <summary>Adds to <paramref name="byStep"/> the derivative by each stretch's φ or θ; ends with coefficients as before <see cref="Propagate"/>.</summary>
    public void Differentiate(PauliAngles angles, double[] coefficients, double[] lambda, double[] byStep)
    {
        AtZero.CopyTo(lambda, 0);
        for (var k = Stretches.Length - 1; k >= 0; k--)
        {
            var (step, first, count) = Stretches[k];
            if (step.Varies)
            {
                byStep[k] = step.Gate is null ? TurnDerivative(first, count, coefficients, lambda) : 0;
            }

            Transposed(k, angles, coefficients);
            if (step.Varies && step.Gate is not null)
            {
                byStep[k] = Bilinear(angles.Derivatives[k]!, first, count, coefficients, lambda);
            }

            Transposed(k, angles, lambda);
        }
    }

    private void Forward(int k, PauliAngles angles, double[] c)
    {
        var (step, first, count) = Stretches[k];
        if (step.Gate is null)
        {
            Turn(first, count, angles.Cosines[k], angles.Sines[k], c);
        }
        else
        {
            Map(first, count, angles.Matrices[k]!, transposed: false, c);
        }
    }

    private void Transposed(int k, PauliAngles angles, double[] c)
    {
        var (step, first, count) = Stretches[k];
        if (step.Gate is null)
        {
            Turn(first, count, angles.Cosines[k], -angles.Sines[k], c);
        }
        else
        {
            Map(first, count, angles.Matrices[k]!, transposed: true, c);
        }
    }

    private void Turn(int first, int count, double cos, double sin, double[] c)
    {
        var slots = Slots.AsSpan(first, count);
        for (var k = 0; k < slots.Length; k += 2)
        {
            var (a, b) = (slots[k], slots[k + 1]);
            var s = sin;
            if (b < 0)
            {
                (b, s) = (~b, -sin);
            }

            (c[a], c[b]) = ((cos * c[a]) - (s * c[b]), (cos * c[b]) + (s * c[a]));
        }
    }

    private double TurnDerivative(int first, int count, double[] c, double[] lambda)
    {
        var slots = Slots.AsSpan(first, count);
        var sum = 0.0;
        for (var k = 0; k < slots.Length; k += 2)
        {
            var (a, b) = (slots[k], slots[k + 1]);
            var sign = b < 0 ? -1 : 1;
            b = b < 0 ? ~b : b;
            sum += sign * ((lambda[b] * c[a]) - (lambda[a] * c[b]));
        }

        return sum;
    }

    private void Map(int first, int count, double[] matrix, bool transposed, double[] c)
    {
        var size = (int)Math.Sqrt(matrix.Length);
        Span<double> block = stackalloc double[size];
        for (var from = first; from < first + count; from += size)
        {
            var slots = Slots.AsSpan(from, size);
            for (var p = 0; p < size; p++)
            {
                block[p] = Read(slots[p], c);
            }

            for (var p = 0; p < size; p++)
            {
                if (slots[p] == None)
                {
                    continue;
                }

                var sum = 0.0;
                for (var q = 0; q < size; q++)
                {
                    sum += (transposed ? matrix[(q * size) + p] : matrix[(p * size) + q]) * block[q];
                }

                (slots[p] < 0 ? ref c[~slots[p]] : ref c[slots[p]]) = slots[p] < 0 ? -sum : sum;
            }
        }
    }

    private double Bilinear(double[] matrix, int first, int count, double[] c, double[] lambda)
    {
        var (size, sum) = ((int)Math.Sqrt(matrix.Length), 0.0);
        for (var from = first; from < first + count; from += size)
        {
            var slots = Slots.AsSpan(from, size);
            for (var p = 0; p < size; p++)
            {
                for (var q = 0; q < size; q++)
                {
                    sum += Read(slots[p], lambda) * matrix[(p * size) + q] * Read(slots[q], c);
                }
            }
        }

        return sum;
    }

    private static double Read(int slot, double[] c) => slot == None ? 0 : slot < 0 ? -c[~slot] : c[slot];
}

/// <summary>A tape's angles for one sample, by stretch.</summary>
internal sealed class PauliAngles(PauliTape tape)
{
    public double[] Cosines { get; } = new double[tape.Stretches.Length];

    public double[] Sines { get; } = new double[tape.Stretches.Length];

    public double[]?[] Matrices { get; } = new double[]?[tape.Stretches.Length];

    public double[]?[] Derivatives { get; } = new double[]?[tape.Stretches.Length];

    /// <summary>Computes them.</summary>
    public void Fill(ReadOnlySpan<double> inputs, ReadOnlySpan<double> weights, bool derivatives)
    {
        for (var k = 0; k < tape.Stretches.Length; k++)
        {
            var step = tape.Stretches[k].Step;
            var theta = step.Angle.Value(inputs, weights);
            if (step.Gate is not { } gate)
            {
                (Sines[k], Cosines[k]) = Math.SinCos(step.Factor * theta);
            }
            else if (!step.Varies)
            {
                Matrices[k] = step.Matrix;
            }
            else
            {
                var u = gate.Matrix(theta);
                Matrices[k] = TransferMatrix.Of(u);
                Derivatives[k] = derivatives ? TransferMatrix.Derivative(u, gate.Derivative(0, theta)) : null;
            }
        }
    }
}
