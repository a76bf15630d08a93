// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Simulation.Lanes;
using Qusp.Simulation.Sampling;

namespace Qusp.Simulation.Trajectories;

/// <summary>Measurements of the pure states, and the adjoint states that they start.</summary>
internal sealed unsafe partial class TrajectoryWorker<V, T>
{
    private const uint FinalStream = 0xC000_0000; // apart from the streams of steps

    // Adds F times each output of each lane, and F, in the order of the lanes.
    private void Read(int lanes, Span<double> totals)
    {
        Measure();
        for (var lane = 0; lane < lanes; lane++)
        {
            var weight = zeros[lane] > 0 ? 0 : factor[lane];
            for (var k = 0; k < plan.Circuit.Outputs; k++)
            {
                totals[k] += weight * double.CreateTruncating(((T*)(values + k))[lane]);
            }

            totals[^1] += weight;
        }
    }

    private void Measure()
    {
        for (var k = 0; k < plan.Circuit.Outputs; k++)
        {
            values[k] = default;
        }

        var output = 0;
        foreach (var measurement in plan.Circuit.Measurements)
        {
            switch (measurement)
            {
                case Expectation expectation:
                    foreach (var (coefficient, word) in expectation.Observable.Terms)
                    {
                        values[output] = V.MultiplyAdd(V.Broadcast(T.CreateTruncating(coefficient)), Mean(new WordMasks(plan.Circuit.Wires, word)), values[output]);
                    }

                    break;
                case Probabilities of:
                    for (nint b = 0; b < size; b++)
                    {
                        ref var to = ref values[output + Local(b, of.OfWires.AsSpan())];
                        to = V.MultiplyAdd(state.Re[b], state.Re[b], V.MultiplyAdd(state.Im[b], state.Im[b], to));
                    }

                    break;
                case BitProbabilities of:
                    for (var lane = 0; lane < V.Count; lane++)
                    {
                        ((T*)(values + output + Outcome(of, lane)))[lane] = T.One;
                    }

                    break;
                case DensityMatrix of:
                    var dimension = 1 << of.OfWires.Length;
                    for (nint b = 0; b < size; b++)
                    {
                        var row = Local(b, of.OfWires.AsSpan());
                        for (var column = 0; column < dimension; column++)
                        {
                            // ρ_rc = Σ ψ_r conj(ψ_c)
                            var c = With(b, of.OfWires.AsSpan(), column);
                            var at = values + output + (2 * ((row * dimension) + column));
                            at[0] = V.MultiplyAdd(state.Re[b], state.Re[c], V.MultiplyAdd(state.Im[b], state.Im[c], at[0]));
                            at[1] = V.MultiplyAdd(state.Im[b], state.Re[c], V.MultiplyAdd(-state.Re[b], state.Im[c], at[1]));
                        }
                    }

                    break;
                default:
                    throw new NotSupportedException($"trajectories do not measure {measurement}.");
            }

            output += measurement.Outputs(plan.Circuit.Wires);
        }
    }

    /// <summary>The adjoint state 2Oψ of <c>O = Σ_k g_k O_k − shift</c> in every lane.</summary>
    private void StartAdjoint(ReadOnlySpan<double> cotangents, double shift)
    {
        var down = V.Broadcast(T.CreateTruncating(-2 * shift));
        for (nint b = 0; b < size; b++)
        {
            (adjoint.Re[b], adjoint.Im[b]) = (down * state.Re[b], down * state.Im[b]);
        }

        var output = 0;
        foreach (var measurement in plan.Circuit.Measurements)
        {
            switch (measurement)
            {
                case Expectation expectation:
                    foreach (var (coefficient, word) in expectation.Observable.Terms)
                    {
                        AddWord(new WordMasks(plan.Circuit.Wires, word), 2 * cotangents[output] * coefficient);
                    }

                    break;
                case Probabilities of:
                    for (nint b = 0; b < size; b++)
                    {
                        AddScaled(b, V.Broadcast(T.CreateTruncating(2 * cotangents[output + Local(b, of.OfWires.AsSpan())])));
                    }

                    break;
                case BitProbabilities of:
                    var own = default(V);
                    for (var lane = 0; lane < V.Count; lane++)
                    {
                        ((T*)&own)[lane] = T.CreateTruncating(2 * cotangents[output + Outcome(of, lane)]);
                    }

                    for (nint b = 0; b < size; b++)
                    {
                        AddScaled(b, own);
                    }

                    break;
                case DensityMatrix of:
                    AddMatrix(of, cotangents[output..]);
                    break;
                default:
                    break; // refused by Measure
            }

            output += measurement.Outputs(plan.Circuit.Wires);
        }
    }

    private V Mean(WordMasks word)
    {
        var sum = default(V);
        for (nint b = 0; b < size; b++)
        {
            // conj(ψ_{b⊕flip}) i^Y (−1)^parity ψ_b
            var c = b ^ word.Flip;
            var term = word.IsImaginary
                ? V.MultiplyAdd(state.Im[c], state.Re[b], -(state.Re[c] * state.Im[b]))
                : V.MultiplyAdd(state.Re[c], state.Re[b], state.Im[c] * state.Im[b]);
            sum = word.IsNegative(b) ? sum - term : sum + term;
        }

        return sum;
    }

    private void AddWord(WordMasks word, double scale)
    {
        var (plus, minus) = (V.Broadcast(T.CreateTruncating(scale)), V.Broadcast(T.CreateTruncating(-scale)));
        for (nint b = 0; b < size; b++)
        {
            var (c, by, opposite) = (b ^ word.Flip, word.IsNegative(b) ? minus : plus, word.IsNegative(b) ? plus : minus);
            adjoint.Re[c] = V.MultiplyAdd(word.IsImaginary ? opposite : by, word.IsImaginary ? state.Im[b] : state.Re[b], adjoint.Re[c]);
            adjoint.Im[c] = V.MultiplyAdd(by, word.IsImaginary ? state.Re[b] : state.Im[b], adjoint.Im[c]);
        }
    }

    private void AddScaled(nint b, V by)
    {
        adjoint.Re[b] = V.MultiplyAdd(by, state.Re[b], adjoint.Re[b]);
        adjoint.Im[b] = V.MultiplyAdd(by, state.Im[b], adjoint.Im[b]);
    }

    // Σ g dρ_S = Tr(M dρ_S) with M Hermitian: λ = 2 (M ⊗ 1)ψ.
    private void AddMatrix(DensityMatrix of, ReadOnlySpan<double> cotangents)
    {
        var dimension = 1 << of.OfWires.Length;
        for (nint b = 0; b < size; b++)
        {
            var row = Local(b, of.OfWires.AsSpan());
            for (var column = 0; column < dimension; column++)
            {
                var (rc, cr) = (2 * ((row * dimension) + column), 2 * ((column * dimension) + row));
                var re = V.Broadcast(T.CreateTruncating(cotangents[rc] + cotangents[cr]));
                var im = V.Broadcast(T.CreateTruncating(cotangents[rc + 1] - cotangents[cr + 1]));
                var c = With(b, of.OfWires.AsSpan(), column);
                adjoint.Re[b] = V.MultiplyAdd(re, state.Re[c], V.MultiplyAdd(-im, state.Im[c], adjoint.Re[b]));
                adjoint.Im[b] = V.MultiplyAdd(re, state.Im[c], V.MultiplyAdd(im, state.Re[c], adjoint.Im[b]));
            }
        }
    }

    // By inversion: the basis state in which the running sum of |ψ|² passes the shot's number. A path's state is normalised.
    private void Outcomes(Measurement reading, Span<uint> outcomes)
    {
        if (reading is BitProbabilities read)
        {
            for (var lane = 0; lane < outcomes.Length; lane++)
            {
                outcomes[lane] = (uint)Outcome(read, lane);
            }

            return;
        }

        Span<double> left = stackalloc double[outcomes.Length];
        for (var lane = 0; lane < left.Length; lane++)
        {
            left[lane] = Philox.Uniform(seed, sample, firstShot + (uint)lane, FinalStream);
        }

        var wires = ((Probabilities)reading).OfWires.AsSpan();
        for (nint b = 0; b < size; b++)
        {
            var probability = V.MultiplyAdd(state.Re[b], state.Re[b], state.Im[b] * state.Im[b]);
            for (var lane = 0; lane < left.Length; lane++)
            {
                var p = double.CreateTruncating(((T*)&probability)[lane]);
                if (left[lane] >= 0 && p > 0)
                {
                    left[lane] -= p;
                    outcomes[lane] = (uint)Local(b, wires); // the last that is possible, should rounding leave something
                }
            }
        }
    }

    private int Outcome(BitProbabilities of, int lane)
    {
        var value = 0;
        foreach (var bit in of.OfBits)
        {
            value = (value << 1) | (bits[(lane * plan.Circuit.Bits) + bit] ? 1 : 0);
        }

        return value;
    }

    private int Local(nint index, ReadOnlySpan<int> wires)
    {
        var local = 0;
        foreach (var wire in wires)
        {
            local = (local << 1) | (int)((index >> (plan.Circuit.Wires - 1 - wire)) & 1);
        }

        return local;
    }

    private nint With(nint index, ReadOnlySpan<int> wires, int local)
    {
        for (var k = 0; k < wires.Length; k++)
        {
            var bit = (nint)1 << (plan.Circuit.Wires - 1 - wires[k]);
            index = ((local >> (wires.Length - 1 - k)) & 1) == 1 ? index | bit : index & ~bit;
        }

        return index;
    }

    // P|b⟩ = i^{CountY} (−1)^{parity(b & sign)} |b ⊕ flip⟩.
    private readonly struct WordMasks
    {
        private readonly nint sign;
        private readonly bool negative;

        public WordMasks(int wires, PauliWord word)
        {
            foreach (var (wire, pauli) in word.Letters)
            {
                var bit = (nint)1 << (wires - 1 - wire);
                Flip |= pauli is 'X' or 'Y' ? bit : 0;
                sign |= pauli is 'Z' or 'Y' ? bit : 0;
            }

            (IsImaginary, negative) = (word.CountY % 2 == 1, word.CountY % 4 is 2 or 3);
        }

        public nint Flip { get; }

        public bool IsImaginary { get; }

        public bool IsNegative(nint b) => (nint.PopCount(b & sign) & 1) == 1 != negative;
    }
}
