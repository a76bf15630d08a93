// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using System.Text.Json;

namespace Qusp.Tests;

/// <summary>The circuits of circuits.json.</summary>
internal static class GoldenCircuits
{
    /// <summary>Of gates alone, by default.qubit.</summary>
    public static ImmutableArray<GoldenCircuit> All { get; } = GoldenFile.Read("circuits.json", "circuits", GoldenCircuit.Read);

    /// <summary>With channels (see <see cref="GoldenOperation.IsChannel"/>), by default.mixed.</summary>
    public static ImmutableArray<GoldenCircuit> Noisy { get; } = GoldenFile.Read("circuits.json", "noisy", GoldenCircuit.Read);
}

/// <summary>A random circuit with what PennyLane computed of it in float64.</summary>
/// <param name="Id">Its number in the file.</param>
/// <param name="Wires">The number n of wires.</param>
/// <param name="Operations">What is done on |0…0⟩, in order.</param>
/// <param name="State">The final amplitudes, <c>[2^n]</c>; none where there is noise.</param>
/// <param name="Density">With noise the final density matrix, <c>[2^n, 2^n]</c>, and <paramref name="Purity"/>.</param>
/// <param name="Expectations">⟨Z⟩, ⟨X⟩, ⟨Y⟩ of each wire, and the words.</param>
/// <param name="Probabilities">Of every basis state, <c>[2^n]</c>.</param>
/// <param name="Purity">The trace of the squared density matrix.</param>
/// <param name="Jacobian"><c>∂⟨Z_i⟩/∂parameter k</c>, <c>[n, P]</c>, over the operations' parameters one after the other.</param>
/// <param name="HamiltonianGradient">The gradient of the Hamiltonian's expectation, <c>[P]</c>.</param>
internal sealed record GoldenCircuit(
    int Id,
    int Wires,
    ImmutableArray<GoldenOperation> Operations,
    ImmutableArray<Complex> State,
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

    /// <summary>
    /// The circuit. Its angles are constants, or with <paramref name="source"/> the inputs or weights 0…P−1, to be given
    /// <see cref="Values"/>.
    /// </summary>
    public Circuit ToCircuit(AngleSource source, params ImmutableArray<Measurement> measurements) =>
        GoldenAssembly.Circuit(Wires, Operations, source, measurements);

    public static GoldenCircuit Read(JsonElement element)
    {
        var density = element.Matrix("density");
        return new(
            element.Integer("id"),
            element.Integer("num_wires"),
            GoldenOperation.ReadAll(element, "ops"),
            density is null ? element.ComplexNumbers("state") : [],
            density ?? new Complex[0, 0],
            GoldenExpectations.Read(element),
            element.Numbers("probs"),
            density is null ? 1 : element.Number("purity"),
            element.Rows("jacobian_Z"),
            element.Numbers("gradient_hamiltonian"));
    }

    public override string ToString() => $"{(State.IsEmpty ? "noisy " : "")}circuit {Id} ({Wires} wires)";
}

/// <summary>Expectation values of a golden circuit.</summary>
/// <param name="Z">⟨Z_i⟩, <c>[n]</c>.</param>
/// <param name="X">⟨X_i⟩, <c>[n]</c>.</param>
/// <param name="Y">⟨Y_i⟩, <c>[n]</c>.</param>
/// <param name="Words">Pauli words with expectation value and variance.</param>
/// <param name="Hamiltonian">A real sum of words.</param>
/// <param name="HamiltonianValue">Its expectation value.</param>
internal sealed record GoldenExpectations(
    ImmutableArray<double> Z,
    ImmutableArray<double> X,
    ImmutableArray<double> Y,
    ImmutableArray<(PauliWord Word, double Expectation, double Variance)> Words,
    PauliSum Hamiltonian,
    double HamiltonianValue)
{
    public static GoldenExpectations Read(JsonElement element)
    {
        var (means, variances) = (element.Numbers("expval_words"), element.Numbers("var_words"));
        var sum = element.GetProperty("hamiltonian");
        return new(
            element.Numbers("expval_Z"),
            element.Numbers("expval_X"),
            element.Numbers("expval_Y"),
            [.. element.Texts("pauli_words").Select((word, k) => (PauliWord.FromLetters(word), means[k], variances[k]))],
            new PauliSum([.. sum.Numbers("coeffs").Zip(sum.Texts("words"), (factor, word) => (factor, PauliWord.FromLetters(word)))]),
            element.Number("expval_hamiltonian"));
    }
}

internal static class GoldenAssembly
{
    public static Circuit Circuit(
        int wires, ImmutableArray<GoldenOperation> operations, AngleSource source, ImmutableArray<Measurement> measurements)
    {
        var builder = new CircuitBuilder(wires);
        var parameters = operations.Sum(operation => operation.Parameters.Length);
        Angle[] angles = source switch
        {
            AngleSource.Input => builder.Inputs(parameters),
            AngleSource.Weight when parameters > 0 => Weights(builder.Weights("parameters", parameters)),
            _ => [.. operations.SelectMany(operation => operation.Parameters).Select(Angle.Constant)],
        };
        var next = 0;
        foreach (var golden in operations)
        {
            var operation = golden.ToOperation([.. angles[next..(next + golden.Parameters.Length)]]);
            builder.Apply(operation.Gate, operation.Wires, operation.Angles);
            next += golden.Parameters.Length;
        }

        foreach (var measurement in measurements)
        {
            builder.Measure(measurement);
        }

        return builder.Build();
    }

    private static Angle[] Weights(WeightGroup group) => [.. Enumerable.Range(0, group.Count).Select(index => group[index])];
}
