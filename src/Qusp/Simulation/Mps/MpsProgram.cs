// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp.Simulation.Mps;

/// <summary>
/// The <c>mps</c> device's program. The pullback is the adjoint method on matrix-product states: ψ and λ = Σ g O|ψ⟩ are taken back gate by gate, and a gate exp(iθG) has the
/// derivative 2 Re⟨λ|iG|ψ⟩ behind it. It is exact as long as nothing was cut off, and refused otherwise.
/// </summary>
internal sealed class MpsProgram<T> : SampleWiseProgram<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int MaxMatrixWires = 6; // larger gates are taken apart
    private const double Exact = 1e-16; // a weight cut off below this is rounding

    private readonly MpsOperation[] operations;
    private readonly int firstVarying; // nothing before it has a derivative
    private readonly MpsWord[] words;
    private readonly MpsWorker[] workers; // of each slot

    public MpsProgram(Circuit circuit, Differentiation differentiation, MpsLimits limits, int threads)
        : base(circuit, MpsDevice.DeviceName, differentiation, threads)
    {
        var measured = circuit.MeasureWords(probabilities: true).LightCone();
        operations = [.. measured.Operations.SelectMany(Parts).Select(operation => new MpsOperation(operation))];
        firstVarying = Array.FindIndex(operations, operation => operation.Change is not null) is >= 0 and var first ? first : operations.Length;
        words =
        [
            .. measured.Measurements.SelectMany((measurement, output) =>
                    ((Expectation)measurement).Observable.Terms.Select(term => (term.Word, Output: output, term.Coefficient)))
                .GroupBy(term => term.Word)
                .Select(group => new MpsWord(group.Key, [.. group.Select(term => (term.Output, term.Coefficient))])),
        ];
        var wires = operations.Select(operation => operation.Wires.Length).DefaultIfEmpty(0).Max();
        workers = [.. Enumerable.Range(0, Crew.Slots).Select(_ => new MpsWorker(words, circuit.Wires, limits, new MpsScratch(wires)))];
    }

    /// <summary>Why an operation cannot be done; null if all can.</summary>
    public static string? Refusal(Gate gate) =>
        gate.Kind == GateKind.Barrier || gate.Wires <= MaxMatrixWires ? null
        : gate.Decomposition.IsEmpty ? $"{gate.Name} on {gate.Wires} wires has no decomposition into smaller gates; write it in such"
        : gate.Decomposition.Select(part => Refusal(part.Gate)).FirstOrDefault(reason => reason is not null);

    /// <summary>An operation as it is run: each part with one angle at most.</summary>
    public static IEnumerable<Operation> Parts(Operation operation)
    {
        var gate = operation.Gate;
        var hasGenerator = gate.GeneratorScale != 0;
        return gate.Kind == GateKind.Barrier || (gate is { Parameters: > 0, Decomposition.IsEmpty: true } && !hasGenerator) ? [] // a power 0: the identity
            : gate.Wires <= MaxMatrixWires && (gate.Parameters == 0 || hasGenerator) ? [operation]
            : operation.Parts().SelectMany(Parts);
    }

    protected override double Forward(SamplePlace at, ReadOnlySpan<double> inputs, ReadOnlySpan<double> weights, Span<double> outputs)
    {
        if (Run(at.Slot, inputs, weights) is not { } state)
        {
            outputs.Fill(double.NaN);
            return 0;
        }

        foreach (var word in words)
        {
            var value = state.Expect(word);
            foreach (var (output, coefficient) in word.Terms)
            {
                outputs[output] += coefficient * value;
            }
        }

        return state.Discarded;
    }

    protected override double Reverse(
        SamplePlace at,
        ReadOnlySpan<double> inputs,
        ReadOnlySpan<double> weights,
        ReadOnlySpan<double> cotangents,
        Span<double> inputGradient,
        Span<double> weightGradient)
    {
        if (Run(at.Slot, inputs, weights) is not { } psi)
        {
            inputGradient.Fill(double.NaN);
            weightGradient.Fill(double.NaN);
            return 0;
        }

        var worker = workers[at.Slot];
        for (var w = 0; w < words.Length; w++)
        {
            ref var sum = ref worker.Words.Coefficients[w];
            sum = 0;
            foreach (var (output, coefficient) in words[w].Terms)
            {
                sum += coefficient * cotangents[output];
            }
        }

        if (worker.Words.Of(psi) is not { } lambda)
        {
            return psi.Discarded;
        }

        worker.Overlap.Begin(lambda, psi);
        for (var k = operations.Length - 1; k >= firstVarying; k--)
        {
            var operation = operations[k];
            if (!Fires(operation.Guard, inputs))
            {
                continue;
            }

            // dU|before⟩ = iG|after⟩
            if (operation.Change is { } change)
            {
                var first = psi.Gather(operation.Wires);
                _ = lambda.Gather(operation.Wires);
                var element = worker.Overlap.Of(lambda, psi.Ordered(change, operation.Wires, first), first, operation.Wires.Length, psi);
                var angle = operation.Angle!.Value;
                (angle.Source == AngleSource.Input ? inputGradient : weightGradient)[angle.Index] += 2 * angle.Scale * element.Real;
            }

            if (k > firstVarying)
            {
                var back = operation.Matrix(inputs, weights, inverse: true, worker.Scratch);
                psi.Apply(back, operation.Wires);
                lambda.Apply(back, operation.Wires);
            }
        }

        return psi.Discarded + lambda.Discarded is var discarded && discarded > Exact
            ? throw new NotSupportedException(
                $"mps: a share of {discarded:G2} of the state was cut off, so that a sweep back does not end where it began; allow larger bonds, or use parameter-shift.")
            : discarded;
    }

    // Compared in the precision of the inputs.
    private static bool Fires(Guard? of, ReadOnlySpan<double> inputs)
    {
        if (of is not { } guard)
        {
            return true;
        }

        var value = T.CreateChecked(inputs[guard.Input]);
        return (guard.Absolute ? T.Abs(value) : value) > T.CreateChecked(guard.Threshold);
    }

    // Null where an angle is not finite: singular values of what is no number would come out as zeros.
    private MpsState? Run(int slot, ReadOnlySpan<double> inputs, ReadOnlySpan<double> weights)
    {
        var worker = workers[slot];
        worker.State.SetZero();
        foreach (var operation in operations)
        {
            if (Fires(operation.Guard, inputs))
            {
                if (operation.Angle is { } angle && !double.IsFinite(angle.Value(inputs, weights)))
                {
                    return null;
                }

                worker.State.Apply(operation.Matrix(inputs, weights, inverse: false, worker.Scratch), operation.Wires);
            }
        }

        return worker.State;
    }
}
