// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Torch;

/// <summary>
/// The advanced model of the origin document: <c>classical_layer</c> (Linear F → n), tanh, a soft threshold with the
/// learnable <c>alpha</c>, the sparse circuit, <c>classical_output</c> (Linear n → Outputs). Guards compare as
/// <c>inputs[i] &gt; 0.1</c> on a tensor.
/// </summary>
public sealed class AdvancedQuantumSparseNN : HybridModel
{
    /// <summary>The model with freshly drawn parameters.</summary>
    /// <param name="options">Sizes and settings; the document's if null.</param>
    /// <exception cref="ArgumentException">A size is below 1, or a device's name is unknown.</exception>
    /// <exception cref="NotSupportedException">No device of the preference can run the circuit.</exception>
    public AdvancedQuantumSparseNN(HybridOptions? options = null)
        : base(Layers(HybridOptions.Checked(options)), options ?? new HybridOptions(), nameof(AdvancedQuantumSparseNN))
    {
    }

    private static ModelDescription Layers(HybridOptions options) => new()
    {
        Model = HybridModels.Advanced,
        Precision = options.Precision,
        Layers =
        [
            new LinearDescription("classical_layer", options.Features, options.Wires),
            new TanhDescription(),
            new SoftThresholdDescription("alpha", options.Threshold),
            new QuantumDescription("quantum_layer", options.BuildCircuit(), GuardComparison.Tensor, options.CircuitPrecision),
            new LinearDescription("classical_output", options.Wires, options.Outputs),
        ],
    };
}
