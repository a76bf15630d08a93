// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Qusp.Inference;

/// <summary>
/// <c>model.json</c>: what is needed, with the parameters, to rebuild a trained network without the code that made it.
/// docs/model-format.md has the format.
/// </summary>
public sealed record ModelDescription
{
    /// <summary>The file's name in a model directory.</summary>
    public const string FileName = "model.json";

    /// <summary>The name of the file of the parameters in a model directory.</summary>
    public const string ParametersFileName = "model.safetensors";

    /// <summary>The name of the file of the quantized parameters in a model directory.</summary>
    public const string QuantizedFileName = "model.int8.safetensors";

    /// <summary>Which model it is: <c>basic</c>, <c>advanced</c>, or <c>custom</c>.</summary>
    public required string Model { get; init; }

    /// <summary>The precision of the network's parameters and arithmetic.</summary>
    public Precision Precision { get; init; } = Precision.Single;

    /// <summary>The layers, in order.</summary>
    public required ImmutableArray<LayerDescription> Layers { get; init; }

    /// <summary>What the features are brought to; null if they are taken as they are.</summary>
    public Standardization? Standardization { get; init; }

    /// <summary>The names of the features, <c>[F]</c>; empty if they have none.</summary>
    public ImmutableArray<string> Features { get; init; } = [];

    /// <summary>The names of the classes, <c>[K]</c>, one an output; empty for a network that does not classify.</summary>
    public ImmutableArray<string> Classes { get; init; } = [];

    /// <summary>The loss it was trained with, <c>mse</c> or <c>cross-entropy</c>; null if it is not known.</summary>
    public string? Loss { get; init; }

    /// <summary>Where the quantized parameters are; null if the model is not quantized.</summary>
    public QuantizationDescription? Quantization { get; init; }

    /// <summary>How it was trained, for the reader: device, method, seed, epochs and whatever else. Nothing is computed from it.</summary>
    public JsonObject? Training { get; init; }

    /// <summary>The number F of features that the network takes.</summary>
    public int Inputs => Layers.Select(layer => Sizes(layer)?.Inputs).FirstOrDefault(width => width is not null) ?? 0;

    /// <summary>The number K of outputs that it gives.</summary>
    public int Outputs => Layers.Select(layer => Sizes(layer)?.Outputs).LastOrDefault(width => width is not null) ?? 0;

    /// <summary>
    /// The linear layers that quantization brings to int8: those behind the last gate. What a gate decides by is not rounded, so that a
    /// quantized model runs the same gates of its circuit.
    /// </summary>
    public IEnumerable<LinearDescription> Quantizable =>
        Layers.Skip(Layers.Select((layer, k) => layer is GateDescription ? k : -1).DefaultIfEmpty(-1).Max() + 1).OfType<LinearDescription>();

    /// <summary>Reads <c>model.json</c>.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is no description of a model; the message is one line that names file, place and remedy.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ModelDescription Load(string path) => Parse(File.ReadAllText(path), path);

    /// <summary>Reads the text of a <c>model.json</c>.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">What messages call the file.</param>
    /// <exception cref="InvalidDataException">As for <see cref="Load"/>.</exception>
    public static ModelDescription Parse(string json, string source = FileName)
    {
        ArgumentNullException.ThrowIfNull(json);
        return ModelJson.Read(JsonPlace.Parse(json, source));
    }

    /// <summary>Writes <c>model.json</c>, whole or not at all.</summary>
    /// <param name="path">The file; replaced if it is there.</param>
    /// <exception cref="InvalidDataException">What is described is no network: the layers do not fit.</exception>
    /// <exception cref="IOException">The file cannot be written; what stood there still does.</exception>
    public void Save(string path) => AtomicFile.WriteText(path, ToJson());

    /// <summary>The text of <c>model.json</c>.</summary>
    /// <exception cref="InvalidDataException">What is described is no network: the layers do not fit.</exception>
    public string ToJson()
    {
        var text = ModelJson.Write(this);

        // What is written can be read: the reader's checks are the only ones.
        Parse(text);
        return text;
    }

    /// <summary>The number of inputs and outputs of a layer; null for one that takes any number and gives as many.</summary>
    internal static (int Inputs, int Outputs)? Sizes(LayerDescription layer) => layer switch
    {
        LinearDescription linear => (linear.Inputs, linear.Outputs),
        GateDescription gate => (gate.Wires, gate.Outputs),
        QuantumDescription quantum => (quantum.Circuit.Inputs, quantum.Circuit.Outputs),
        _ => null,
    };
}
