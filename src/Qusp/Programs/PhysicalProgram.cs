// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp;

/// <summary>
/// Refuses samples and weights whose strengths of noise are no probabilities. Engines themselves continue a channel beyond, where
/// shift rules and differences need it; what a user gives is checked here, around them.
/// </summary>
internal sealed class PhysicalProgram<T>(IProgram<T> program) : IShotProgram<T>, IPathProgram<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly ImmutableArray<Operation> channels = [.. program.Circuit.Operations.Where(Varies)];

    public Circuit Circuit => program.Circuit;

    public string Device => program.Device;

    public Differentiation Differentiation => program.Differentiation;

    public bool IsStochastic => program.IsStochastic;

    public Cost Cost => program.Cost;

    /// <summary>The program, checked if there is anything to check.</summary>
    /// <exception cref="ArgumentException">Strengths that are constants are no probabilities.</exception>
    public static IProgram<T> Around(Circuit circuit, Func<IProgram<T>> compile)
    {
        foreach (var operation in circuit.Operations)
        {
            if (operation.Gate.Form is { } form && operation.Angles.All(angle => angle.IsConstant)
                && form.Fault([.. operation.Angles.Select(angle => angle.Offset)]) is { } fault)
            {
                throw new ArgumentException($"{operation}: {fault}.", nameof(circuit));
            }
        }

        var program = compile();
        return circuit.Operations.Any(Varies) ? new PhysicalProgram<T>(program) : program;
    }

    public void Evaluate(int batch, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, Span<T> outputs, Draw draw = default)
    {
        Check(batch, inputs, weights);
        program.Evaluate(batch, inputs, weights, outputs, draw);
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
        Check(batch, inputs, weights);
        program.Pullback(batch, inputs, weights, cotangents, inputGradients, weightGradients, draw);
    }

    public void Variances(
        int batch, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, ReadOnlySpan<double> combinations, Span<double> variances, Draw draw)
    {
        Check(batch, inputs, weights);
        program.Shots().Variances(batch, inputs, weights, combinations, variances, draw);
    }

    public void PullbackVariances(
        int batch,
        ReadOnlySpan<T> inputs,
        ReadOnlySpan<T> weights,
        ReadOnlySpan<T> cotangents,
        Span<double> inputVariances,
        Span<double> weightVariances,
        Draw draw)
    {
        Check(batch, inputs, weights);
        program.Shots().PullbackVariances(batch, inputs, weights, cotangents, inputVariances, weightVariances, draw);
    }

    public void Sample(int batch, int count, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, Measurement reading, Span<uint> outcomes, Draw draw)
    {
        Check(batch, inputs, weights);
        ((IPathProgram<T>)program).Sample(batch, count, inputs, weights, reading, outcomes, draw);
    }

    public void Dispose() => program.Dispose();

    private static bool Varies(Operation operation) => operation.Gate.Form is not null && !operation.Angles.All(angle => angle.IsConstant);

    private void Check(int batch, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights)
    {
        if (inputs.Length != (long)batch * Circuit.Inputs || weights.Length != Circuit.Weights)
        {
            return; // the program itself says what is wrong
        }

        Span<double> strengths = stackalloc double[64];
        for (var sample = 0; sample < batch; sample++)
        {
            var row = inputs.Slice(sample * Circuit.Inputs, Circuit.Inputs);
            foreach (var operation in channels)
            {
                if (operation.Guard is { } guard && !guard.Fires(row))
                {
                    continue;
                }

                var own = strengths[..operation.Angles.Length];
                for (var k = 0; k < own.Length; k++)
                {
                    own[k] = operation.Angles[k].AffineValue(row, weights);
                }

                if (operation.Gate.Form!.Fault(own) is { } fault)
                {
                    throw new ArgumentException($"Sample {sample}: {operation}: {fault}.");
                }
            }
        }
    }
}
