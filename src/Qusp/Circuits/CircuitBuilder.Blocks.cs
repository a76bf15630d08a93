// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

// What a delegate wrote, changed as a whole.
public sealed partial class CircuitBuilder
{
    /// <summary>The inverse of what <paramref name="block"/> writes: the inverse of each operation, in reverse order.</summary>
    /// <exception cref="NotSupportedException">The block has a channel, a measurement or a reset, which have no inverse.</exception>
    public CircuitBuilder Adjoint(Action<CircuitBuilder> block)
    {
        operations.AddRange(Cut(block, "inverse").Reverse().Select(operation => operation.WithGate(operation.Gate.Adjoint(), operation.Wires)));
        return this;
    }

    /// <summary>What <paramref name="block"/> writes, where the control wire is 1.</summary>
    /// <exception cref="ArgumentException">The block acts on the control.</exception>
    /// <exception cref="NotSupportedException">The block has a channel, a measurement or a reset.</exception>
    public CircuitBuilder Control(int control, Action<CircuitBuilder> block) => Control([control], [true], block);

    /// <summary>What <paramref name="block"/> writes, where the control wires have these values.</summary>
    /// <param name="controls">The control wires, at least one.</param>
    /// <param name="values">The value that each must have.</param>
    /// <param name="block">What is controlled, on other wires.</param>
    /// <exception cref="ArgumentException">There are not as many values as controls, or the block acts on a control.</exception>
    /// <exception cref="NotSupportedException">The block has a channel, a measurement or a reset.</exception>
    public CircuitBuilder Control(ImmutableArray<int> controls, ImmutableArray<bool> values, Action<CircuitBuilder> block)
    {
        if (controls.IsDefaultOrEmpty || values.IsDefault || controls.Length != values.Length)
        {
            throw new ArgumentException("A controlled block has at least one control, and a value for each.", nameof(values));
        }

        operations.AddRange(Cut(block, "controlled form").Select(operation => operation.Gate.Kind == GateKind.Barrier
            ? operation
            : operation.WithGate(operation.Gate.Controlled(values), [.. controls, .. operation.Wires])));
        return this;
    }

    /// <summary>What <paramref name="block"/> writes, <paramref name="exponent"/> times; its inverse for a negative exponent, nothing for 0.</summary>
    /// <exception cref="NotSupportedException">The block has a channel, a measurement or a reset.</exception>
    public CircuitBuilder Power(int exponent, Action<CircuitBuilder> block)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(exponent, int.MinValue); // it has no opposite
        if (exponent < 0)
        {
            return Adjoint(inner => inner.Power(-exponent, block));
        }

        var once = Cut(block, "power");
        for (var k = 0; k < exponent; k++)
        {
            operations.AddRange(once);
        }

        return this;
    }

    private ImmutableArray<Operation> Cut(Action<CircuitBuilder> block, string what)
    {
        ArgumentNullException.ThrowIfNull(block);
        var first = operations.Count;
        block(this);
        ImmutableArray<Operation> written = [.. operations.Skip(first)];
        operations.Count = first;
        return written.FirstOrDefault(operation => operation.Gate.Kind is not (GateKind.Unitary or GateKind.Barrier)) is not { } other
            ? written
            : throw new NotSupportedException($"{other} has no {what}: only unitary operations do.");
    }
}
