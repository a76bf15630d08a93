// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.Pauli;

/// <summary>
/// The <c>pauli</c> device's program. A tape is recorded once for a pattern of fired guards; a sample is two sweeps over it.
/// Where small coefficients are cut off, which they are depends on the angles, and each sample has tapes of its own, one an output.
/// </summary>
internal sealed class PauliProgram<T> : SampleWiseProgram<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int MaxSlots = 1 << 24; // of all tapes kept

    private readonly PauliLimits limits;
    private readonly PauliStep[] steps;
    private readonly GuardLedger<T> firing;
    private readonly (int Output, double Coefficient, PauliWord Word)[] terms;
    private readonly Dictionary<bool[], PauliTape[]> tapes = new(new SequenceComparer<bool>()); // by the guards that fire
    private readonly Dictionary<bool[], PauliTape[]>.AlternateLookup<ReadOnlySpan<bool>> find;
    private readonly PauliSweep[] sweeps; // of each slot
    private long kept;
    private PauliTape[][] bySample = [];

    public PauliProgram(Circuit circuit, Differentiation differentiation, PauliLimits limits, int threads)
        : base(circuit, PauliDevice.DeviceName, differentiation, threads)
    {
        this.limits = limits;
        var measured = circuit.MeasureWords(probabilities: true).LightCone();
        steps = PauliLowering.Lower(measured);
        firing = new GuardLedger<T>(measured);
        terms = [.. measured.Measurements.SelectMany((measurement, output) =>
            ((Expectation)measurement).Observable.Terms.Select(term => (output, term.Coefficient, term.Word)))];
        find = tapes.GetAlternateLookup<ReadOnlySpan<bool>>();
        sweeps = [.. Enumerable.Range(0, Crew.Slots).Select(_ => new PauliSweep(Crew))];
        if (measured.Guards.IsEmpty && limits.Cutoff <= 0)
        {
            _ = Tapes([], default, default); // too many words are refused when the circuit is compiled
        }
    }

    protected override void Prepare(int batch, ReadOnlySpan<T> inputs, ReadOnlySpan<double> data, ReadOnlySpan<double> weights)
    {
        if (kept > MaxSlots)
        {
            tapes.Clear();
            kept = 0;
        }

        var places = Numbers.Room(ref bySample, batch);
        for (var sample = 0; sample < batch; sample++)
        {
            var (first, count) = (sample * Circuit.Inputs, Circuit.Inputs);
            places[sample] = Tapes(firing.Fires(inputs.Slice(first, count)), data.Slice(first, count), weights);
        }
    }

    protected override double Forward(SamplePlace at, ReadOnlySpan<double> inputs, ReadOnlySpan<double> weights, Span<double> outputs)
    {
        var (error, sweep) = (0.0, sweeps[at.Slot]);
        foreach (var tape in bySample[at.Sample])
        {
            sweep.Begin(tape, inputs, weights, derivatives: false);
            var expectations = sweep.Expect();
            foreach (var (output, coefficient, slot) in tape.Terms)
            {
                outputs[output] += coefficient * expectations[slot];
            }

            if (tape.CutOff.Length > 0)
            {
                foreach (var (_, coefficient, slot) in tape.Terms)
                {
                    sweep.Coefficients[slot] += coefficient;
                }

                sweep.Propagate();
                error = Math.Max(error, tape.CutOffNorm(sweep.Coefficients));
            }
        }

        return error;
    }

    protected override double Reverse(
        SamplePlace at,
        ReadOnlySpan<double> inputs,
        ReadOnlySpan<double> weights,
        ReadOnlySpan<double> cotangents,
        Span<double> inputGradient,
        Span<double> weightGradient)
    {
        var sweep = sweeps[at.Slot];
        foreach (var tape in bySample[at.Sample])
        {
            sweep.Begin(tape, inputs, weights, derivatives: true);
            foreach (var (output, coefficient, slot) in tape.Terms)
            {
                sweep.Coefficients[slot] += coefficient * cotangents[output];
            }

            sweep.Propagate();
            var derivatives = sweep.Differentiate();
            for (var k = 0; k < tape.Stretches.Length; k++)
            {
                var step = tape.Stretches[k].Step;
                if (step.Varies)
                {
                    (step.Angle.Source == AngleSource.Input ? inputGradient : weightGradient)[step.Angle.Index]
                        += derivatives[k] * step.Angle.Scale * (step.Gate is null ? step.Factor : 1);
                }
            }
        }

        return 0;
    }

    private PauliTape[] Tapes(ReadOnlySpan<bool> fires, ReadOnlySpan<double> inputs, ReadOnlySpan<double> weights) =>
        limits.Cutoff <= 0 && find.TryGetValue(fires, out var known) ? known : Record(fires.ToArray(), inputs, weights);

    private PauliTape[] Record(bool[] fires, ReadOnlySpan<double> inputs, ReadOnlySpan<double> weights)
    {
        PauliStep[] fired = [.. steps.Where(step => step.Guard < 0 || fires[step.Guard])];
        var made = new List<PauliTape>();
        foreach (var group in limits.IsExact ? [terms] : terms.GroupBy(term => term.Output).Select(group => group.ToArray()))
        {
            made.Add(PauliPropagation.Record(Circuit.Wires, fired, group, limits, inputs, weights));
        }

        PauliTape[] result = [.. made];
        if (limits.Cutoff <= 0)
        {
            tapes[fires] = result;
            kept += made.Sum(tape => (long)tape.Slots.Length + (2 * tape.AtZero.Length));
        }

        return result;
    }
}
