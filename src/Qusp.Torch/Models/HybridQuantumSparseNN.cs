// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Torch;

/// <summary>
/// The basic model of the origin document: <c>classical_layer</c> (Linear F → n), tanh, the sparse circuit,
/// <c>classical_output</c> (Linear n → Outputs). Guards compare as <c>inputs[i].item() &gt; 0.1</c>.
/// </summary>
public sealed class HybridQuantumSparseNN : HybridModel
{
    /// <summary>The model with freshly drawn parameters.</summary>
    /// <param name="options">Sizes and settings; the document's if null.</param>
    /// <exception cref="ArgumentException">A size is below 1, or a device's name is unknown.</exception>
    /// <exception cref="NotSupportedException">No device of the preference can run the circuit.</exception>
    public HybridQuantumSparseNN(HybridOptions? options = null)
        : base(Layers(HybridOptions.Checked(options)), options ?? new HybridOptions(), nameof(HybridQuantumSparseNN))
    {
    }

    private static ModelDescription Layers(HybridOptions options) => new()
    {
        Model = HybridModels.Basic,
        Precision = options.Precision,
        Layers =
        [
            new LinearDescription("classical_layer", options.Features, options.Wires),
            new TanhDescription(),
            new QuantumDescription("quantum_layer", options.BuildCircuit(), GuardComparison.Item, options.CircuitPrecision),
            new LinearDescription("classical_output", options.Wires, options.Outputs),
        ],
    };
}
