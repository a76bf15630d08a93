// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using System.Text.Json;

namespace Qusp;

// Measurements: an object whose one property of this table says which it is; entropies may have a base, what is given on wires names them.
public static partial class CircuitJson
{
    private static readonly (string Name, string[] With, Func<JsonPlace, JsonPlace, Limits, Measurement> Read)[] MeasurementForms =
    [
        ("expectation", [], (_, value, _) => new Expectation(Sum(value))),
        ("probabilities", [], (_, value, limits) => new Probabilities(WireList(value, limits))),
        ("bitProbabilities", [], (_, value, limits) => new BitProbabilities([.. value.Items().Select(bit => Index(bit, limits.Bits, "bits"))])),
        ("state", [], (_, value, _) => value.Truth() ? new StateVector() : throw value.Fault("false measures nothing; leave it out")),
        ("variance", [], (_, value, _) => new Variance(Sum(value))),
        ("projector", ["wires"], (place, value, limits) => new ProjectorExpectation(new Projector(value.Text(), WireList(place["wires"], limits)))),
        ("projectorVariance", ["wires"], (place, value, limits) => new ProjectorVariance(new Projector(value.Text(), WireList(place["wires"], limits)))),
        ("density", [], (_, value, limits) => new DensityMatrix(WireList(value, limits))),
        ("purity", [], (_, value, limits) => new Purity(WireList(value, limits))),
        ("entropy", ["base"], (place, value, limits) => new VnEntropy(Base(place), WireList(value, limits))),
        ("mutualInformation", ["base"], (place, value, limits) => value.Items() is [var first, var second]
            ? new MutualInformation(WireList(first, limits), WireList(second, limits), Base(place))
            : throw value.Fault("write two lists of wires")),
        ("fidelity", ["wires"], (place, value, limits) => ReadFidelity(value, WireList(place["wires"], limits))),
    ];

    private static Measurement ReadMeasurement(JsonPlace place, Limits limits)
    {
        place.Object([.. MeasurementForms.SelectMany(form => (string[])[form.Name, .. form.With]).Distinct()]);
        var forms = MeasurementForms.Where(form => place.Optional(form.Name) is not null).ToList();
        if (forms is not [var form])
        {
            throw place.Fault($"a measurement has one of {string.Join(", ", MeasurementForms.Select(form => form.Name))}; write one an object");
        }

        foreach (var property in place.Element.EnumerateObject())
        {
            if (property.Name != form.Name && !form.With.Contains(property.Name))
            {
                throw place[property.Name].Fault($"it belongs to {string.Join(", ", MeasurementForms.Where(other => other.With.Contains(property.Name)).Select(other => other.Name))}; leave it out");
            }
        }

        // What only the value's own text can be blamed for is said there.
        var value = place[form.Name];
        var fault = form.With.Length == 0 && form.Name != "state" ? value : place;
        return fault.Make(() =>
        {
            var measurement = form.Read(place, value, limits);
            measurement.Check(limits.Wires);
            return measurement;
        });
    }

    private static PauliSum Sum(JsonPlace place) => PauliSum.Parse(place.Text());

    private static ImmutableArray<int> WireList(JsonPlace place, Limits limits) => [.. place.Items().Select(wire => wire.Integer(0, limits.Wires - 1))];

    private static double Base(JsonPlace place) => place.Optional("base")?.Finite() ?? Math.E;

    // Amplitudes are two lists, a density matrix two lists of rows.
    private static Fidelity ReadFidelity(JsonPlace place, ImmutableArray<int> wires)
    {
        place.Object("re", "im");
        var (re, im) = (place["re"].Items(), place["im"].Items());
        if (re.Length != im.Length)
        {
            throw place["im"].Fault($"it has {im.Length} entries and re has {re.Length}; write as many");
        }

        if (re is [{ Kind: JsonValueKind.Number }, ..])
        {
            return new Fidelity([.. re.Zip(im, (real, imaginary) => new Complex(real.Finite(), imaginary.Finite()))], wires);
        }

        var matrix = new Complex[re.Length, re.Length];
        for (var r = 0; r < re.Length; r++)
        {
            var (real, imaginary) = (re[r].Items(), im[r].Items());
            if (real.Length != re.Length || imaginary.Length != re.Length)
            {
                throw place.Fault($"a density matrix is square; row {r} has {real.Length} and {imaginary.Length} of {re.Length} entries");
            }

            for (var c = 0; c < re.Length; c++)
            {
                matrix[r, c] = new(real[c].Finite(), imaginary[c].Finite());
            }
        }

        return new Fidelity(matrix, wires);
    }

    private static void Write(Utf8JsonWriter json, Measurement measurement)
    {
        json.WriteStartObject();
        switch (measurement)
        {
            case Expectation expectation:
                json.WriteString("expectation", expectation.Observable.ToString());
                break;
            case Probabilities probabilities:
                WriteList(json, "probabilities", probabilities.OfWires, json.WriteNumberValue);
                break;
            case BitProbabilities bits:
                WriteList(json, "bitProbabilities", bits.OfBits, json.WriteNumberValue);
                break;
            case StateVector:
                json.WriteBoolean("state", true);
                break;
            case Variance variance:
                json.WriteString("variance", variance.Observable.ToString());
                break;
            case ProjectorExpectation { Onto: var onto }:
                json.WriteString("projector", onto.Bits);
                WriteList(json, "wires", onto.OfWires, json.WriteNumberValue);
                break;
            case ProjectorVariance { Onto: var onto }:
                json.WriteString("projectorVariance", onto.Bits);
                WriteList(json, "wires", onto.OfWires, json.WriteNumberValue);
                break;
            case DensityMatrix density:
                WriteList(json, "density", density.OfWires, json.WriteNumberValue);
                break;
            case Purity purity:
                WriteList(json, "purity", purity.OfWires, json.WriteNumberValue);
                break;
            case VnEntropy entropy:
                WriteList(json, "entropy", entropy.OfWires, json.WriteNumberValue);
                WriteBase(json, entropy.LogBase);
                break;
            case MutualInformation { First: var first, Second: var second }:
                WriteList(json, "mutualInformation", [first.OfWires, second.OfWires], wires =>
                {
                    json.WriteStartArray();
                    foreach (var wire in wires)
                    {
                        json.WriteNumberValue(wire);
                    }

                    json.WriteEndArray();
                });
                WriteBase(json, first.LogBase);
                break;
            case Fidelity fidelity:
                json.WriteStartObject("fidelity");
                WriteState(json, "re", fidelity, entry => entry.Real);
                WriteState(json, "im", fidelity, entry => entry.Imaginary);
                json.WriteEndObject();
                WriteList(json, "wires", fidelity.OfWires, json.WriteNumberValue);
                break;
            default:
                throw new NotSupportedException($"The measurement {measurement} has no form in JSON.");
        }

        json.WriteEndObject();
    }

    private static void WriteBase(Utf8JsonWriter json, double logBase)
    {
        if (logBase != Math.E)
        {
            json.WriteNumber("base", logBase);
        }
    }

    private static void WriteState(Utf8JsonWriter json, string name, Fidelity fidelity, Func<Complex, double> part)
    {
        if (fidelity.Density is { } density)
        {
            WriteMatrix(json, name, density, part);
        }
        else
        {
            WriteList(json, name, [.. fidelity.Amplitudes!], amplitude => json.WriteNumberValue(part(amplitude)));
        }
    }
}
