// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using System.Text.Json;

namespace Qusp.Tests;

/// <summary>The circuits with noise channels of circuits.json.</summary>
internal static class GoldenNoisyCircuits
{
    public static ImmutableArray<GoldenNoisyCircuit> All { get; } = GoldenFile.Read("circuits.json", "noisy", GoldenNoisyCircuit.Read);
}

/// <summary>A circuit with channels (see <see cref="GoldenOperation.IsChannel"/>) and its density matrix, by default.mixed.</summary>
/// <param name="Id">Its number in the file.</param>
/// <param name="Wires">The number n of wires.</param>
/// <param name="Operations">Gates and channels on |0…0⟩⟨0…0|, in order.</param>
/// <param name="Density">The final density matrix, <c>[2^n, 2^n]</c>.</param>
/// <param name="Expectations">⟨Z⟩, ⟨X⟩, ⟨Y⟩ of each wire, and the words.</param>
/// <param name="Probabilities">Of every basis state, <c>[2^n]</c>.</param>
/// <param name="Purity">The trace of the squared density matrix.</param>
/// <param name="Jacobian"><c>∂⟨Z_i⟩/∂parameter k</c>, <c>[n, P]</c>, the channels' strengths among the parameters.</param>
/// <param name="HamiltonianGradient">The gradient of the Hamiltonian's expectation, <c>[P]</c>.</param>
internal sealed record GoldenNoisyCircuit(
    int Id,
    int Wires,
    ImmutableArray<GoldenOperation> Operations,
    Complex[,] Density,
    GoldenExpectations Expectations,
    ImmutableArray<double> Probabilities,
    double Purity,
    double[,] Jacobian,
    ImmutableArray<double> HamiltonianGradient)
{
    /// <summary>The number P of parameters of all operations, the channels' strengths among them.</summary>
    public int Parameters => Operations.Sum(operation => operation.Parameters.Length);

    /// <summary>The operations' parameters one after the other, <c>[P]</c>: what to give as inputs or weights.</summary>
    public ImmutableArray<double> Values => [.. Operations.SelectMany(operation => operation.Parameters)];

    /// <summary>The circuit, as <see cref="GoldenCircuit.ToCircuit"/>.</summary>
    public Circuit ToCircuit(AngleSource source, params ImmutableArray<Measurement> measurements) =>
        GoldenAssembly.Circuit(Wires, Operations, source, measurements);

    public static GoldenNoisyCircuit Read(JsonElement element) => new(
        element.Integer("id"),
        element.Integer("num_wires"),
        GoldenOperation.ReadAll(element, "ops"),
        element.Matrix("density")!,
        GoldenExpectations.Read(element),
        element.Numbers("probs"),
        element.Number("purity"),
        element.Rows("jacobian_Z"),
        element.Numbers("gradient_hamiltonian"));

    public override string ToString() => $"noisy circuit {Id} ({Wires} wires)";
}
