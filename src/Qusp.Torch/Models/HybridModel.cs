// SPDX-License-Identifier: Apache-2.0
using static TorchSharp.torch;

namespace Qusp.Torch;

/// <summary>A network with one quantum layer, <c>[B, F] → [B, Outputs]</c>, that can describe itself.</summary>
public abstract class HybridModel : nn.Module<Tensor, Tensor>
{
    private protected HybridModel(string name)
        : base(name)
    {
    }

    /// <summary>The name in <c>--model</c> and <c>model.json</c>: <c>basic</c>, <c>advanced</c>, or what the description says.</summary>
    public abstract string Kind { get; }

    /// <summary>The quantum layer.</summary>
    public abstract QuantumLayer Quantum { get; }
}

/// <summary>The basic model of the origin document.</summary>
public sealed class HybridQuantumSparseNN : HybridModel
{
    /// <summary>The model with freshly drawn parameters.</summary>
    /// <param name="options">Sizes and settings; the document's if null.</param>
    public HybridQuantumSparseNN(HybridOptions? options = null)
        : base(nameof(HybridQuantumSparseNN))
    {
    }

    /// <inheritdoc/>
    public override string Kind => "basic";

    /// <inheritdoc/>
    public override QuantumLayer Quantum => throw new NotImplementedException();

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => throw new NotImplementedException();
}

/// <summary>The advanced model of the origin document.</summary>
public sealed class AdvancedQuantumSparseNN : HybridModel
{
    /// <summary>The model with freshly drawn parameters.</summary>
    /// <param name="options">Sizes and settings; the document's if null.</param>
    public AdvancedQuantumSparseNN(HybridOptions? options = null)
        : base(nameof(AdvancedQuantumSparseNN))
    {
    }

    /// <inheritdoc/>
    public override string Kind => "advanced";

    /// <inheritdoc/>
    public override QuantumLayer Quantum => throw new NotImplementedException();

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => throw new NotImplementedException();
}
