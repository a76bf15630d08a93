// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using System.Text.Json;

namespace Qusp.Tests;

/// <summary>The embeddings and ansätze of circuits.json.</summary>
internal static class GoldenTemplates
{
    public static ImmutableArray<GoldenTemplate> All { get; } = GoldenFile.Read("circuits.json", "templates", GoldenTemplate.Read);
}

/// <summary>A template of PennyLane with its weights, written out in basic gates.</summary>
/// <param name="Name">Such as <c>StronglyEntanglingLayers</c>.</param>
/// <param name="Wires">The number n of wires.</param>
/// <param name="Weights">Row-major, W of them.</param>
/// <param name="WeightsShape">Their shape.</param>
/// <param name="Options">What else was asked for, by name, as JSON text: <c>rotation</c>, <c>ranges</c>, <c>prefix</c>….</param>
/// <param name="Operations">
/// The template, and its prefix if it has one, in basic gates. No state preparation is left among them, but those of the
/// <c>AmplitudeEmbedding</c>s are its decomposition for these very amplitudes: see <see cref="NeedsStatePreparation"/>.
/// </param>
/// <param name="State">The final amplitudes, <c>[2^n]</c>.</param>
/// <param name="ExpectationsZ">⟨Z_i⟩, <c>[n]</c>.</param>
/// <param name="ExpectationsX">⟨X_i⟩, <c>[n]</c>.</param>
/// <param name="Jacobian"><c>∂⟨Z_i⟩/∂weight</c>, <c>[n, W]</c>.</param>
internal sealed record GoldenTemplate(
    string Name,
    int Wires,
    ImmutableArray<double> Weights,
    ImmutableArray<int> WeightsShape,
    ImmutableDictionary<string, string> Options,
    ImmutableArray<GoldenOperation> Operations,
    ImmutableArray<Complex> State,
    ImmutableArray<double> ExpectationsZ,
    ImmutableArray<double> ExpectationsX,
    double[,] Jacobian)
{
    private static readonly ImmutableHashSet<string> Results =
    [
        "template", "num_wires", "weights", "weights_shape", "expanded_ops", "state_re", "state_im", "expval_Z", "expval_X", "jacobian_Z",
    ];

    /// <summary>
    /// Whether the weights are amplitudes, so that the Jacobian needs state preparation; the operations still give the
    /// state and the expectations at these weights.
    /// </summary>
    public bool NeedsStatePreparation => Name.StartsWith("AmplitudeEmbedding", StringComparison.Ordinal);

    /// <summary>
    /// Whether every weight is an angle of some operation, so that <see cref="ToCircuit"/> can make weights of them. Not so
    /// where they are amplitudes or where angles are products of weights (IQPEmbedding).
    /// </summary>
    public bool WeightsAreAngles => !NeedsStatePreparation && Name != "IQPEmbedding";

    /// <summary>
    /// The circuit, with constant angles or with its weights as inputs or weights 0…W−1. An angle is a weight where it has
    /// its value: the values are random, all different.
    /// </summary>
    public Circuit ToCircuit(AngleSource source, params ImmutableArray<Measurement> measurements)
    {
        if (source == AngleSource.Constant)
        {
            return GoldenAssembly.Circuit(Wires, Operations, source, measurements);
        }

        if (!WeightsAreAngles)
        {
            throw new InvalidOperationException($"{Name}: its weights are not angles of its operations.");
        }

        var builder = new CircuitBuilder(Wires);
        _ = source == AngleSource.Input ? (object)builder.Inputs(Weights.Length) : builder.Weights("weights", WeightsShape);
        foreach (var golden in Operations)
        {
            var operation = golden.ToOperation([.. golden.Parameters.Select(Variable)]);
            builder.Apply(operation.Gate, operation.Wires, operation.Angles);
        }

        foreach (var measurement in measurements)
        {
            builder.Measure(measurement);
        }

        return builder.Build();

        Angle Variable(double value) => Weights.IndexOf(value) is >= 0 and var index ? new Angle(source, index, 1, 0) : Angle.Constant(value);
    }

    public static GoldenTemplate Read(JsonElement element) => new(
        element.Text("template"),
        element.Integer("num_wires"),
        element.Numbers("weights"),
        element.Integers("weights_shape"),
        element.EnumerateObject().Where(item => !Results.Contains(item.Name)).ToImmutableDictionary(item => item.Name, item => item.Value.GetRawText()),
        GoldenOperation.ReadAll(element, "expanded_ops"),
        element.ComplexNumbers("state"),
        element.Numbers("expval_Z"),
        element.Numbers("expval_X"),
        element.Rows("jacobian_Z"));

    public override string ToString() => $"{Name} {string.Join("×", WeightsShape)} ({Wires} wires)";
}
