// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp.Simulation.Mps;

/// <summary>
/// The <c>mps</c> device's program. The pullback is the adjoint method on matrix-product states: ψ and λ = Σ g O|ψ⟩ are taken back gate by gate, and a gate's angle has the
/// derivative 2 Re⟨λ|dU|ψ⟩. It is exact as long as nothing was cut off, and refused otherwise.
/// </summary>
internal sealed class MpsProgram<T> : SampleWiseProgram<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int MaxMatrixWires = 6; // larger gates are taken apart
    private const double Exact = 1e-16; // a weight cut off below this is rounding

    private readonly MpsLimits limits;
    private readonly Operation[] operations;
    private readonly Complex[,]?[] matrices; // of operations whose angles do not vary
    private readonly (PauliWord Word, (int Output, double Coefficient)[] Terms)[] words;

    public MpsProgram(Circuit circuit, Differentiation differentiation, MpsLimits limits, int threads)
        : base(circuit, MpsDevice.DeviceName, differentiation, threads)
    {
        this.limits = limits;
        var measured = circuit.MeasureWords(probabilities: true).LightCone();
        operations = [.. measured.Operations.SelectMany(Parts)];
        matrices = [.. operations.Select(operation => operation.Angles.All(angle => angle.IsConstant) ? Matrix(operation, [], []) : null)];
        words =
        [
            .. measured.Measurements.SelectMany((measurement, output) =>
                    ((Expectation)measurement).Observable.Terms.Select(term => (term.Word, Output: output, term.Coefficient)))
                .GroupBy(term => term.Word)
                .Select(group => (group.Key, group.Select(term => (term.Output, term.Coefficient)).ToArray())),
        ];
    }

    /// <summary>Why an operation cannot be done; null if all can.</summary>
    public static string? Refusal(Gate gate) =>
        gate.Kind == GateKind.Barrier || gate.Wires <= MaxMatrixWires ? null
        : gate.Decomposition.IsEmpty ? $"{gate.Name} on {gate.Wires} wires has no decomposition into smaller gates; write it in such"
        : gate.Decomposition.Select(part => Refusal(part.Gate)).FirstOrDefault(reason => reason is not null);

    protected override double Forward(SamplePlace at, ReadOnlySpan<double> inputs, ReadOnlySpan<double> weights, Span<double> outputs)
    {
        var state = Run(inputs, weights);
        foreach (var (word, terms) in words)
        {
            var value = state.Expect(word);
            foreach (var (output, coefficient) in terms)
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
        var psi = Run(inputs, weights);
        var folded = new List<(double, PauliWord)>();
        foreach (var (word, terms) in words)
        {
            var sum = 0.0;
            foreach (var (output, coefficient) in terms)
            {
                sum += coefficient * cotangents[output];
            }

            folded.Add((sum, word));
        }

        if (WordSum.Of(psi, folded) is not { } lambda)
        {
            return psi.Discarded;
        }

        for (var k = operations.Length - 1; k >= 0; k--)
        {
            if (!Fires(operations[k], inputs))
            {
                continue;
            }

            var operation = operations[k];
            var wires = operation.Wires.AsSpan();
            var angles = operation.AngleValues(inputs, weights);
            var back = MatrixAlgebra.Dagger(matrices[k] ?? operation.Gate.Matrix(angles));
            psi.Apply(back, wires);
            lambda.Gather(wires);
            for (var j = 0; j < angles.Length; j++)
            {
                var angle = operation.Angles[j];
                if (!angle.IsConstant)
                {
                    var moved = psi.Copy();
                    moved.Apply(operation.Gate.Derivative(j, angles), wires);
                    (angle.Source == AngleSource.Input ? inputGradient : weightGradient)[angle.Index] += 2 * angle.Scale * lambda.Inner(moved).Real;
                }
            }

            lambda.Apply(back, wires);
        }

        return psi.Discarded + lambda.Discarded is var discarded && discarded > Exact
            ? throw new NotSupportedException(
                $"mps: a share of {discarded:G2} of the state was cut off, so that a sweep back does not end where it began; allow larger bonds, or use parameter-shift.")
            : discarded;
    }

    /// <summary>An operation as it is run.</summary>
    public static IEnumerable<Operation> Parts(Operation operation) =>
        operation.Gate.Kind == GateKind.Barrier ? []
        : operation.Gate.Wires <= MaxMatrixWires ? [operation]
        : operation.Parts().SelectMany(Parts);

    private static bool Fires(Operation operation, ReadOnlySpan<double> inputs) =>
        operation.Guard is not { } guard || Fires(guard, inputs);

    // Compared in the precision of the inputs.
    private static bool Fires(Guard guard, ReadOnlySpan<double> inputs)
    {
        var value = T.CreateChecked(inputs[guard.Input]);
        return (guard.Absolute ? T.Abs(value) : value) > T.CreateChecked(guard.Threshold);
    }

    private static Complex[,] Matrix(Operation operation, ReadOnlySpan<double> inputs, ReadOnlySpan<double> weights) =>
        operation.Gate.Matrix(operation.AngleValues(inputs, weights));

    private MpsState Run(ReadOnlySpan<double> inputs, ReadOnlySpan<double> weights)
    {
        var state = MpsState.Zero(Circuit.Wires, limits);
        for (var k = 0; k < operations.Length; k++)
        {
            if (Fires(operations[k], inputs))
            {
                state.Apply(matrices[k] ?? Matrix(operations[k], inputs, weights), operations[k].Wires.AsSpan());
            }
        }

        return state;
    }
}
