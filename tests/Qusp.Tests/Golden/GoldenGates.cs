// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using System.Text.Json;

namespace Qusp.Tests;

/// <summary>The gates of gates.json.</summary>
internal static class GoldenGates
{
    public static ImmutableArray<GoldenGate> All { get; } = GoldenFile.Read("gates.json", "gates", GoldenGate.Read);

    public static ImmutableArray<GoldenChannel> Channels { get; } = GoldenFile.Read("gates.json", "channels", GoldenChannel.Read);
}

/// <summary>A gate as PennyLane has it.</summary>
/// <param name="Name">PennyLane's name, such as <c>RX</c>, <c>Adjoint(S)</c>, <c>ctrl(RY,[0])</c>, <c>pow(RX,2)</c>.</param>
/// <param name="Wires">How many wires.</param>
/// <param name="Parameters">The angles that the matrix is for.</param>
/// <param name="Matrix">The unitary, first wire = most significant bit.</param>
/// <param name="Generator">G of <c>U(θ) = exp(iθG)</c>, or null.</param>
/// <param name="Frequencies">For each angle; default if PennyLane knows none.</param>
/// <param name="PauliWord">The word of a PauliRot, or null.</param>
/// <param name="ControlValues">The control values of a MultiControlledX; else empty.</param>
/// <param name="BaseUnitary">What a ControlledQubitUnitary controls, or null.</param>
internal sealed record GoldenGate(
    string Name,
    int Wires,
    ImmutableArray<double> Parameters,
    Complex[,] Matrix,
    Complex[,]? Generator,
    ImmutableArray<ImmutableArray<double>> Frequencies,
    string? PauliWord,
    ImmutableArray<bool> ControlValues,
    Complex[,]? BaseUnitary)
{
    /// <summary>Our row for it.</summary>
    public Gate Gate => Name switch
    {
        "MultiRZ" => Gates.MultiRZ(Wires),
        "PauliRot" => Gates.PauliRot(PauliWord!),
        "MultiControlledX" => Gates.MultiControlledX(ControlValues),
        "QFT" => Gates.QFT(Wires),
        "QubitUnitary" => Gates.Unitary(Matrix),
        "DiagonalQubitUnitary" => Gates.DiagonalUnitary([.. Enumerable.Range(0, Matrix.GetLength(0)).Select(i => Matrix[i, i])]),
        "ControlledQubitUnitary" => Gates.Unitary(BaseUnitary!).Controlled(true, true),
        "ctrl(RX)" => Gates.RX.Controlled(true, true),
        "ctrl(RY,[0])" => Gates.RY.Controlled(false),
        "ctrl(SWAP)" => Gates.SWAP.Controlled(true, true),
        "pow(PauliX,0.5)" => Gates.X.Power(0.5),
        "pow(RX,2)" => Gates.RX.Power(2),
        _ => Gates.Find(Name),
    };

    public static GoldenGate Read(JsonElement element)
    {
        var hyper = element.GetProperty("hyper");
        return new(
            element.Text("name"),
            element.Integer("num_wires"),
            element.Numbers("params"),
            element.Matrix("matrix")!,
            element.Matrix("generator"),
            element.TryGetProperty("parameter_frequencies", out var frequencies)
                ? [.. frequencies.EnumerateArray().Select(list => list.EnumerateArray().Select(item => item.GetDouble()).ToImmutableArray())]
                : default,
            hyper.TryGetProperty("pauli_word", out var word) ? word.GetString() : null,
            hyper.TryGetProperty("control_values", out _) ? hyper.Booleans("control_values") : [],
            hyper.Matrix("base_unitary"));
    }

    public override string ToString() => $"{Name}[{PauliWord}{string.Concat(ControlValues.Select(v => v ? 1 : 0))}]({string.Join(", ", Parameters)})";
}

/// <summary>A noise channel as PennyLane has it.</summary>
/// <param name="Name">PennyLane's name.</param>
/// <param name="Parameters">The strengths.</param>
/// <param name="Kraus">Its Kraus matrices.</param>
internal sealed record GoldenChannel(string Name, ImmutableArray<double> Parameters, ImmutableArray<Complex[,]> Kraus)
{
    public static GoldenChannel Read(JsonElement element)
    {
        var (count, entries) = (element.GetProperty("kraus_re").GetArrayLength(), element.ComplexNumbers("kraus"));
        var size = (int)Math.Round(Math.Sqrt(entries.Length / count));
        return new(element.Text("name"), element.Numbers("params"), [.. Enumerable.Range(0, count).Select(One)]);

        Complex[,] One(int k)
        {
            var matrix = new Complex[size, size];
            for (var i = 0; i < size * size; i++)
            {
                matrix[i / size, i % size] = entries[(k * size * size) + i];
            }

            return matrix;
        }
    }

    public override string ToString() => $"{Name}({string.Join(", ", Parameters)})";
}
