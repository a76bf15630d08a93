// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.DensityMatrices;

/// <content>From the samples of a block to the matrices of its steps.</content>
internal sealed unsafe partial class DensityWorker<V, W, T>
{
    // Lanes without a sample are zero and are never read.
    private void Load(int lanes, T* rows, T* weights)
    {
        LaneRows<V, T>.Load(rows, plan.Circuit.Inputs, lanes, inputs);
        var free = plan.Counts[^1];
        circuits += lanes;
        gates += (long)free.Gates * lanes;
        twoQubitGates += (long)free.TwoQubitGates * lanes;
        for (var g = 0; g < thresholds.Length; g++)
        {
            var guard = plan.Circuit.Guards[g];
            var value = inputs[guard.Input];
            masks[g] = V.Exceeds(guard.Absolute ? V.Abs(value) : value, V.Broadcast(thresholds[g]));
            var fired = V.CountSet(masks[g], lanes);
            gates += (long)plan.Counts[g].Gates * fired;
            twoQubitGates += (long)plan.Counts[g].TwoQubitGates * fired;
            skipped += (long)plan.Counts[g].Gates * (lanes - fired);
        }

        if (isNewCall)
        {
            Load(layout.OfCall, lanes, weights);
            isNewCall = false;
        }

        Load(layout.OfSample, lanes, weights);
    }

    private void Load(VaryingMaps maps, int lanes, T* weights)
    {
        foreach (var source in maps.Sources)
        {
            LoadFactors(source, lanes, weights);
        }

        foreach (ref readonly var step in maps.Steps.AsSpan())
        {
            FillMatrices(step);
        }
    }

    private void LoadFactors(int s, int lanes, T* weights)
    {
        var source = plan.Sources[s];
        var values = factors + layout.FactorsAt[s];
        var changes = slopes + layout.SlopesAt[s];
        var varies = false;
        foreach (var angle in source.Angles)
        {
            varies |= angle.Source == AngleSource.Input;
        }

        for (var lane = 0; lane < (varies ? lanes : 1); lane++)
        {
            for (var k = 0; k < source.Angles.Length; k++)
            {
                var angle = source.Angles[k];
                angles[k] = angle.Source switch
                {
                    AngleSource.Input => (angle.Scale * double.CreateTruncating(((T*)(inputs + angle.Index))[lane])) + angle.Offset,
                    AngleSource.Weight => (angle.Scale * double.CreateTruncating(weights[angle.Index])) + angle.Offset,
                    _ => angle.Offset,
                };
            }

            source.Evaluate(angles.AsSpan(0, source.Angles.Length), factorValues.AsSpan(0, source.Factors), slopeValues.AsSpan(0, source.Factors * source.Angles.Length));
            Spread(factorValues, source.Factors, values, lane, varies);
            Spread(slopeValues, source.Factors * source.Angles.Length, changes, lane, varies);
        }
    }

    private static void Spread(double[] from, int count, V* to, int lane, bool varies)
    {
        for (var k = 0; k < count; k++)
        {
            var value = T.CreateTruncating(from[k]);
            if (varies)
            {
                ((T*)(to + k))[lane] = value;
            }
            else
            {
                to[k] = V.Broadcast(value);
            }
        }
    }

    // Where a guard is off the map is the identity: a NaN input that does not fire does no harm.
    private void FillMatrices(in PlacedStep placed)
    {
        var step = placed.Step;
        var values = step.Source < 0 ? null : factors + layout.FactorsAt[step.Source];
        foreach (var (block, _, at) in placed.Blocks)
        {
            var d = block.Size;
            var re = matrices.Re + at;
            var im = matrices.Im + at;
            for (var e = 0; e < d * d; e++)
            {
                (re[e], im[e]) = (default, default);
            }

            foreach (var (entry, factor, value) in block.Terms)
            {
                var by = values is null ? V.Broadcast(T.One) : values[factor];
                re[entry] = V.MultiplyAdd(by, V.Broadcast(T.CreateTruncating(value.Real)), re[entry]);
                im[entry] = V.MultiplyAdd(by, V.Broadcast(T.CreateTruncating(value.Imaginary)), im[entry]);
            }

            for (var e = 0; e < d * d && step.Guard >= 0; e++)
            {
                re[e] = V.Select(masks[step.Guard], re[e], V.Broadcast(e / d == e % d ? T.One : T.Zero));
                im[e] = V.Select(masks[step.Guard], im[e], default);
            }
        }
    }
}
