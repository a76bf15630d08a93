// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Cli.Bench;

/// <summary>The origin document's circuit over a batch: values, one pullback, the whole Jacobian.</summary>
internal static class OriginWork
{
    private const int Wires = 4;

    public static Work Values<T>(bool guarded, WorkloadSize size)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var batch = size.Batch;
        var program = size.Compile<T>(BenchCircuits.Origin(guarded));
        var (x, outputs) = (BenchCircuits.Inputs<T>(Wires * batch), new T[Wires * batch]);
        return new(
            () => program.Evaluate(batch, x, [], outputs),
            () => [.. CheckValues.First(outputs, Wires), .. CheckValues.Sums(outputs)],
            program)
        { Circuits = batch };
    }

    public static Work Pullback<T>(WorkloadSize size)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var batch = size.Batch;
        var program = size.Compile<T>(BenchCircuits.Origin(guarded: true));
        var (x, g) = (BenchCircuits.Inputs<T>(Wires * batch), BenchCircuits.Cotangents<T>(Wires * batch));
        var (outputs, gradients) = (new T[Wires * batch], new T[Wires * batch]);
        return new(
            () =>
            {
                program.Evaluate(batch, x, [], outputs);
                program.Pullback(batch, x, [], g, gradients, []);
            },
            () => [.. CheckValues.First(gradients, Wires), .. CheckValues.Sums(outputs), .. CheckValues.Sums(gradients)],
            program)
        { Circuits = batch };
    }

    /// <summary>Four rows a sample, one for each output's cotangent: the Jacobian is one pullback of a batch four times as large.</summary>
    public static Work Jacobian<T>(WorkloadSize size)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var batch = size.Batch;
        var program = size.Compile<T>(BenchCircuits.Origin(guarded: false));
        var x = BenchCircuits.Inputs<T>(Wires * batch);
        var (repeated, g) = (new T[Wires * Wires * batch], new T[Wires * Wires * batch]);
        for (var row = 0; row < Wires * batch; row++)
        {
            g[(Wires * row) + (row % Wires)] = T.One;
        }

        var (outputs, jacobian) = (new T[Wires * batch], new T[Wires * Wires * batch]);
        return new(
            () =>
            {
                program.Evaluate(batch, x, [], outputs);
                for (var row = 0; row < Wires * batch; row++)
                {
                    x.AsSpan(row / Wires * Wires, Wires).CopyTo(repeated.AsSpan(Wires * row));
                }

                program.Pullback(Wires * batch, repeated, [], g, jacobian, []);
            },
            () => [.. CheckValues.First(jacobian, 2 * Wires), .. CheckValues.Sums(jacobian)],
            program)
        { Circuits = batch };
    }
}
