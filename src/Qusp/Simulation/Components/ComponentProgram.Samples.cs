// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.Components;

// What is done with one sample, on whichever thread: each has rows of its own in every shape.
internal sealed unsafe partial class ComponentProgram<T>
{
    private void Fill(int s, SampleRows part)
    {
        var row = bundles[s];
        foreach (ref readonly var bundle in splits[s]!.Bundles.AsSpan())
        {
            cache.Runs[bundle.Shape.Index].Fill(part.Place(row++, bundle), bundle.Sources, InputsOf(s), new((T*)call.Weights, Circuit.Weights));
        }
    }

    private void Combine(int s, SampleRows part, int slot)
    {
        var to = ResultsOf(s);
        atZero.CopyTo(to);
        splits[s]!.Combine(ValuesOf(s, part, slot), to);
    }

    private void Spread(int s, SampleRows part, int slot)
    {
        var split = splits[s]!;
        var upstream = scratch[slot].Cotangents.AsSpan(0, split.Values);
        split.Pullback(split.IsLinear ? [] : ValuesOf(s, part, slot), ResultsOf(s), upstream);
        var row = bundles[s];
        foreach (ref readonly var bundle in split.Bundles.AsSpan())
        {
            var run = cache.Runs[bundle.Shape.Index];
            upstream.Slice(bundle.FirstValue, bundle.Count * run.Values).CopyTo(run.Cotangents(part[row++]));
        }
    }

    private void Collect(int s, SampleRows part, Span<double> byWeights)
    {
        var byInputs = call.Gradients == 0 ? default : new Span<T>((T*)call.Gradients + ((nint)s * Circuit.Inputs), Circuit.Inputs);
        byInputs.Clear();
        var row = bundles[s];
        foreach (ref readonly var bundle in splits[s]!.Bundles.AsSpan())
        {
            var gradients = cache.Runs[bundle.Shape.Index].Gradients(part[row++], bundle.Count);
            for (var j = 0; j < gradients.Length; j++)
            {
                var source = bundle.Sources[j];
                if (source >= Circuit.Inputs)
                {
                    byWeights[source - Circuit.Inputs] += double.CreateTruncating(gradients[j]);
                }
                else if (!byInputs.IsEmpty)
                {
                    byInputs[source] += gradients[j];
                }
            }
        }
    }

    private ReadOnlySpan<T> ValuesOf(int s, SampleRows part, int slot)
    {
        var values = scratch[slot].Values.AsSpan(0, splits[s]!.Values);
        var row = bundles[s];
        foreach (ref readonly var bundle in splits[s]!.Bundles.AsSpan())
        {
            cache.Runs[bundle.Shape.Index].Outputs(part[row++], bundle.Count).CopyTo(values[bundle.FirstValue..]);
        }

        return values;
    }
}
