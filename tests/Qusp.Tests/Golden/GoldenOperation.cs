// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using System.Text.Json;

namespace Qusp.Tests;

/// <summary>
/// An operation as PennyLane wrote it: <c>RX</c>, <c>Adjoint(S)</c>, <c>PauliRot</c> with its word, <c>QubitUnitary</c>
/// with its matrix, or a noise channel. Words and control values are in the order of <see cref="Wires"/>.
/// </summary>
internal sealed record GoldenOperation(
    string Name,
    ImmutableArray<int> Wires,
    ImmutableArray<double> Parameters,
    string? PauliWord,
    ImmutableArray<bool> ControlValues,
    Complex[,]? Matrix)
{
    /// <summary>Whether it is a noise channel; its parameters are the strengths.</summary>
    public bool IsChannel => Gate.Kind == GateKind.Channel;

    /// <summary>The row of the table.</summary>
    public Gate Gate => Name switch
    {
        "PauliRot" => Gates.PauliRot(PauliWord!),
        "MultiRZ" => Gates.MultiRZ(Wires.Length),
        "MultiControlledX" => Gates.MultiControlledX(ControlValues),
        "QubitUnitary" => Gates.Unitary(Matrix!),
        _ => Gates.Find(Name),
    };

    // A global phase is written on every wire there; ours is a row on one wire.
    private ImmutableArray<int> GateWires => Name == "GlobalPhase" ? Wires[..1] : Wires;

    /// <summary>The operation with its parameters as constant angles.</summary>
    public Operation ToOperation() => ToOperation([.. Parameters.Select(Angle.Constant)]);

    /// <summary>The operation with other angles.</summary>
    public Operation ToOperation(ImmutableArray<Angle> angles) => new(Gate, GateWires, angles);

    public static GoldenOperation Read(JsonElement element) => new(
        element.Text("name"),
        element.Integers("wires"),
        element.Numbers("params"),
        element.TryGetProperty("pauli_word", out var word) ? word.GetString() : null,
        element.TryGetProperty("control_values", out _) ? element.Booleans("control_values") : [],
        element.Matrix("matrix"));

    public static ImmutableArray<GoldenOperation> ReadAll(JsonElement element, string name) =>
        [.. element.GetProperty(name).EnumerateArray().Select(Read)];

    public override string ToString() => $"{Name}({string.Join(", ", Parameters)}) {string.Join(" ", Wires)}";
}
