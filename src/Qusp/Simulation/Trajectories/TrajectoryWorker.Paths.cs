// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Simulation.DensityMatrices;
using Qusp.Simulation.Sampling;

namespace Qusp.Simulation.Trajectories;

/// <content>Which path a shot takes: the operator that it draws at each channel and measurement.</content>
internal sealed unsafe partial class TrajectoryWorker<V, T>
{
    // With probability η an operator of a varying channel is drawn evenly: a strength of 0 has a derivative too, on paths of probability 0.
    private const double Defensive = 0.1;

    // Which lanes a step fires in: 0, or −1 where it does not. Whether it does in any.
    private bool Mark(int i, TrajectoryStep step)
    {
        var any = false;
        for (var lane = 0; lane < V.Count; lane++)
        {
            var on = fires[i];
            foreach (var condition in step.Conditions)
            {
                on &= condition.Holds(bits.AsSpan(lane * plan.Circuit.Bits, plan.Circuit.Bits));
            }

            taken[(i * V.Count) + lane] = on ? 0 : -1;
            any |= on;
        }

        return any;
    }

    // The operator of each lane, c·L with c such that the state stays normalised; false if all of it is the identity.
    private bool FillChosen(int i, KrausStep step, KrausChoice choice)
    {
        var (d, changes) = (step.Size, false);
        for (var lane = 0; lane < V.Count; lane++)
        {
            var (operation, scale) = (taken[(i * V.Count) + lane], scales[(i * V.Count) + lane]);
            changes |= operation > 0 || (operation == 0 && !(choice.StartsWithIdentity && scale == 1));
            for (var e = 0; e < d * d; e++)
            {
                var entry = operation < 0 ? (e / d == e % d ? 1 : 0) : scale * choice.Matrices[operation][e];
                ((T*)(matrix.Re + e))[lane] = T.CreateTruncating(entry.Real);
                ((T*)(matrix.Im + e))[lane] = T.CreateTruncating(entry.Imaginary);
            }
        }

        return changes;
    }

    private void Choose(int i, KrausStep step, KrausChoice choice, bool defensive)
    {
        if (!choice.IsMixture)
        {
            BlockKernels.Outer<V, T>(step.Map.Groups, step.Map.Blocks[0], state, state, sums);
        }

        for (var lane = 0; lane < V.Count; lane++)
        {
            if (taken[(i * V.Count) + lane] < 0)
            {
                continue;
            }

            var total = 0.0;
            for (var k = 0; k < choice.Weights.Length; k++)
            {
                likelihoods[k] = double.IsNaN(choice.Norms[k]) ? Expectation(choice.Effects[k], lane) : choice.Norms[k];
                total += Math.Abs(choice.Weights[k]) * likelihoods[k];
            }

            var (picked, q) = step.KeepsTrace ? Draw(i, lane, choice.Weights, total, defensive) : (0, 1);
            var (effect, weight) = (likelihoods[picked], choice.Weights[picked]);
            taken[(i * V.Count) + lane] = picked;
            scales[(i * V.Count) + lane] = effect > 0 ? 1 / Math.Sqrt(effect) : 0;
            factor[lane] *= effect / q * (weight == 0 ? 1 : weight);
            zeros[lane] += weight == 0 ? 1 : 0;
            if (step.Bit is { } bit)
            {
                bits[(lane * plan.Circuit.Bits) + bit] = step.Form.Outcome(picked) == 1;
            }
        }
    }

    // By |w|⟨L†L⟩: a weight continued below 0 turns the sign of the factor, and the mean stays right.
    private (int Picked, double Probability) Draw(int i, int lane, double[] weights, double total, bool defensive)
    {
        if (!(total > 0))
        {
            return (0, 1); // what was post-selected before has left nothing
        }

        var even = defensive ? Possible(weights.Length) : 0;
        double Of(int k) => even > 0
            ? ((1 - Defensive) * Math.Abs(weights[k]) * likelihoods[k] / total) + (likelihoods[k] > 0 ? Defensive / even : 0)
            : Math.Abs(weights[k]) * likelihoods[k] / total;

        var uniform = Philox.Uniform(seed, sample, firstShot + (uint)lane, 0x8000_0000u | (uint)i);
        var last = 0;
        for (var k = 0; k < weights.Length; k++)
        {
            var probability = Of(k);
            if (probability > 0)
            {
                last = k;
                if ((uniform -= probability) < 0)
                {
                    break;
                }
            }
        }

        return (last, Of(last));
    }

    private int Possible(int terms)
    {
        var count = 0;
        for (var k = 0; k < terms; k++)
        {
            count += likelihoods[k] > 0 ? 1 : 0;
        }

        return count;
    }

    // ⟨ψ|E|ψ⟩ from Σ conj(ψ_r) ψ_c of the wires.
    private double Expectation(Complex[] effect, int lane)
    {
        var sum = 0.0;
        for (var e = 0; e < effect.Length; e++)
        {
            sum += (effect[e].Real * double.CreateTruncating(((T*)(sums.Re + e))[lane])) - (effect[e].Imaginary * double.CreateTruncating(((T*)(sums.Im + e))[lane]));
        }

        return Math.Max(0, sum);
    }
}
