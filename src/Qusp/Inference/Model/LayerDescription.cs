// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Inference;

/// <summary>A layer of a network, as <c>model.json</c> lists it.</summary>
public abstract record LayerDescription
{
    private protected LayerDescription()
    {
    }

    /// <summary>The layer's type in <c>model.json</c>.</summary>
    public abstract string Type { get; }
}

/// <summary>
/// <c>y = x Wᵀ + b</c>. The parameters are <c>Name.weight</c> <c>[Outputs, Inputs]</c> and <c>Name.bias</c> <c>[Outputs]</c>.
/// </summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Inputs">The number of inputs.</param>
/// <param name="Outputs">The number of outputs.</param>
public sealed record LinearDescription(string Name, int Inputs, int Outputs) : LayerDescription
{
    internal const string TypeName = "linear";

    /// <inheritdoc/>
    public override string Type => TypeName;
}

/// <summary><c>y = tanh x</c>.</summary>
public sealed record TanhDescription : LayerDescription
{
    internal const string TypeName = "tanh";

    /// <inheritdoc/>
    public override string Type => TypeName;
}

/// <summary><c>y = x · σ(α(|x| − τ))</c> with a learnt α: the soft threshold of the origin document's advanced model.</summary>
/// <param name="Alpha">The name of α among the parameters, a scalar.</param>
/// <param name="Tau">The threshold τ.</param>
public sealed record SoftThresholdDescription(string Alpha, double Tau) : LayerDescription
{
    internal const string TypeName = "soft-threshold";

    /// <inheritdoc/>
    public override string Type => TypeName;
}

/// <summary>
/// A circuit, its inputs the layer's, its outputs the layer's. Each of its groups of weights is the parameter <c>Name.group</c>.
/// </summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Circuit">The circuit.</param>
/// <param name="GuardComparison">How its guards compare.</param>
/// <param name="CircuitPrecision">The precision of its arithmetic; its outputs are rounded to the network's.</param>
public sealed record QuantumDescription(
    string Name,
    Circuit Circuit,
    GuardComparison GuardComparison = GuardComparison.Tensor,
    Precision CircuitPrecision = Precision.Double) : LayerDescription
{
    internal const string TypeName = "quantum";

    /// <inheritdoc/>
    public override string Type => TypeName;
}
