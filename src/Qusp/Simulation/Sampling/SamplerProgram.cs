// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp.Simulation.Sampling;

/// <summary>
/// Estimates outputs from a finite number of shots: an exact program gives each outcome's probability, and each shot
/// draws one outcome by inversion. All outputs that share a basis are read from the same shots, as on hardware.
/// </summary>
internal sealed class SamplerProgram<T> : IProgram<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int NumbersPerCall = 1 << 20; // probabilities held at once

    private readonly ImmutableArray<Run> runs;
    private readonly double[] constants; // [K]: identity terms
    private readonly int shots;
    private readonly uint[] outcomes;
    private readonly double[] row;
    private T[] probabilities = [];
    private long drawn;

    public SamplerProgram(Circuit circuit, int shots, Func<Circuit, IProgram<T>> compile)
    {
        (Circuit, this.shots) = (circuit, shots);
        runs = [.. MeasurementBasis.Group(circuit).Select(basis => new Run(compile(basis.Rotate(circuit)), basis.Terms, basis.Distributions))];
        outcomes = new uint[shots];
        row = new double[circuit.Outputs];
        constants = new double[circuit.Outputs];
        var output = 0;
        foreach (var measurement in circuit.Measurements)
        {
            constants[output] = measurement is Expectation expectation
                ? expectation.Observable.Terms.Where(term => term.Word.LastWire < 0).Sum(term => term.Coefficient)
                : 0;
            output += measurement.Outputs(circuit.Wires);
        }
    }

    public Circuit Circuit { get; }

    public string Device => SamplerDevice.DeviceName;

    public Differentiation Differentiation => Differentiation.None;

    public bool IsStochastic => true;

    public Cost Cost => runs.Aggregate(new Cost(0, 0, 0, 0, drawn), (sum, run) => sum + run.Exact.Cost);

    public void Evaluate(int batch, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, Span<T> outputs, Draw draw = default)
    {
        Call.CheckEvaluate(Circuit, batch, inputs.Length, weights.Length, outputs.Length);
        for (var sample = 0; sample < batch; sample++)
        {
            for (var k = 0; k < constants.Length; k++)
            {
                outputs[(sample * constants.Length) + k] = T.CreateChecked(constants[k]);
            }
        }

        for (var r = 0; r < runs.Length; r++)
        {
            var size = runs[r].Exact.Circuit.Outputs;
            var rows = Math.Max(1, Math.Min(batch, NumbersPerCall / size));
            if (probabilities.Length < rows * size)
            {
                probabilities = new T[rows * size];
            }

            for (var first = 0; first < batch; first += rows)
            {
                var count = Math.Min(rows, batch - first);
                var table = probabilities.AsSpan(0, count * size);
                runs[r].Exact.Evaluate(count, inputs.Slice(first * Circuit.Inputs, count * Circuit.Inputs), weights, table);
                for (var s = 0; s < count; s++)
                {
                    Sample(table.Slice(s * size, size), draw, first + s, (uint)r);
                    Estimate(runs[r], outputs.Slice((first + s) * Circuit.Outputs, Circuit.Outputs));
                }
            }

            drawn += (long)batch * shots;
        }
    }

    public void Pullback(
        int batch,
        ReadOnlySpan<T> inputs,
        ReadOnlySpan<T> weights,
        ReadOnlySpan<T> cotangents,
        Span<T> inputGradients,
        Span<T> weightGradients,
        Draw draw = default) =>
        throw new NotSupportedException("sampler: shots have no adjoint; compile with Differentiation.ParameterShift.");

    public void Dispose()
    {
        foreach (var run in runs)
        {
            run.Exact.Dispose();
        }
    }

    private void Sample(Span<T> table, Draw draw, int sample, uint run)
    {
        // The cumulative sums, in place; the last is the total, 1 up to rounding, and scales the draw.
        for (var i = 1; i < table.Length; i++)
        {
            table[i] += table[i - 1];
        }

        var total = double.CreateChecked(table[^1]);
        var key = draw.Sample(sample);
        for (var shot = 0; shot < shots; shot++)
        {
            var target = T.CreateChecked(total * Philox.Uniform(draw.Seed, key, (uint)shot, run));
            var (low, high) = (0, table.Length - 1);
            while (low < high)
            {
                var middle = (low + high) >>> 1;
                (low, high) = table[middle] > target ? (low, middle) : (middle + 1, high);
            }

            outcomes[shot] = (uint)low;
        }
    }

    private void Estimate(in Run run, Span<T> outputs)
    {
        Array.Clear(row);
        foreach (var (output, coefficient, bits) in run.Terms)
        {
            var sum = 0;
            foreach (var outcome in outcomes)
            {
                sum += 1 - (2 * (BitOperations.PopCount(outcome & bits) & 1));
            }

            row[output] += coefficient * sum / shots;
        }

        foreach (var (output, bits) in run.Distributions)
        {
            foreach (var outcome in outcomes)
            {
                row[output + Readout.Local((nint)outcome, bits)] += 1.0 / shots;
            }
        }

        for (var k = 0; k < row.Length; k++)
        {
            outputs[k] += T.CreateChecked(row[k]);
        }
    }

    private readonly record struct Run(
        IProgram<T> Exact, ImmutableArray<(int Output, double Coefficient, uint Bits)> Terms, ImmutableArray<(int Output, int[] Bits)> Distributions);
}
