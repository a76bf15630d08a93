// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace Qusp;

/// <summary>
/// A circuit as JSON: all that it is, so that reading gives back an equal circuit, numbers exactly.
/// <code>
/// {"wires": 2, "inputs": 1, "weights": [{"name": "w", "shape": [2]}],
///  "operations": [
///    {"gate": "RY", "wires": [0], "angles": [{"source": "input", "index": 0, "scale": 2}], "guard": {"input": 0, "threshold": 0.1}},
///    {"gate": "Rot", "wires": [1], "angles": [0.5, {"source": "weight", "index": 0}, {"source": "weight", "index": 1, "offset": 0.1}]},
///    {"gate": "Controlled[0](Unitary)", "wires": [0, 1], "matrix": {"re": [[0, 1], [1, 0]], "im": [[0, 0], [0, 0]]}}],
///  "measurements": [{"expectation": "0.5*Z0*X1"}, {"probabilities": [0, 1]}, {"state": true}, {"variance": "Z0+X1"}, {"projector": "01", "wires": [0, 1]},
///    {"projectorVariance": "1", "wires": [0]}, {"density": [0]}, {"purity": [0]}, {"entropy": [0], "base": 2}, {"mutualInformation": [[0], [1]]},
///    {"fidelity": {"re": [1, 0], "im": [0, 0]}, "wires": [0]}]}
/// </code>
/// An angle that is an expression names one of the list <c>expressions</c>, in which each refers to those before it:
/// <c>{"function": "multiply", "arguments": [{"source": "input", "index": 0}, {"source": "input", "index": 1}]}</c>.
/// A gate is named as <see cref="Gates.Find"/> reads it; one made from a matrix of the user carries that matrix, a channel made from
/// Kraus operators those, <c>{"gate": "Channel", "label": "coin", "kraus": [{"re": …, "im": …}]}</c>. A measurement in the circuit's
/// course names its bit, what depends on bits its conditions, and the circuit says how many bits there are:
/// <c>{"gate": "Measure", "wires": [0], "bit": 1}</c>, <c>{"gate": "X", "wires": [2], "conditions": [{"bits": [0, 1], "value": 2, "negated": true}]}</c>,
/// <c>"bits": 2</c>; measured at the end they are <c>{"bitProbabilities": [0, 1]}</c>. A scale of 1, an offset of 0 and what is empty are left out.
/// </summary>
public static partial class CircuitJson
{
    /// <summary>The circuit as one line of JSON.</summary>
    public static string Write(Circuit circuit)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            Write(json, circuit);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>Writes the circuit as an object.</summary>
    public static void Write(Utf8JsonWriter json, Circuit circuit)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(circuit);
        json.WriteStartObject();
        json.WriteNumber("wires", circuit.Wires);
        json.WriteNumber("inputs", circuit.Inputs);
        if (circuit.Bits > 0)
        {
            json.WriteNumber("bits", circuit.Bits);
        }

        WriteList(json, "weights", circuit.WeightGroups, group =>
        {
            json.WriteStartObject();
            json.WriteString("name", group.Name);
            WriteList(json, "shape", group.Shape, json.WriteNumberValue);
            json.WriteEndObject();
        });
        var graph = new ExpressionGraph();
        foreach (var expression in circuit.Expressions)
        {
            graph.Add(expression);
        }

        WriteList(json, "expressions", [.. graph.Nodes], node => Write(json, node));
        WriteList(json, "operations", circuit.Operations, operation => Write(json, operation, graph));
        WriteList(json, "measurements", circuit.Measurements, measurement => Write(json, measurement));
        json.WriteEndObject();
    }

    /// <summary>Reads a circuit.</summary>
    /// <param name="json">What <see cref="Write(Circuit)"/> wrote.</param>
    /// <param name="source">What messages call the document.</param>
    /// <exception cref="InvalidDataException">It is no circuit; the message is one line that names the place.</exception>
    public static Circuit Read(string json, string source = "circuit")
    {
        ArgumentNullException.ThrowIfNull(json);
        return Read(JsonPlace.Parse(json, source));
    }

    /// <summary>Reads a circuit.</summary>
    /// <param name="json">The object that <see cref="Write(Utf8JsonWriter, Circuit)"/> wrote.</param>
    /// <param name="source">What messages call the document.</param>
    /// <exception cref="InvalidDataException">It is no circuit; the message is one line that names the place.</exception>
    public static Circuit Read(JsonElement json, string source = "circuit") => Read(JsonPlace.Of(json, source));

    /// <summary>A named array of items; nothing if there is none.</summary>
    internal static void WriteList<T>(Utf8JsonWriter json, string name, ImmutableArray<T> items, Action<T> write)
    {
        if (items.IsDefaultOrEmpty)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var item in items)
        {
            write(item);
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, Operation operation, ExpressionGraph expressions)
    {
        json.WriteStartObject();
        json.WriteString("gate", operation.Gate.Name);
        WriteList(json, "wires", operation.Wires, json.WriteNumberValue);
        WriteList(json, "angles", operation.Angles, angle => Write(json, expressions.ToOperand(angle)));
        if (operation.Gate is { IsCustom: true, Form: not null })
        {
            json.WriteString("label", operation.Gate.Label);
            WriteList(json, "kraus", [.. operation.Gate.Kraus()], kraus =>
            {
                json.WriteStartObject();
                WriteComplex(json, kraus);
            });
        }
        else if (operation.Gate.IsCustom)
        {
            json.WriteStartObject("matrix");
            WriteComplex(json, Root(operation.Gate).Matrix());
        }
        else if (!Gates.TryFind(operation.Gate.Name, out var found) || !found.Equals(operation.Gate))
        {
            throw new NotSupportedException($"{operation}: the gate has no name that the table reads, so it cannot be written; write its decomposition.");
        }

        if (operation.Guard is { } guard)
        {
            json.WriteStartObject("guard");
            json.WriteNumber("input", guard.Input);
            json.WritePropertyName("threshold");
            JsonPlace.Write(json, guard.Threshold);
            if (guard.Absolute)
            {
                json.WriteBoolean("absolute", true);
            }

            json.WriteEndObject();
        }

        if (operation.Bit is { } bit)
        {
            json.WriteNumber("bit", bit);
        }

        WriteList(json, "conditions", operation.Conditions, condition =>
        {
            json.WriteStartObject();
            WriteList(json, "bits", condition.Bits, json.WriteNumberValue);
            json.WriteNumber("value", condition.Value);
            if (condition.Negated)
            {
                json.WriteBoolean("negated", true);
            }

            json.WriteEndObject();
        });
        json.WriteEndObject();
    }

    // The rest of an object that has begun.
    private static void WriteComplex(Utf8JsonWriter json, Complex[,] matrix)
    {
        WriteMatrix(json, "re", matrix, entry => entry.Real);
        WriteMatrix(json, "im", matrix, entry => entry.Imaginary);
        json.WriteEndObject();
    }

    private static void WriteMatrix(Utf8JsonWriter json, string name, Complex[,] matrix, Func<Complex, double> part)
    {
        json.WriteStartArray(name);
        for (var r = 0; r < matrix.GetLength(0); r++)
        {
            json.WriteStartArray();
            for (var c = 0; c < matrix.GetLength(1); c++)
            {
                json.WriteNumberValue(part(matrix[r, c]));
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, ExpressionGraph.Node node)
    {
        json.WriteStartObject();
        json.WriteString("function", node.Function.Name);
        WriteList(json, "arguments", (ImmutableArray<Operand>)(node.Function.Arity == 1 ? [node.First] : [node.First, node.Second]), operand => Write(json, operand));
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Operand angle)
    {
        // A constant may carry an index or a scale that mean nothing, and yet two circuits differ by them.
        if (angle is { Source: AngleSource.Constant, Index: 0, Scale: 0 })
        {
            json.WriteNumberValue(angle.Offset);
            return;
        }

        json.WriteStartObject();
        json.WriteString("source", SourceName(angle.Source));
        json.WriteNumber("index", angle.Index);
        if (angle.Scale != 1)
        {
            json.WriteNumber("scale", angle.Scale);
        }

        if (angle.Offset != 0)
        {
            json.WriteNumber("offset", angle.Offset);
        }

        json.WriteEndObject();
    }

    private static Gate Root(Gate gate) => gate.Origin is { } origin ? Root(origin) : gate;

    private static string SourceName(AngleSource source) => source switch
    {
        AngleSource.Input => "input",
        AngleSource.Weight => "weight",
        AngleSource.Expression => "expression",
        _ => "constant",
    };
}
