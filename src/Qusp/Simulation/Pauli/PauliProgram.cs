// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.Pauli;

/// <summary>
/// The <c>pauli</c> device's program. A tape is recorded once for a pattern of fired guards; a sample is two sweeps over it, in double whatever T is.
/// Where small coefficients are cut off, which they are depends on the angles, and each sample has tapes of its own, one an output.
/// </summary>
internal sealed class PauliProgram<T> : IProgram<T>, IChunkedWork
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int MaxChunks = 64;
    private const int MaxSlots = 1 << 24; // of all tapes kept

    private readonly Circuit measured;
    private readonly PauliLimits limits;
    private readonly PauliStep[] steps;
    private readonly GuardLedger<T> ledger;
    private readonly GuardLedger<T> firing;
    private readonly (int Output, double Coefficient, PauliWord Word)[] terms;
    private readonly Crew crew;
    private readonly Dictionary<string, PauliTape[]> tapes = [];
    private long kept;
    private PauliTape[][] bySample = [];
    private double[] data = [];
    private double[] shared = [];
    private double[] results = [];
    private double[] cotangents = [];
    private double[] gradients = [];
    private double[] partial = [];
    private double[] errors = [];
    private (int Batch, int Chunks, bool Reverse) call;

    public PauliProgram(Circuit circuit, Differentiation differentiation, PauliLimits limits, int threads)
    {
        (Circuit, Differentiation, this.limits) = (circuit, differentiation, limits);
        measured = circuit.MeasureWords(probabilities: true).LightCone();
        steps = PauliLowering.Lower(measured);
        ledger = new GuardLedger<T>(circuit);
        firing = new GuardLedger<T>(measured);
        terms = [.. measured.Measurements.SelectMany((measurement, output) =>
            ((Expectation)measurement).Observable.Terms.Select(term => (output, term.Coefficient, term.Word)))];
        crew = new Crew(threads > 0 ? threads : Environment.ProcessorCount);
        if (measured.Guards.IsEmpty && limits.Cutoff <= 0)
        {
            _ = Tapes([], default, default); // too many words are refused when the circuit is compiled
        }
    }

    public Circuit Circuit { get; }

    public string Device => PauliDevice.DeviceName;

    public Differentiation Differentiation { get; }

    public bool IsStochastic => false;

    public Cost Cost { get; private set; }

    public void Evaluate(int batch, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, Span<T> outputs, Draw draw = default)
    {
        Call.CheckEvaluate(Circuit, batch, inputs.Length, weights.Length, outputs.Length);
        Prepare(batch, inputs, weights);
        Grow(ref results, outputs.Length);
        Run(batch, reverse: false);
        Convert(results, outputs);
    }

    public void Pullback(
        int batch,
        ReadOnlySpan<T> inputs,
        ReadOnlySpan<T> weights,
        ReadOnlySpan<T> cotangents,
        Span<T> inputGradients,
        Span<T> weightGradients,
        Draw draw = default)
    {
        Call.CheckPullback(Circuit, batch, inputs.Length, weights.Length, cotangents.Length, inputGradients.Length, weightGradients.Length);
        Call.RequireAdjoint(Differentiation);
        Prepare(batch, inputs, weights);
        this.cotangents = ToDouble(cotangents);
        Grow(ref gradients, batch * Circuit.Inputs);
        partial = new double[MaxChunks * Circuit.Weights];
        Run(batch, reverse: true);
        Convert(gradients, inputGradients);
        for (var k = 0; k < weightGradients.Length; k++)
        {
            var sum = 0.0;
            for (var chunk = 0; chunk < call.Chunks; chunk++)
            {
                sum += partial[(chunk * Circuit.Weights) + k];
            }

            weightGradients[k] = T.CreateChecked(sum);
        }
    }

    public void Run(int chunk, int slot)
    {
        var (first, last) = ((long)chunk * call.Batch / call.Chunks, (chunk + 1L) * call.Batch / call.Chunks);
        var scratch = default(Scratch);
        for (var sample = (int)first; sample < last; sample++)
        {
            foreach (var tape in bySample[sample])
            {
                if (scratch?.Tape != tape)
                {
                    scratch = new Scratch(tape);
                }

                if (call.Reverse)
                {
                    Reverse(scratch, sample, partial.AsSpan(chunk * Circuit.Weights, Circuit.Weights));
                }
                else
                {
                    Forward(scratch, sample);
                }
            }
        }
    }

    public void Dispose() => tapes.Clear();

    private void Prepare(int batch, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights)
    {
        (data, shared) = (ToDouble(inputs), ToDouble(weights));
        Grow(ref errors, batch);
        bySample = new PauliTape[batch][];
        if (kept > MaxSlots)
        {
            tapes.Clear();
            kept = 0;
        }

        for (var sample = 0; sample < batch; sample++)
        {
            var row = inputs.Slice(sample * Circuit.Inputs, Circuit.Inputs);
            Cost += ledger.Cost(ledger.Fires(row));
            bySample[sample] = Tapes(firing.Fires(row), data.AsSpan(sample * Circuit.Inputs, Circuit.Inputs), shared);
        }
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

    private void Run(int batch, bool reverse)
    {
        call = (batch, Math.Min(batch, MaxChunks), reverse);
        Array.Clear(errors, 0, batch);
        Array.Clear(reverse ? gradients : results);
        var work = bySample.Sum(sample => sample.Sum(tape => (long)tape.Slots.Length));
        crew.Run(call.Chunks, this, shared: work > 50_000);
        if (!limits.IsExact && batch > 0)
        {
            Cost = Cost with { TruncationError = Math.Max(Cost.TruncationError, errors.AsSpan(0, batch).ToArray().Max()) };
        }
    }

    private void Forward(Scratch scratch, int sample)
    {
        var tape = scratch.Tape;
        var inputs = data.AsSpan(sample * Circuit.Inputs, Circuit.Inputs);
        scratch.Angles.Fill(inputs, shared, derivatives: false);
        tape.Expect(scratch.Angles, scratch.Lambda);
        foreach (var (output, coefficient, slot) in tape.Terms)
        {
            results[(sample * Circuit.Outputs) + output] += coefficient * scratch.Lambda[slot];
        }

        if (tape.CutOff.Length > 0)
        {
            Array.Clear(scratch.Coefficients);
            foreach (var (_, coefficient, slot) in tape.Terms)
            {
                scratch.Coefficients[slot] += coefficient;
            }

            tape.Propagate(scratch.Angles, scratch.Coefficients);
            errors[sample] = Math.Max(errors[sample], tape.CutOffNorm(scratch.Coefficients));
        }
    }

    private void Reverse(Scratch scratch, int sample, Span<double> weightGradient)
    {
        var tape = scratch.Tape;
        var inputs = data.AsSpan(sample * Circuit.Inputs, Circuit.Inputs);
        scratch.Angles.Fill(inputs, shared, derivatives: true);
        Array.Clear(scratch.Coefficients);
        foreach (var (output, coefficient, slot) in tape.Terms)
        {
            scratch.Coefficients[slot] += coefficient * cotangents[(sample * Circuit.Outputs) + output];
        }

        tape.Propagate(scratch.Angles, scratch.Coefficients);
        tape.Differentiate(scratch.Angles, scratch.Coefficients, scratch.Lambda, scratch.ByStretch);
        for (var k = 0; k < tape.Stretches.Length; k++)
        {
            var step = tape.Stretches[k].Step;
            if (step.Varies)
            {
                var gradient = scratch.ByStretch[k] * step.Angle.Scale * (step.Gate is null ? step.Factor : 1);
                (step.Angle.Source == AngleSource.Input ? ref gradients[(sample * Circuit.Inputs) + step.Angle.Index] : ref weightGradient[step.Angle.Index])
                    += gradient;
            }
        }
    }

    private static double[] ToDouble(ReadOnlySpan<T> values)
    {
        var result = new double[values.Length];
        for (var k = 0; k < result.Length; k++)
        {
            result[k] = double.CreateChecked(values[k]);
        }

        return result;
    }

    private static void Convert(double[] from, Span<T> to)
    {
        for (var k = 0; k < to.Length; k++)
        {
            to[k] = T.CreateChecked(from[k]);
        }
    }

    private static void Grow(ref double[] buffer, int length)
    {
        if (buffer.Length < length)
        {
            buffer = new double[length];
        }
    }

    private sealed class Scratch(PauliTape tape)
    {
        public PauliTape Tape { get; } = tape;

        public PauliAngles Angles { get; } = new(tape);

        public double[] Lambda { get; } = new double[tape.AtZero.Length];

        public double[] Coefficients { get; } = new double[tape.AtZero.Length];

        public double[] ByStretch { get; } = new double[tape.Stretches.Length];
    }
}
