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
    private readonly Dictionary<string, PauliTape[]> tapes = [];
    private readonly Scratch?[] scratch;
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
        scratch = new Scratch?[Slots];
        if (measured.Guards.IsEmpty && limits.Cutoff <= 0)
        {
            _ = Tapes([], default, default); // too many words are refused when the circuit is compiled
        }
    }

    protected override void Prepare(int batch, ReadOnlySpan<T> inputs, double[] data, double[] weights)
    {
        if (kept > MaxSlots)
        {
            tapes.Clear();
            kept = 0;
        }

        bySample = new PauliTape[batch][];
        for (var sample = 0; sample < batch; sample++)
        {
            var (first, count) = (sample * Circuit.Inputs, Circuit.Inputs);
            bySample[sample] = Tapes(firing.Fires(inputs.Slice(first, count)), data.AsSpan(first, count), weights);
        }
    }

    protected override double Forward(SamplePlace at, ReadOnlySpan<double> inputs, ReadOnlySpan<double> weights, Span<double> outputs)
    {
        var error = 0.0;
        foreach (var tape in bySample[at.Sample])
        {
            var on = ScratchOf(at.Slot, tape);
            on.Angles.Fill(inputs, weights, derivatives: false);
            tape.Expect(on.Angles, on.Lambda);
            foreach (var (output, coefficient, slot) in tape.Terms)
            {
                outputs[output] += coefficient * on.Lambda[slot];
            }

            if (tape.CutOff.Length > 0)
            {
                Array.Clear(on.Coefficients);
                foreach (var (_, coefficient, slot) in tape.Terms)
                {
                    on.Coefficients[slot] += coefficient;
                }

                tape.Propagate(on.Angles, on.Coefficients);
                error = Math.Max(error, tape.CutOffNorm(on.Coefficients));
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
        foreach (var tape in bySample[at.Sample])
        {
            var on = ScratchOf(at.Slot, tape);
            on.Angles.Fill(inputs, weights, derivatives: true);
            Array.Clear(on.Coefficients);
            foreach (var (output, coefficient, slot) in tape.Terms)
            {
                on.Coefficients[slot] += coefficient * cotangents[output];
            }

            tape.Propagate(on.Angles, on.Coefficients);
            tape.Differentiate(on.Angles, on.Coefficients, on.Lambda, on.ByStretch);
            for (var k = 0; k < tape.Stretches.Length; k++)
            {
                var step = tape.Stretches[k].Step;
                if (step.Varies)
                {
                    (step.Angle.Source == AngleSource.Input ? inputGradient : weightGradient)[step.Angle.Index]
                        += on.ByStretch[k] * step.Angle.Scale * (step.Gate is null ? step.Factor : 1);
                }
            }
        }

        return 0;
    }

    private PauliTape[] Tapes(bool[] fires, ReadOnlySpan<double> inputs, ReadOnlySpan<double> weights)
    {
        var key = string.Concat(fires.Select(fire => fire ? '1' : '0'));
        if (limits.Cutoff <= 0 && tapes.TryGetValue(key, out var known))
        {
            return known;
        }

        PauliStep[] fired = [.. steps.Where(step => step.Guard < 0 || fires[step.Guard])];
        var made = new List<PauliTape>();
        foreach (var group in limits.IsExact ? [terms] : terms.GroupBy(term => term.Output).Select(group => group.ToArray()))
        {
            made.Add(PauliPropagation.Record(Circuit.Wires, fired, group, limits, inputs, weights));
        }

        PauliTape[] result = [.. made];
        if (limits.Cutoff <= 0)
        {
            tapes[key] = result;
            kept += made.Sum(tape => (long)tape.Slots.Length + (2 * tape.AtZero.Length));
        }

        return result;
    }

    private Scratch ScratchOf(int slot, PauliTape tape) => scratch[slot]?.Tape == tape ? scratch[slot]! : scratch[slot] = new Scratch(tape);

    private sealed class Scratch(PauliTape tape)
    {
        public PauliTape Tape { get; } = tape;

        public PauliAngles Angles { get; } = new(tape);

        public double[] Lambda { get; } = new double[tape.AtZero.Length];

        public double[] Coefficients { get; } = new double[tape.AtZero.Length];

        public double[] ByStretch { get; } = new double[tape.Stretches.Length];
    }
}
