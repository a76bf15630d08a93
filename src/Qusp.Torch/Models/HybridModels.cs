// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Torch;

/// <summary>The models by name.</summary>
public static class HybridModels
{
    /// <summary>The name of <see cref="AdvancedQuantumSparseNN"/>.</summary>
    public const string Advanced = "advanced";

    /// <summary>The name of <see cref="HybridQuantumSparseNN"/>.</summary>
    public const string Basic = "basic";

    /// <summary>The name of <see cref="SparseQuantumNN"/>.</summary>
    public const string Sparse = "sparse";

    /// <summary>The names that <see cref="Create"/> knows.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [Advanced, Basic, Sparse];

    /// <summary>A model of a kind, with freshly drawn parameters.</summary>
    /// <param name="kind"><c>advanced</c>, <c>basic</c> or <c>sparse</c>.</param>
    /// <param name="options">Sizes and settings; the document's if null.</param>
    /// <exception cref="ArgumentException">The kind is unknown, a size is below 1, or a device's name is unknown.</exception>
    /// <exception cref="NotSupportedException">No device of the preference can run the circuit.</exception>
    public static HybridModel Create(string kind, HybridOptions? options = null) => kind switch
    {
        Advanced => new AdvancedQuantumSparseNN(options),
        Basic => new HybridQuantumSparseNN(options),
        Sparse => new SparseQuantumNN(options),
        _ => throw new ArgumentException($"there is no model '{kind}'; use {string.Join(" or ", Kinds)}", nameof(kind)),
    };

    /// <summary>A model as its description says, with freshly drawn parameters.</summary>
    /// <param name="description">The layers and the precision.</param>
    /// <param name="run">How quantum layers run; the defaults if null.</param>
    /// <exception cref="InvalidDataException">The layers do not fit together.</exception>
    public static HybridModel FromDescription(ModelDescription description, QuantumLayerOptions? run = null) => new(description, run);
}
