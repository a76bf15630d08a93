// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;

namespace Qusp;

/// <summary>
/// What a machine does to every circuit: channels around its gates and errors of reading. Immutable; <see cref="On"/> is a pass, circuit →
/// circuit, and any device that runs channels runs the result.
/// <code>
/// var model = NoiseModel.Empty
///     .After(Gates.DepolarizingChannel, 0.001)
///     .With(new NoiseRule(Gates.Depolarizing(2), 0.01) { Arity = 2 })
///     .WithReadout(new ReadoutError(0.01, 0.03));
/// var noisy = circuit.WithNoise(model);
/// </code>
/// </summary>
public sealed class NoiseModel : IEquatable<NoiseModel>
{
    private NoiseModel(ImmutableArray<NoiseRule> rules, ReadoutError everyWire, ImmutableSortedDictionary<int, ReadoutError> byWire) =>
        (Rules, Readout, ReadoutByWire) = (rules, everyWire, byWire);

    /// <summary>No noise.</summary>
    public static NoiseModel Empty { get; } = new([], default, ImmutableSortedDictionary<int, ReadoutError>.Empty);

    /// <summary>The rules; where several hold for a gate their channels follow in this order.</summary>
    public ImmutableArray<NoiseRule> Rules { get; }

    /// <summary>The readout error of wires that have none of their own.</summary>
    public ReadoutError Readout { get; }

    /// <summary>The readout errors of single wires.</summary>
    public ImmutableSortedDictionary<int, ReadoutError> ReadoutByWire { get; }

    /// <summary>
    /// Reads <c>depolarizing=0.01,readout=0.02</c>: channels with one strength, after every gate on each of its wires, and
    /// <c>readout</c>, the same error both ways. Names are those of the table, with or without <c>Channel</c>, in any case, words
    /// joined or separated by a hyphen; <c>depolarizing[2]</c> follows gates of two wires.
    /// </summary>
    /// <exception cref="FormatException">The text is not so, or a probability is out of range; the message is one line.</exception>
    public static NoiseModel Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var model = Empty;
        foreach (var part in Parts(text))
        {
            if (part.Split('=', StringSplitOptions.TrimEntries) is not [{ Length: > 0 } name, var number]
                || !double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var strength))
            {
                throw new FormatException($"'{OneLine.Of(part)}' is no noise; write NAME=P, such as depolarizing=0.01");
            }

            try
            {
                model = string.Equals(name, "readout", StringComparison.OrdinalIgnoreCase)
                    ? model.WithReadout(new ReadoutError(strength, strength))
                    : model.After(Find(name), strength);
            }
            catch (ArgumentException error)
            {
                throw new FormatException($"{OneLine.Of(part)}: {OneLine.Of(error.Message.Split(" (Parameter", 2)[0], 300)}", error);
            }
        }

        return model;
    }

    /// <summary>A model from a file of JSON (<see cref="NoiseModelJson"/>), or, where the text has an equals sign and no such file is there, by <see cref="Parse"/>.</summary>
    /// <param name="fileOrText">A path, or <c>NAME=P</c> and so on.</param>
    /// <exception cref="FormatException">The text is no model.</exception>
    /// <exception cref="InvalidDataException">The file holds none; the message is one line that names file and place.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static NoiseModel Load(string fileOrText)
    {
        ArgumentNullException.ThrowIfNull(fileOrText);
        return fileOrText.Contains('=', StringComparison.Ordinal) && !File.Exists(fileOrText)
            ? Parse(fileOrText)
            : NoiseModelJson.Read(File.ReadAllText(fileOrText), fileOrText);
    }

    /// <summary>The model with a channel after every gate.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="strengths">Its strengths.</param>
    /// <exception cref="ArgumentException">The row is no channel, or the strengths are not its own.</exception>
    public NoiseModel After(Gate channel, params ImmutableArray<Angle> strengths) => With(new NoiseRule(channel, strengths));

    /// <summary>The model with a further rule.</summary>
    public NoiseModel With(NoiseRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return new(Rules.Add(rule), Readout, ReadoutByWire);
    }

    /// <summary>The model with a readout error: of one wire, or of all that have none of their own.</summary>
    /// <exception cref="ArgumentException">A probability is out of range.</exception>
    public NoiseModel WithReadout(ReadoutError error, int? wire = null)
    {
        error.Check();
        return wire is { } one ? new(Rules, Readout, ReadoutByWire.SetItem(one, error)) : new(Rules, error, ReadoutByWire);
    }

    /// <summary>The readout error of a wire.</summary>
    public ReadoutError ReadoutOf(int wire) => ReadoutByWire.TryGetValue(wire, out var own) ? own : Readout;

    /// <summary>
    /// The circuit with the model's channels around its gates and its readout error in what is measured. Where only probabilities and
    /// words of Z are read the error is a channel on the wires read, so that shots have it too. Expectation values of other
    /// words are read in the basis of their letters, so there, and where the state is pure and stays so, the observable changes:
    /// each letter becomes (1 − p₀₁ − p₁₀) times itself plus p₁₀ − p₀₁. Density matrices and what is computed from them have none.
    /// Measurements in the circuit's course write wrong outcomes with it.
    /// </summary>
    public Circuit On(Circuit circuit)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        var operations = ImmutableArray.CreateBuilder<Operation>();
        foreach (var operation in circuit.Operations)
        {
            operations.AddRange(Rules.Where(rule => rule.Before).SelectMany(rule => rule.On(operation)));
            operations.Add(Misread(operation));
            operations.AddRange(Rules.Where(rule => !rule.Before).SelectMany(rule => rule.On(operation)));
        }

        var (measurements, read) = NoisyReadout.Of(this, circuit);
        foreach (var wire in read.Where(wire => ReadoutOf(wire) != default))
        {
            var (oneForZero, zeroForOne) = ReadoutOf(wire);
            operations.Add(new Operation(Gates.ReadoutFlip, [wire], [oneForZero, zeroForOne]));
        }

        return circuit.WithOperations(operations.ToImmutable()).WithMeasurements(measurements);
    }

    /// <inheritdoc/>
    public bool Equals(NoiseModel? other) => other is not null && Readout == other.Readout
        && Rules.AsSpan().SequenceEqual(other.Rules.AsSpan()) && ReadoutByWire.SequenceEqual(other.ReadoutByWire);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NoiseModel);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Readout, Rules.Length, ReadoutByWire.Count);

    // A measurement in the circuit's course writes what is read.
    private Operation Misread(Operation operation) =>
        operation.Gate.Equals(Gates.Measure) && ReadoutOf(operation.Wires[0]) is var (oneForZero, zeroForOne) && (oneForZero, zeroForOne) != (0, 0)
            ? new Operation(Gates.NoisyMeasure, operation.Wires, [oneForZero, zeroForOne], operation.Guard, operation.Bit, operation.Conditions)
            : operation;

    // Commas separate, but not those of PauliError[…] or other brackets.
    private static List<string> Parts(string text)
    {
        var (parts, start, depth) = (new List<string>(), 0, 0);
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == ',' && depth == 0))
            {
                parts.Add(text[start..i].Trim());
                start = i + 1;
            }
            else
            {
                depth += text[i] == '[' ? 1 : text[i] == ']' ? -1 : 0;
            }
        }

        return parts;
    }

    private static Gate Find(string name)
    {
        var plain = name.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);
        if (plain.StartsWith("depolarizing[", StringComparison.OrdinalIgnoreCase))
        {
            plain = "DepolarizingChannel" + plain["depolarizing".Length..];
        }

        return Gates.TryFind(plain, out var row) && row.Kind == GateKind.Channel && row.Parameters == 1
            ? row
            : throw new ArgumentException(
                $"there is no noise '{OneLine.Of(name)}' of one strength; there are {string.Join(", ", Gates.Channels.Where(channel => channel.Parameters == 1).Select(channel => channel.Name))}, and readout");
    }
}

/// <summary>Passes of noise.</summary>
public static class NoisePasses
{
    /// <summary>The circuit as a machine with this noise runs it; see <see cref="NoiseModel.On"/>.</summary>
    public static Circuit WithNoise(this Circuit circuit, NoiseModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.On(circuit);
    }
}
