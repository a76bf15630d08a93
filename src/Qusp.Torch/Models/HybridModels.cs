// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Torch;

/// <summary>The models by name.</summary>
public static class HybridModels
{
    /// <summary>The names that <see cref="Create"/> knows.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["advanced", "basic"];

    /// <summary>A model of a kind, with freshly drawn parameters.</summary>
    /// <param name="kind"><c>advanced</c> or <c>basic</c>.</param>
    /// <param name="options">Sizes and settings; the document's if null.</param>
    /// <exception cref="ArgumentException">The kind is unknown.</exception>
    public static HybridModel Create(string kind, HybridOptions? options = null) => kind switch
    {
        "advanced" => new AdvancedQuantumSparseNN(options),
        "basic" => new HybridQuantumSparseNN(options),
        _ => throw new ArgumentException($"there is no model '{kind}'; use {string.Join(" or ", Kinds)}", nameof(kind)),
    };
}
