// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.Lanes.Code;

/// <summary>
/// Lanes of symbols: a worker that runs on these computes nothing and writes down on <see cref="Tape.Current"/> what it
/// would compute. The interpreter is thereby its own code generator: there is no second copy of a kernel.
/// </summary>
internal readonly unsafe struct Traced<T>(int node) : ILanes<Traced<T>, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The tape's node; 0, as in cleared memory, is the number 0.</summary>
    public int Node { get; } = node;

    public static int Count => 1;

    public static Traced<T> operator +(Traced<T> left, Traced<T> right) => new(Tape.Current.Add(left.Node, right.Node));

    public static Traced<T> operator -(Traced<T> left, Traced<T> right) => new(Tape.Current.Subtract(left.Node, right.Node));

    public static Traced<T> operator *(Traced<T> left, Traced<T> right) => new(Tape.Current.Multiply(left.Node, right.Node));

    public static Traced<T> operator -(Traced<T> value) => new(Tape.Current.Negate(value.Node));

    public static Traced<T> Broadcast(T value) => new(Tape.Current.Constant(double.CreateTruncating(value)));

    public static Traced<T> LoadBroadcast(T* address) => new(Tape.Current.LoadUniform(address));

    public static Traced<T> MultiplyAdd(Traced<T> a, Traced<T> b, Traced<T> c) => new(Tape.Current.MultiplyAdd(a.Node, b.Node, c.Node));

    public static Traced<T> Abs(Traced<T> value) => new(Tape.Current.Unary(Op.Abs, value.Node));

    public static Traced<T> Round(Traced<T> value) => new(Tape.Current.Unary(Op.Round, value.Node));

    public static Traced<T> Floor(Traced<T> value) => new(Tape.Current.Unary(Op.Floor, value.Node));

    public static Traced<T> Exceeds(Traced<T> left, Traced<T> right) => new(Tape.Current.Exceeds(left.Node, right.Node));

    public static Traced<T> Select(Traced<T> mask, Traced<T> on, Traced<T> off) => new(Tape.Current.Select(mask.Node, on.Node, off.Node));

    /// <summary>No: the tape follows the usual way and leaves the other to the worker.</summary>
    public static bool Any(Traced<T> mask)
    {
        Tape.Current.Except(mask.Node);
        return false;
    }

    public static int CountSet(Traced<T> mask, int lanes) => throw new NotSupportedException("A tape has symbols to count.");

    public static double Sum(Traced<T> value) => throw new NotSupportedException("A tape has symbols to add.");
}
