// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp.OpenQasm;

/// <summary>What an OpenQASM file says: its circuit, and the names it gives to wires, bits, inputs and operations.</summary>
/// <param name="Circuit">The circuit. It measures nothing at its end but what the file measures; add measurements with <see cref="Circuit.WithMeasurements"/>.</param>
/// <param name="Version">The file's version.</param>
/// <param name="Wires">The name of each wire, such as <c>q[0]</c>: the qubits in order of declaration.</param>
/// <param name="Bits">The name of each classical bit, such as <c>c[0]</c>, in order of declaration; empty for the outcome of a measurement that the file gives no bit.</param>
/// <param name="Inputs">The name of each input of the circuit: <c>input float</c> and <c>input angle</c> in order of declaration.</param>
/// <param name="Weights">The name of each weight: inputs that an annotation of <see cref="QasmWriter"/> marks.</param>
/// <param name="Names">What the file calls each operation, such as <c>rx</c>; null for one that belongs to the operation before it.</param>
public sealed record QasmProgram(
    Circuit Circuit,
    QasmVersion Version,
    ImmutableArray<string> Wires,
    ImmutableArray<string> Bits,
    ImmutableArray<string> Inputs,
    ImmutableArray<string> Weights,
    ImmutableArray<string?> Names);
