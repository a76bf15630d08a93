// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

namespace Qusp;

/// <summary>
/// A value of a JSON document that knows where it stands, so that whatever is wrong with it is said in one line:
/// <c>model.json:$.layers[2].in: …</c>.
/// </summary>
internal readonly struct JsonPlace
{
    private readonly JsonElement element;
    private readonly string source;
    private readonly string path;

    private JsonPlace(JsonElement element, string source, string path) => (this.element, this.source, this.path) = (element, source, path);

    public JsonValueKind Kind => element.ValueKind;

    public JsonElement Element => element;

    /// <summary>A property that must be there.</summary>
    public JsonPlace this[string name] => Optional(name) ?? throw Fault($"'{name}' is missing; write it");

    /// <summary>The value at the top.</summary>
    public static JsonPlace Of(JsonElement element, string source) => new(element, source, "$");

    /// <summary>The document in a text.</summary>
    /// <exception cref="InvalidDataException">The text is not JSON.</exception>
    public static JsonPlace Parse(string text, string source)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return Of(document.RootElement.Clone(), source);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{source}:$: {OneLine.Of(error.Message)}; write JSON", error);
        }
    }

    /// <summary>What is wrong here, and what to do, separated by a semicolon.</summary>
    public InvalidDataException Fault(string what, Exception? cause = null) => new($"{source}:{OneLine.Of(path)}: {OneLine.Of(what, longest: 400)}", cause);

    /// <summary>What <paramref name="make"/> makes; what it refuses is said to be wrong here.</summary>
    public T Make<T>(Func<T> make)
    {
        try
        {
            return make();
        }
        catch (Exception error) when (error is ArgumentException or FormatException or NotSupportedException or KeyNotFoundException)
        {
            var name = error.Message.IndexOf(" (Parameter '", StringComparison.Ordinal);
            throw Fault(name < 0 ? error.Message : error.Message[..name], error);
        }
    }

    /// <summary>This value, once it is known to be an object with no other properties than these, each once.</summary>
    public JsonPlace Object(params ReadOnlySpan<string> names)
    {
        Require(JsonValueKind.Object, "an object");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            var name = Text(property);
            if (!names.Contains(name))
            {
                throw Fault($"'{OneLine.Of(name)}' is unknown here; known are {string.Join(", ", names!)}");
            }

            if (!seen.Add(name))
            {
                throw Fault($"'{name}' stands twice; leave one");
            }
        }

        return this;
    }

    /// <summary>A property, or null if it is missing or null.</summary>
    public JsonPlace? Optional(string name)
    {
        Require(JsonValueKind.Object, "an object");
        return element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? new JsonPlace(value, source, $"{path}.{name}")
            : null;
    }

    /// <summary>The items of a list.</summary>
    public JsonPlace[] Items()
    {
        Require(JsonValueKind.Array, "a list");
        var (from, at) = (source, path);
        return [.. element.EnumerateArray().Select((item, index) => new JsonPlace(item, from, $"{at}[{index}]"))];
    }

    /// <summary>A whole number in a range.</summary>
    public int Integer(int least, int most = int.MaxValue) =>
        Kind == JsonValueKind.Number && element.TryGetInt32(out var value) && value >= least && value <= most
            ? value
            : throw Fault($"{element.GetRawText()} is not allowed; write a whole number from {least}{(most == int.MaxValue ? "" : $" to {most}")}");

    /// <summary>A number; infinities and NaN, which JSON does not have, are written as texts.</summary>
    public double Number() => (Kind, Kind == JsonValueKind.String ? Text() : "") switch
    {
        (JsonValueKind.Number, _) when element.TryGetDouble(out var value) && double.IsFinite(value) => value,
        (_, "Infinity") => double.PositiveInfinity,
        (_, "-Infinity") => double.NegativeInfinity,
        (_, "NaN") => double.NaN,
        _ => throw Fault($"{element.GetRawText()} is no number; write one within the range of double"),
    };

    /// <summary>A number that is neither infinite nor NaN.</summary>
    public double Finite() => Number() is var value && double.IsFinite(value) ? value : throw Fault($"{element.GetRawText()} is not finite; write a number");

    /// <summary>A text.</summary>
    public string Text()
    {
        Require(JsonValueKind.String, "a text");
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException error)
        {
            throw Fault("it is half of a surrogate pair and no text; write Unicode", error);
        }
    }

    /// <summary>True or false.</summary>
    public bool Truth() => Kind is JsonValueKind.True or JsonValueKind.False
        ? element.GetBoolean()
        : throw Fault($"{element.GetRawText()} is not allowed; write true or false");

    /// <summary>Writes a number as <see cref="Number"/> reads it, exactly.</summary>
    public static void Write(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumberValue(value);
        }
        else
        {
            json.WriteStringValue(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
        }
    }

    private string Text(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException error)
        {
            throw Fault("a name is half of a surrogate pair and no text; write Unicode", error);
        }
    }

    private void Require(JsonValueKind kind, string what)
    {
        if (Kind != kind)
        {
            throw Fault($"{(Kind is JsonValueKind.Object or JsonValueKind.Array ? "this" : element.GetRawText())} is not {what}; write {what}");
        }
    }
}
