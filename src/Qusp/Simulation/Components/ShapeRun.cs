// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.Components;

/// <summary>All components of one shape in a call: a batch for the shape's program, which is compiled when it first runs.</summary>
internal sealed class ShapeRun<T>(Shape shape, Func<IProgram<T>> compile) : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const double Call = 1 << 11;
    private const int MaxKeptWires = 20; // programs of larger components are made for a call and given back

    private readonly int inputs = shape.Circuit.Inputs;
    private IProgram<T>? program;
    private T[] rows = [];
    private T[] outputs = [];
    private T[] cotangents = [];
    private T[] gradients = [];

    /// <summary>The shape's outputs.</summary>
    public int Values { get; } = shape.Circuit.Outputs;

    /// <summary>How many components there are.</summary>
    public int Rows { get; private set; }

    /// <summary>The work of a run: amplitudes times operations, and the call.</summary>
    public long Work { get; private set; }

    public void Clear() => Rows = 0;

    /// <summary>Counts components.</summary>
    /// <returns>The first one's row.</returns>
    public int Reserve(int count)
    {
        var first = Rows;
        Rows += count;
        return first;
    }

    /// <summary>Makes room for all that have been counted.</summary>
    public void Grow()
    {
        Work = (long)Math.Min(1e18, Call + Math.ScaleB((double)Rows * (shape.Circuit.Operations.Length + 1), shape.Circuit.Wires));
        Grow(ref rows, Rows * inputs);
        Grow(ref cotangents, Rows * Values);
    }

    /// <summary>Writes what components read.</summary>
    public void Fill(int row, int[] sources, ReadOnlySpan<T> data, ReadOnlySpan<T> weights)
    {
        var target = rows.AsSpan(row * inputs, sources.Length);
        for (var j = 0; j < target.Length; j++)
        {
            target[j] = sources[j] < data.Length ? data[sources[j]] : weights[sources[j] - data.Length];
        }
    }

    public ReadOnlySpan<T> Outputs(int row, int count) => outputs.AsSpan(row * Values, count * Values);

    public Span<T> Cotangents(int row) => cotangents.AsSpan(row * Values);

    public ReadOnlySpan<T> Gradients(int row, int count) => gradients.AsSpan(row * inputs, count * inputs);

    public void Run(bool reverse)
    {
        program ??= compile();
        var data = rows.AsSpan(0, Rows * inputs);
        if (reverse)
        {
            Grow(ref gradients, rows.Length);
            program.Pullback(Rows, data, [], cotangents.AsSpan(0, Rows * Values), gradients.AsSpan(0, Rows * inputs), []);
        }
        else
        {
            Grow(ref outputs, cotangents.Length);
            program.Evaluate(Rows, data, [], outputs.AsSpan(0, Rows * Values));
        }

        if (shape.Circuit.Wires > MaxKeptWires)
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        program?.Dispose();
        program = null;
    }

    private static void Grow(ref T[] buffer, int length)
    {
        if (buffer.Length < length)
        {
            buffer = new T[Math.Max(length, 2 * buffer.Length)];
        }
    }
}
