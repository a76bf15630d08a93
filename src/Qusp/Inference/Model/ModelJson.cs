// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Qusp.Inference;

/// <summary>The format of <c>model.json</c>, both ways. What is unknown is refused: a misspelt name must not be passed over.</summary>
internal static class ModelJson
{
    private const string Format = "qusp-model";
    private const int Version = 1;

    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(ModelDescription model)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteNumber("version", Version);
            json.WriteString("model", model.Model);
            json.WriteString("precision", Name(model.Precision));
            json.WriteStartArray("layers");
            foreach (var layer in model.Layers)
            {
                Write(json, layer);
            }

            json.WriteEndArray();
            if (model.Standardization is { } standardization)
            {
                json.WriteStartObject("standardization");
                CircuitJson.WriteList(json, "mean", standardization.Mean, value => JsonPlace.Write(json, value));
                CircuitJson.WriteList(json, "deviation", standardization.Deviation, value => JsonPlace.Write(json, value));
                json.WriteEndObject();
            }

            CircuitJson.WriteList(json, "features", model.Features, json.WriteStringValue);
            CircuitJson.WriteList(json, "classes", model.Classes, json.WriteStringValue);
            if (model.Loss is not null)
            {
                json.WriteString("loss", model.Loss);
            }

            if (model.Quantization is { } quantization)
            {
                json.WriteStartObject("quantization");
                json.WriteString("scheme", quantization.Scheme.Name());
                json.WriteString("file", quantization.File);
                json.WriteEndObject();
            }

            if (model.Training is { } training)
            {
                json.WritePropertyName("training");
                training.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    public static ModelDescription Read(JsonPlace place)
    {
        // Another format or version may have other names, so that is looked at first.
        if (place["format"].Text() != Format)
        {
            throw place["format"].Fault($"this is no {Format}; give a directory that `qusp train` wrote");
        }

        if (place["version"].Integer(1) is > Version and var version)
        {
            throw place["version"].Fault($"version {version} is newer than this program, which knows {Version}; update it");
        }

        place.Object("format", "version", "model", "precision", "layers", "standardization", "features", "classes", "loss", "quantization", "training");
        var model = new ModelDescription
        {
            Model = place["model"].Text(),
            Precision = ReadPrecision(place["precision"]),
            Layers = ReadLayers(place["layers"]),
            Features = Texts(place, "features"),
            Classes = Texts(place, "classes"),
            Loss = place.Optional("loss")?.Text(),
            Quantization = place.Optional("quantization") is { } quantization ? ReadQuantization(quantization) : null,
            Training = place.Optional("training") is { } training ? ReadTraining(training) : null,
        };
        RequireCount(place, "features", model.Features.Length, model.Inputs, "features");
        RequireCount(place, "classes", model.Classes.Length, model.Outputs, "outputs");
        return place.Optional("standardization") is { } standardization
            ? model with { Standardization = ReadStandardization(standardization, model.Inputs) }
            : model;
    }

    private static void Write(Utf8JsonWriter json, LayerDescription layer)
    {
        json.WriteStartObject();
        json.WriteString("type", layer.Type);
        switch (layer)
        {
            case LinearDescription linear:
                json.WriteString("name", linear.Name);
                json.WriteNumber("in", linear.Inputs);
                json.WriteNumber("out", linear.Outputs);
                break;
            case SoftThresholdDescription threshold:
                json.WriteString("alpha", threshold.Alpha);
                json.WritePropertyName("tau");
                JsonPlace.Write(json, threshold.Tau);
                break;
            case GateDescription gate:
                json.WriteString("name", gate.Name);
                json.WriteNumber("wires", gate.Wires);
                json.WriteString("rule", gate.Rule.Name());
                json.WriteString("predicate", gate.Predicate.Name());
                json.WriteString("scope", gate.Scope.Name());
                json.WritePropertyName("limit");
                JsonPlace.Write(json, gate.Limit);
                break;
            case QuantumDescription quantum:
                json.WriteString("name", quantum.Name);
                json.WriteString("guardComparison", quantum.GuardComparison == GuardComparison.Item ? "item" : "tensor");
                json.WriteString("circuitPrecision", Name(quantum.CircuitPrecision));
                json.WritePropertyName("circuit");
                CircuitJson.Write(json, quantum.Circuit);
                break;
        }

        json.WriteEndObject();
    }

    private static ImmutableArray<LayerDescription> ReadLayers(JsonPlace place)
    {
        var layers = ImmutableArray.CreateBuilder<LayerDescription>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var width = 0;
        foreach (var item in place.Items())
        {
            var layer = ReadLayer(item);
            if (Name(layer) is { } name && !names.Add(name))
            {
                throw item.Fault($"the name '{OneLine.Of(name)}' stands twice; give each layer a name of its own");
            }

            if (ModelDescription.Sizes(layer) is { } sizes)
            {
                if (width > 0 && sizes.Inputs != width)
                {
                    throw item.Fault($"it takes {sizes.Inputs} inputs, but the layers before it give {width}; make both the same");
                }

                width = sizes.Outputs;
            }

            layers.Add(layer);
        }

        return width > 0 ? layers.ToImmutable() : throw place.Fault("no layer has inputs and outputs; list a linear or a quantum layer");
    }

    private static LayerDescription ReadLayer(JsonPlace place)
    {
        switch (place["type"].Text())
        {
            case LinearDescription.TypeName:
                place.Object("type", "name", "in", "out");
                return new LinearDescription(LayerName(place, "name"), place["in"].Integer(1), place["out"].Integer(1));
            case TanhDescription.TypeName:
                place.Object("type");
                return new TanhDescription();
            case SoftThresholdDescription.TypeName:
                place.Object("type", "alpha", "tau");
                return new SoftThresholdDescription(LayerName(place, "alpha"), place["tau"].Finite());
            case GateDescription.TypeName:
                place.Object("type", "name", "wires", "rule", "predicate", "scope", "limit");
                return ReadGate(place);
            case QuantumDescription.TypeName:
                place.Object("type", "name", "guardComparison", "circuitPrecision", "circuit");
                return ReadQuantum(place);
            default:
                throw place["type"].Fault(
                    $"'{OneLine.Of(place["type"].Text())}' is no layer; there are {LinearDescription.TypeName}, {TanhDescription.TypeName}, {SoftThresholdDescription.TypeName}, {GateDescription.TypeName}, {QuantumDescription.TypeName}");
        }
    }

    private static GateDescription ReadGate(JsonPlace place) => new(
        LayerName(place, "name"),
        place["wires"].Integer(1),
        place["rule"].Make(() => SparsityNames.FindRule(place["rule"].Text())),
        place["predicate"].Make(() => SparsityNames.FindPredicate(place["predicate"].Text())),
        place["limit"].Finite() is >= 0 and var limit ? limit : throw place["limit"].Fault("it is below 0; write how many wires a sample keeps"),
        place["scope"].Make(() => SparsityNames.FindScope(place["scope"].Text())));

    private static QuantumDescription ReadQuantum(JsonPlace place)
    {
        var circuit = CircuitJson.Read(place["circuit"]);
        return circuit.Inputs > 0 && circuit.Outputs > 0
            ? new QuantumDescription(LayerName(place, "name"), circuit, ReadComparison(place["guardComparison"]), ReadPrecision(place["circuitPrecision"]))
            : throw place["circuit"].Fault("it has no inputs or measures nothing, so it is no layer; declare inputs and measurements");
    }

    private static string LayerName(JsonPlace place, string property) =>
        place[property].Text() is { Length: > 0 } name ? name : throw place[property].Fault("the name is empty; write one");

    private static GuardComparison ReadComparison(JsonPlace place) => place.Text() switch
    {
        "item" => GuardComparison.Item,
        "tensor" => GuardComparison.Tensor,
        var other => throw place.Fault($"'{OneLine.Of(other)}' is not allowed; write item or tensor"),
    };

    private static Precision ReadPrecision(JsonPlace place) => place.Text() switch
    {
        "single" => Precision.Single,
        "double" => Precision.Double,
        var other => throw place.Fault($"'{OneLine.Of(other)}' is not allowed; write single or double"),
    };

    private static Standardization ReadStandardization(JsonPlace place, int inputs)
    {
        place.Object("mean", "deviation");
        ImmutableArray<double> mean = [.. place["mean"].Items().Select(value => value.Finite())];
        ImmutableArray<double> deviation =
        [
            .. place["deviation"].Items().Select(value => value.Finite() is > 0 and var positive ? positive : throw value.Fault("a deviation is above 0; write 1 for a feature that does not vary")),
        ];
        return mean.Length == inputs && deviation.Length == inputs
            ? new Standardization(mean, deviation)
            : throw place.Fault($"it has {mean.Length} means and {deviation.Length} deviations for {inputs} features; write one of each a feature");
    }

    private static QuantizationDescription ReadQuantization(JsonPlace place)
    {
        place.Object("scheme", "file");
        var (scheme, file) = (place["scheme"], place["file"].Text());

        // The file lies beside: a model that is copied from anywhere must not reach for others.
        return file.Length > 0 && file == Path.GetFileName(file) && file is not ("." or "..")
            ? new QuantizationDescription(scheme.Make(() => QuantizationSchemes.Find(scheme.Text())), file)
            : throw place["file"].Fault($"'{OneLine.Of(file)}' is no file beside {ModelDescription.FileName}; write its name without a directory");
    }

    private static JsonObject ReadTraining(JsonPlace place) =>
        place.Kind == JsonValueKind.Object && JsonObject.Create(place.Element) is { } training
            ? training
            : throw place.Fault("this is not an object; write an object");

    private static ImmutableArray<string> Texts(JsonPlace place, string name) =>
        place.Optional(name) is { } list ? [.. list.Items().Select(text => text.Text())] : [];

    private static void RequireCount(JsonPlace place, string name, int count, int expected, string what)
    {
        if (count > 0 && count != expected)
        {
            throw place[name].Fault($"it has {count} names, but the network has {expected} {what}; write one each, or none");
        }
    }

    private static string? Name(LayerDescription layer) => layer switch
    {
        LinearDescription linear => linear.Name,
        SoftThresholdDescription threshold => threshold.Alpha,
        GateDescription gate => gate.Name,
        QuantumDescription quantum => quantum.Name,
        _ => null,
    };

    private static string Name(Precision precision) => precision == Precision.Single ? "single" : "double";
}
