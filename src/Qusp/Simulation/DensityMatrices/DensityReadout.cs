// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp.Simulation.DensityMatrices;

/// <summary>
/// A real part or imaginary part of one number of the final vector, times a coefficient, added to an output: every measurement
/// of a density matrix is a sum of these.
/// </summary>
/// <param name="Output">The circuit's output.</param>
/// <param name="Index">The index into the vector.</param>
/// <param name="IsImaginary">Which part.</param>
/// <param name="Coefficient">The coefficient.</param>
internal readonly record struct DensityTerm(int Output, nint Index, bool IsImaginary, double Coefficient);

/// <summary>Measurements as sums over the final vector: linear, so the same list gives values and cotangents.</summary>
internal static class DensityReadout
{
    /// <summary>Calls <paramref name="visit"/> for every term of every measurement.</summary>
    public static void ForEach(DensityPlan plan, Action<DensityTerm> visit)
    {
        var output = 0;
        foreach (var measurement in plan.Circuit.Measurements)
        {
            switch (measurement)
            {
                case Expectation expectation:
                    foreach (var (coefficient, word) in expectation.Observable.Terms)
                    {
                        Word(plan, output, coefficient, word, visit);
                    }

                    break;
                case Probabilities probabilities:
                    int[] bits = [.. probabilities.OfWires.Select(wire => plan.Circuit.Wires - 1 - wire)];
                    Diagonal(plan, (_, b) => output + Readout.Local(b, bits), visit);
                    break;
                case DensityMatrix matrix:
                    Entries(plan, output, matrix, visit);
                    break;
                case BitProbabilities of:
                    int[] positions = [.. of.OfBits.Select(bit => plan.BitPositions[bit])];
                    Diagonal(plan, (branch, _) => output + positions.Aggregate(0, (value, position) => (value << 1) | (position < 0 ? 0 : (int)(branch >> position) & 1)), visit);
                    break;
                default:
                    throw new NotSupportedException($"{measurement} is not read from a density matrix; measure expectations, probabilities or the density matrix.");
            }

            output += measurement.Outputs(plan.Circuit.Wires);
        }
    }

    /// <summary>The terms of the trace.</summary>
    public static ImmutableArray<nint> Trace(DensityPlan plan)
    {
        var indices = ImmutableArray.CreateBuilder<nint>();
        Diagonal(plan, (_, _) => 0, term => indices.Add(term.Index));
        return indices.ToImmutable();
    }

    // Tr(ρP) = Σ_b i^{CountY} (−1)^{parity(b & sign)} ρ[b, b ⊕ flip].
    private static void Word(DensityPlan plan, int output, double coefficient, PauliWord word, Action<DensityTerm> visit)
    {
        var n = plan.Circuit.Wires;
        nint flip = 0, sign = 0;
        foreach (var (wire, pauli) in word.Letters)
        {
            var bit = (nint)1 << (n - 1 - wire);
            flip |= pauli is 'X' or 'Y' ? bit : 0;
            sign |= pauli is 'Z' or 'Y' ? bit : 0;
        }

        var power = word.CountY % 4;
        ForEachBranch(plan, branch =>
        {
            for (nint b = 0; b < (nint)1 << n; b++)
            {
                var negative = (nint.PopCount(b & sign) & 1) == 1 != power is 1 or 2;
                visit(new DensityTerm(output, branch | (b << n) | (b ^ flip), power % 2 == 1, negative ? -coefficient : coefficient));
            }
        });
    }

    // The entries of ρ_S: those of ρ whose other wires agree, added.
    private static void Entries(DensityPlan plan, int output, DensityMatrix matrix, Action<DensityTerm> visit)
    {
        var n = plan.Circuit.Wires;
        int[] bits = [.. matrix.OfWires.Select(wire => n - 1 - wire)];
        var kept = bits.Aggregate((nint)0, (mask, bit) => mask | ((nint)1 << bit));
        ForEachBranch(plan, branch =>
        {
            for (nint row = 0; row < (nint)1 << n; row++)
            {
                for (nint column = 0; column < (nint)1 << n; column++)
                {
                    if ((row & ~kept) == (column & ~kept))
                    {
                        var at = output + (2 * ((Readout.Local(row, bits) << bits.Length) + Readout.Local(column, bits)));
                        visit(new DensityTerm(at, branch | (row << n) | column, false, 1));
                        visit(new DensityTerm(at + 1, branch | (row << n) | column, true, 1));
                    }
                }
            }
        });
    }

    private static void Diagonal(DensityPlan plan, Func<nint, nint, int> output, Action<DensityTerm> visit)
    {
        var n = plan.Circuit.Wires;
        ForEachBranch(plan, branch =>
        {
            for (nint b = 0; b < (nint)1 << n; b++)
            {
                visit(new DensityTerm(output(branch, b), branch | (b << n) | b, false, 1));
            }
        });
    }

    private static void ForEachBranch(DensityPlan plan, Action<nint> visit)
    {
        var n = plan.Circuit.Wires;
        for (nint branch = 0; branch < (nint)1 << (plan.LastBits - (2 * n)); branch++)
        {
            visit(branch << (2 * n));
        }
    }
}
