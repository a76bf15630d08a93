// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Simulation.Mps;

namespace Qusp;

/// <summary>
/// Matrix-product states: for circuits of many wires whose entanglement across any cut of the chain of wires is small. Cost grows with the cube of the bond
/// dimension. Exact while the bonds suffice; otherwise the least weights are cut off, and the ledger's <see cref="Cost.TruncationError"/> is the weight that is missing
/// (Vidal 2003, quant-ph/0301063). Gradients by the adjoint method while nothing is cut off, by parameter-shift always.
/// </summary>
public sealed class MpsDevice : IDevice
{
    internal const string DeviceName = "mps";
    internal const int DefaultBond = 256;

    /// <summary>The weight left out at a split that only removes rounding.</summary>
    private const double Rounding = 1e-28;

    private readonly MpsLimits limits;

    /// <summary>The device.</summary>
    /// <param name="maxBond">The largest bond dimension.</param>
    /// <param name="cutoff">The share of the weight of a state that may be cut off at each split.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bond is below 1, or the cutoff not from 0 to 1.</exception>
    public MpsDevice(int maxBond = DefaultBond, double cutoff = Rounding)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBond, 1);
        if (!(cutoff is >= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(cutoff), cutoff, "The cutoff is a share of the weight, from 0 to 1.");
        }

        limits = new MpsLimits(maxBond, cutoff);
    }

    /// <inheritdoc/>
    public string Name => DeviceName;

    /// <inheritdoc/>
    public string Description => $"matrix-product states with bonds of at most {limits.MaxBond}, exact while these suffice";

    /// <inheritdoc/>
    public IReadOnlyList<Differentiation> Differentiations { get; } = [Differentiation.Adjoint, .. DeviceCompiler.ByEvaluations];

    /// <inheritdoc/>
    public string? Refusal(Circuit? circuit) =>
        circuit is null ? null
        : !circuit.IsUnitary ? "it has channels or measurements in its course; use a device that runs them"
        : circuit.Measurements.Select(Refusal).FirstOrDefault(reason => reason is not null)
            ?? circuit.Operations.Select(operation => MpsProgram<double>.Refusal(operation.Gate)).FirstOrDefault(reason => reason is not null);

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">It measures what a matrix-product state does not give, or has large gates without decomposition.</exception>
    public IProgram<T> Compile<T>(Circuit circuit, ProgramOptions? options = null)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        DeviceCompiler.Compile<T>(this, circuit, options, (exact, method) => new MpsProgram<T>(exact, method, limits, options?.Threads ?? 0));

    private static string? Refusal(Measurement measurement) => measurement switch
    {
        StateVector => "it does not write out all amplitudes; use cpu",
        Probabilities { OfWires.Length: > MeasuredWords.MaxProbabilityWires } of =>
            $"it gives probabilities of at most {MeasuredWords.MaxProbabilityWires} wires, not {of.OfWires.Length}; use cpu",
        DensityMatrix { OfWires.Length: > MeasuredWords.MaxDensityWires } of =>
            $"it gives density matrices of at most {MeasuredWords.MaxDensityWires} wires, not {of.OfWires.Length}; use cpu",
        Expectation or Probabilities or DensityMatrix => null,
        _ => $"it does not measure {measurement}; use cpu",
    };
}
