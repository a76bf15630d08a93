// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp.OpenQasm;

/// <summary>What an expression stands for while a file is turned into a circuit.</summary>
internal abstract record QasmValue
{
    /// <summary>A number known now.</summary>
    public sealed record Known(QasmNumber Number) : QasmValue;

    /// <summary>An angle that depends on inputs or weights.</summary>
    public sealed record Symbol(Angle Angle) : QasmValue;

    /// <summary>An input above a threshold, below it, or outside of ±threshold. Only the first and the last are guards.</summary>
    public sealed record Comparison(int Input, double Threshold, char Side) : QasmValue;

    /// <summary>Qubits: one, or a register or part of one.</summary>
    public sealed record Qubits(ImmutableArray<int> Wires, bool IsRegister) : QasmValue;

    /// <summary>Classical bits: one, or a register or part of one; the first is the least significant.</summary>
    public sealed record Bits(ImmutableArray<int> Indices, bool IsRegister) : QasmValue;

    /// <summary>A function of measured bits.</summary>
    /// <param name="Reads">The bits that it depends on.</param>
    /// <param name="Table">Its value for each of theirs, bit k of the index being the value of <c>Reads[k]</c>; null if they are too many.</param>
    /// <param name="Since">The number of measurements that were made when it was formed.</param>
    /// <param name="Conditions">What must hold for it to be 1 and not 0, if that is known; default if not.</param>
    public sealed record Outcome(ImmutableArray<int> Reads, QasmNumber[]? Table, int Since, ImmutableArray<Condition> Conditions) : QasmValue;

    /// <summary>A whole number.</summary>
    public static QasmValue Whole(Int128 value) => new Known(QasmNumber.Of(value));

    /// <summary>A real number.</summary>
    public static QasmValue Real(double value) => new Known(QasmNumber.Of(value));

    /// <summary>What the value is called in a complaint.</summary>
    public string Kind => this switch
    {
        Known => "a number",
        Symbol => "a function of an input",
        Comparison => "a comparison of an input",
        Qubits { IsRegister: true } => "a register of qubits",
        Qubits => "a qubit",
        Bits { IsRegister: true } => "a register of bits",
        Bits => "a bit",
        _ => "a measured value",
    };
}
