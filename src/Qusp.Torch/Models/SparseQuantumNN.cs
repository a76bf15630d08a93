// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Torch;

/// <summary>
/// The origin's network with a gate that learns: <c>classical_layer</c> (Linear F → n), tanh, <c>gate</c> (<see cref="SparsityGate"/>), a
/// circuit whose wires it guards, <c>classical_output</c> (Linear n → Outputs). All that the outputs know of the features passes through
/// the circuit: there is no path around it. Without a gate all wires are on.
/// </summary>
public sealed class SparseQuantumNN : HybridModel
{
    /// <summary>The model with freshly drawn parameters.</summary>
    /// <param name="options">Sizes and settings; <see cref="HybridOptions.Layers"/> counts the layers that feed the features in, at least 1.</param>
    /// <exception cref="ArgumentException">A size is below 1, the gate's gradient is not for it, or a device's name is unknown.</exception>
    /// <exception cref="NotSupportedException">No device of the preference can run the circuit.</exception>
    public SparseQuantumNN(HybridOptions? options = null)
        : base(Layers(HybridOptions.Checked(options)), options ?? new HybridOptions(), nameof(SparseQuantumNN))
    {
    }

    private static ModelDescription Layers(HybridOptions options) => new()
    {
        Model = HybridModels.Sparse,
        Precision = options.Precision,
        Layers =
        [
            new LinearDescription("classical_layer", options.Features, options.Wires),
            new TanhDescription(),
            .. options.Gate is { } gate
                ? (IEnumerable<LayerDescription>)[new GateDescription("gate", options.Wires, gate, options.Predicate, options.Wires, options.Scope)]
                : [],
            new QuantumDescription("quantum_layer", SparseCircuit.Build(options.Wires, Math.Max(1, options.Layers), scope: options.Gate is null ? GateScope.Wire : options.Scope), GuardComparison.Tensor, options.CircuitPrecision),
            new LinearDescription("classical_output", options.Wires, options.Outputs),
        ],
    };
}
