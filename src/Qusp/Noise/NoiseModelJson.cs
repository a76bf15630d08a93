// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Qusp;

/// <summary>
/// A noise model as JSON.
/// <code>
/// {"rules": [
///    {"channel": "DepolarizingChannel", "strengths": [0.001]},
///    {"channel": "DepolarizingChannel[2]", "strengths": [0.01], "gates": ["CNOT"], "wires": [0, 1]},
///    {"channel": "AmplitudeDamping", "strengths": [0.002], "arity": 1, "before": true}],
///  "readout": [{"p01": 0.01, "p10": 0.03}, {"wire": 2, "p01": 0.05, "p10": 0.05}]}
/// </code>
/// What is left out restricts nothing; a readout error without wire is that of all others.
/// </summary>
public static class NoiseModelJson
{
    /// <summary>The model as one line of JSON.</summary>
    /// <exception cref="NotSupportedException">A strength is not a constant, or a channel was made from the user's Kraus operators.</exception>
    public static string Write(NoiseModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            CircuitJson.WriteList(json, "rules", model.Rules, rule => Write(json, rule));
            ImmutableArray<(int? Wire, ReadoutError Error)> readout =
            [
                .. model.Readout == default ? [] : (IEnumerable<(int?, ReadoutError)>)[(null, model.Readout)],
                .. model.ReadoutByWire.Select(one => ((int?)one.Key, one.Value)),
            ];
            CircuitJson.WriteList(json, "readout", readout, one =>
            {
                json.WriteStartObject();
                if (one.Wire is { } wire)
                {
                    json.WriteNumber("wire", wire);
                }

                json.WriteNumber("p01", one.Error.OneForZero);
                json.WriteNumber("p10", one.Error.ZeroForOne);
                json.WriteEndObject();
            });
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>Reads a model.</summary>
    /// <param name="json">What <see cref="Write(NoiseModel)"/> wrote.</param>
    /// <param name="source">What messages call the document.</param>
    /// <exception cref="InvalidDataException">It is no model; the message is one line that names the place.</exception>
    public static NoiseModel Read(string json, string source = "noise")
    {
        ArgumentNullException.ThrowIfNull(json);
        var place = JsonPlace.Parse(json, source).Object("rules", "readout");
        var model = NoiseModel.Empty;
        foreach (var rule in place.Optional("rules")?.Items() ?? [])
        {
            model = model.With(ReadRule(rule));
        }

        foreach (var error in place.Optional("readout")?.Items() ?? [])
        {
            error.Object("wire", "p01", "p10");
            var read = new ReadoutError(error["p01"].Finite(), error["p10"].Finite());
            var before = model;
            model = error.Make(() => before.WithReadout(read, error.Optional("wire")?.Integer(0, Circuit.MaxWires - 1)));
        }

        return model;
    }

    private static NoiseRule ReadRule(JsonPlace place)
    {
        place.Object("channel", "strengths", "gates", "arity", "wires", "before");
        var name = place["channel"];
        var channel = name.Make(() => Gates.Find(name.Text()));
        ImmutableArray<Angle> strengths = [.. place["strengths"].Items().Select(strength => Angle.Constant(strength.Finite()))];
        return place.Make(() => new NoiseRule(channel, strengths)) with
        {
            Gates = [.. (place.Optional("gates")?.Items() ?? []).Select(gate => gate.Make(() => Gates.Find(gate.Text())))],
            Arity = place.Optional("arity")?.Integer(1, Circuit.MaxWires) ?? 0,
            Wires = [.. (place.Optional("wires")?.Items() ?? []).Select(wire => wire.Integer(0, Circuit.MaxWires - 1))],
            Before = place.Optional("before")?.Truth() ?? false,
        };
    }

    private static void Write(Utf8JsonWriter json, NoiseRule rule)
    {
        if (rule.Channel.IsCustom || rule.Gates.Any(gate => gate.IsCustom) || !rule.Strengths.All(strength => strength.IsConstant))
        {
            throw new NotSupportedException($"{rule.Channel.Name}: a noise model is written with rows of the table and constant strengths.");
        }

        json.WriteStartObject();
        json.WriteString("channel", rule.Channel.Name);
        json.WriteStartArray("strengths");
        foreach (var strength in rule.Strengths)
        {
            json.WriteNumberValue(strength.Offset);
        }

        json.WriteEndArray();
        CircuitJson.WriteList(json, "gates", rule.Gates, gate => json.WriteStringValue(gate.Name));
        if (rule.Arity > 0)
        {
            json.WriteNumber("arity", rule.Arity);
        }

        CircuitJson.WriteList(json, "wires", rule.Wires, json.WriteNumberValue);
        if (rule.Before)
        {
            json.WriteBoolean("before", true);
        }

        json.WriteEndObject();
    }
}
