// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;

namespace Qusp.OpenQasm;

// Registers, variables, inputs.
internal sealed partial class QasmElaborator
{
    /// <summary>The annotation that makes the inputs after it the weights of one group: <c>@qusp.weights NAME 2 3</c>.</summary>
    internal const string WeightsAnnotation = "@qusp.weights";

    private readonly List<string> wires = [];
    private readonly List<string> bits = [];
    private readonly List<string> inputs = [];
    private readonly List<WeightGroup> weights = [];
    private readonly List<string> weightNames = []; // inputs that became weights

    private void Declare(QasmStatement.Declaration declaration)
    {
        var (place, type, name) = (declaration.Place, declaration.Type, declaration.Name);
        if (declaration.Role == "input")
        {
            Bind(place, name, Input(declaration));
            return;
        }

        switch (type.Word)
        {
            case "qubit":
                Bind(place, name, Qubits(declaration));
                break;
            case "bit" when declaration.Role != "const":
                var register = NewBits(place, name, type.Size is null ? null : Size(place, type.Size, "bits"));
                Bind(place, name, register);
                if (declaration.Value is { } start)
                {
                    AssignBits(place, register, start);
                }

                break;
            default:
                var value = declaration.Value is { } initial
                    ? Read(initial.Place, Evaluate(initial))
                    : declaration.Role == "const" ? throw place.Refuse($"the constant {name} has no value; write const {type.Word} {name} = …;") : QasmValue.Whole(0);
                Bind(place, name, value, type, isConstant: declaration.Role == "const");
                break;
        }
    }

    private QasmValue.Qubits Qubits(QasmStatement.Declaration declaration)
    {
        var (place, name) = (declaration.Place, declaration.Name);
        if (!scope.IsGlobal)
        {
            throw place.Refuse("qubits are declared outside of all blocks; move this declaration there");
        }

        if (declaration.Value is not null || declaration.Role is not null)
        {
            throw place.Refuse("a register of qubits has no value and no role; write qubit[n] q;");
        }

        var size = declaration.Type.Size is { } expression ? Size(place, expression, "qubits") : 1;
        if (wires.Count + size > Circuit.MaxWires)
        {
            throw place.Refuse($"{name} brings the circuit to {wires.Count + size} qubits; it has at most {Circuit.MaxWires}");
        }

        var first = wires.Count;
        wires.AddRange(Enumerable.Range(0, (int)size).Select(k => Element(name, declaration.Type.Size is null ? null : k)));
        return new([.. Enumerable.Range(first, (int)size)], declaration.Type.Size is not null);
    }

    // The bits of a register, or of a measurement that nobody names.
    private QasmValue.Bits NewBits(QasmPlace place, string name, long? size)
    {
        if (bits.Count + (size ?? 1) > QasmLimits.Bits)
        {
            throw place.Refuse($"{(name.Length > 0 ? name : "this measurement")} brings the file to {bits.Count + (size ?? 1)} classical bits; it has at most {QasmLimits.Bits}");
        }

        var first = bits.Count;
        bits.AddRange(Enumerable.Range(0, (int)(size ?? 1)).Select(k => name.Length == 0 ? "" : Element(name, size is null ? null : k)));
        return new([.. Enumerable.Range(first, (int)(size ?? 1))], size is not null);
    }

    private static string Element(string name, int? index) => index is { } k ? string.Create(CultureInfo.InvariantCulture, $"{name}[{k}]") : name;

    private QasmValue.Symbol Input(QasmStatement.Declaration declaration)
    {
        var (place, name) = (declaration.Place, declaration.Name);
        if (declaration.Type.Word is not ("float" or "angle") || !scope.IsGlobal || declaration.Value is not null)
        {
            throw place.Refuse($"the input {name} is not read: an input is a float or an angle, without a value, outside of all blocks; for a fixed {declaration.Type.Word} write const");
        }

        if (inputs.Count + weightNames.Count == QasmLimits.Inputs)
        {
            throw place.Refuse($"the file has more than {QasmLimits.Inputs} inputs; remove some");
        }

        if (declaration.Annotation is { } annotation && annotation.Split(' ', '\t') is [WeightsAnnotation, var group, .. var shape])
        {
            BeginWeights(place, Uri.UnescapeDataString(group), shape);
        }

        if (weights.Sum(known => known.Count) > weightNames.Count)
        {
            weightNames.Add(name);
            return new(Angle.Weight(weightNames.Count - 1));
        }

        inputs.Add(name);
        return new(Angle.Input(inputs.Count - 1));
    }

    private void BeginWeights(QasmPlace place, string name, string[] shape)
    {
        ImmutableArray<int> sizes = [.. shape.Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : 0)];
        if (sizes.IsEmpty || sizes.Min() < 1 || sizes.Aggregate(1.0, (product, size) => product * size) > QasmLimits.Inputs
            || weights.Exists(group => group.Name == name) || weights.Sum(group => group.Count) > weightNames.Count)
        {
            throw place.Refuse($"the annotation is {WeightsAnnotation} NAME SIZE…, once for each name, and so many inputs follow; correct it or remove it");
        }

        weights.Add(new WeightGroup(name, weightNames.Count, sizes));
    }

    // A name for a value: a variable if it has a type, else for ever.
    private void Bind(QasmPlace place, string name, QasmValue value, QasmType? type = null, bool isConstant = false)
    {
        var width = type?.Size is { } size ? (int)Math.Min(Size(place, size, "bits"), 64) : 0;
        var converted = type is null || value is QasmValue.Qubits or QasmValue.Bits ? value : Convert(place, type.Word, width, value);
        if (gates.TryGetValue(name, out var gate) && !gate.IsLibrary && scope.IsGlobal)
        {
            throw place.Refuse($"'{name}' is a gate already; choose another name");
        }

        if (!scope.TryAdd(name, new QasmVariable(isConstant ? null : type?.Word, width, ConditionLevel, converted)))
        {
            throw place.Refuse($"'{name}' is declared already; choose another name");
        }
    }

    private long Size(QasmPlace place, QasmExpression expression, string what) => Whole(expression) is var size && size >= 1 && size <= int.MaxValue
        ? (long)size
        : throw place.Refuse($"{size} {what} cannot be declared; a size is a whole number from 1");
}
