// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.Components;

/// <summary>All components of one shape in a call: a batch for the shape's program, which is compiled when it first runs.</summary>
internal sealed class ShapeRun<T>(Shape shape, Func<IProgram<T>> compile) : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int MaxKeptWires = 20; // programs of larger components are made for a call and given back

    private readonly int inputs = shape.Circuit.Inputs;
    private IProgram<T>? program;
    private T[] rows = [];
    private T[] outputs = [];
    private T[] cotangents = [];
    private T[] gradients = [];
    private int next;
    private int mark;

    /// <summary>The shape's outputs.</summary>
    public int Values { get; } = shape.Circuit.Outputs;

    /// <summary>How many components there are.</summary>
    public int Rows { get; private set; }

    /// <summary>The work of a run: amplitudes times operations.</summary>
    public long Work => (long)Math.Min(1e18, Math.ScaleB((double)Rows * (shape.Circuit.Operations.Length + 1), shape.Circuit.Wires));

    public void Clear() => Rows = 0;

    /// <summary>Adds a component with what it reads.</summary>
    public void Add(int[] sources, ReadOnlySpan<T> data, ReadOnlySpan<T> weights)
    {
        if (rows.Length < (Rows + 1) * inputs)
        {
            Array.Resize(ref rows, Math.Max(8 * inputs, 2 * rows.Length));
        }

        var row = rows.AsSpan(Rows * inputs, inputs);
        for (var j = 0; j < row.Length; j++)
        {
            row[j] = sources[j] < data.Length ? data[sources[j]] : weights[sources[j] - data.Length];
        }

        Rows++;
        if (cotangents.Length < Rows * Values)
        {
            Array.Resize(ref cotangents, Math.Max(8 * Values, 2 * cotangents.Length));
        }
    }

    public void Rewind() => next = 0;

    /// <summary>The next row.</summary>
    public int Take() => next++;

    /// <summary>Remembers the next row, to come back to it.</summary>
    public void Mark() => mark = next;

    public void Return() => next = mark;

    public ReadOnlySpan<T> Outputs(int row) => outputs.AsSpan(row * Values, Values);

    public Span<T> Cotangents(int row) => cotangents.AsSpan(row * Values, Values);

    public ReadOnlySpan<T> Gradients(int row) => gradients.AsSpan(row * inputs, inputs);

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
            buffer = new T[length];
        }
    }
}
