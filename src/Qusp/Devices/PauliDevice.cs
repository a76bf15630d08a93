// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Simulation.Pauli;

namespace Qusp;

/// <summary>
/// Observables carried back through the circuit as sums of Pauli words (the Heisenberg picture): for circuits of many wires that hold few
/// gates other than Clifford gates between the start and what is measured. Exact unless words are cut off; then the ledger's
/// <see cref="Cost.TruncationError"/> bounds the error. Gradients by one more sweep (Begušić, Hejazi and Chan 2023, arXiv:2306.04797, for the cut-offs).
/// </summary>
public sealed class PauliDevice : IDevice
{
    internal const string DeviceName = "pauli";
    private readonly PauliLimits limits;

    /// <summary>The device.</summary>
    /// <param name="maxWeight">Words of more letters are cut off; all are kept by default.</param>
    /// <param name="cutoff">Words whose coefficient is smaller, in absolute value, are cut off; none by default.</param>
    /// <param name="maxWords">The most words followed at once; a circuit that needs more is refused.</param>
    /// <exception cref="ArgumentOutOfRangeException">A limit is below 1, or the cutoff negative or not a number.</exception>
    public PauliDevice(int maxWeight = Circuit.MaxWires, double cutoff = 0, int maxWords = 1 << 20)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxWeight, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxWords, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(cutoff);
        if (double.IsNaN(cutoff))
        {
            throw new ArgumentOutOfRangeException(nameof(cutoff), cutoff, "The cutoff is a number.");
        }

        limits = new PauliLimits(maxWeight, cutoff, maxWords);
    }

    /// <inheritdoc/>
    public string Name => DeviceName;

    /// <inheritdoc/>
    public string Description => limits.IsExact
        ? $"observables as sums of Pauli words carried back through the circuit, exact, at most {limits.MaxWords} words"
        : $"observables as sums of Pauli words carried back through the circuit, cut off beyond {limits.MaxWeight} letters and below {limits.Cutoff}";

    /// <inheritdoc/>
    public IReadOnlyList<Differentiation> Differentiations { get; } = [Differentiation.Adjoint, .. DeviceCompiler.ByEvaluations];

    /// <inheritdoc/>
    public string? Refusal(Circuit? circuit) =>
        circuit is null ? null
        : !circuit.IsUnitary ? "it has channels or measurements in its course; use a device that runs them"
        : circuit.Measurements.Select(Refusal).FirstOrDefault(reason => reason is not null) ?? PauliLowering.Refusal(circuit);

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The observables become too many words, or it measures what cannot be written in few.</exception>
    public IProgram<T> Compile<T>(Circuit circuit, ProgramOptions? options = null)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        DeviceCompiler.Compile<T>(this, circuit, options, (exact, method) => new PauliProgram<T>(exact, method, limits, options?.Threads ?? 0));

    private static string? Refusal(Measurement measurement) => measurement switch
    {
        StateVector => "a state vector is not a sum of Pauli words; use cpu",
        Probabilities { OfWires.Length: > MeasuredWords.MaxProbabilityWires } of =>
            $"probabilities of {of.OfWires.Length} wires are not a sum of few Pauli words; ask for at most {MeasuredWords.MaxProbabilityWires}, or use cpu or mps",
        DensityMatrix { OfWires.Length: > MeasuredWords.MaxDensityWires } of =>
            $"a density matrix of {of.OfWires.Length} wires is not a sum of few Pauli words; ask for at most {MeasuredWords.MaxDensityWires}, or use cpu",
        Expectation or Probabilities or DensityMatrix => null,
        _ => $"it does not measure {measurement}; use cpu",
    };
}
