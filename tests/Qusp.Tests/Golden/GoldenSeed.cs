// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json;

namespace Qusp.Tests;

/// <summary>seed_forward.json: the origin document's circuit, run by PennyLane.</summary>
internal static class GoldenSeed
{
    /// <summary>Float64 cases.</summary>
    public static ImmutableArray<GoldenSeedCase> Cases { get; } = GoldenFile.Read("seed_forward.json", "cases", GoldenSeedCase.Read);

    /// <summary>Float32 inputs in both variants of the script.</summary>
    public static ImmutableArray<GoldenSeedFloatCase> FloatCases { get; } =
        GoldenFile.Read("seed_forward.json", "float32_cases", GoldenSeedFloatCase.Read);

    /// <summary>
    /// The origin's circuit: for each wire i, where <c>x_i &gt; 0.1</c>, <c>RY(x_i)</c> on i and a CNOT to the next wire;
    /// then ⟨Z⟩ of every wire.
    /// </summary>
    public static Circuit Circuit(int wires = 4)
    {
        var circuit = new CircuitBuilder(wires);
        var x = circuit.Inputs(wires);
        for (var i = 0; i < wires; i++)
        {
            var wire = i;
            circuit.If(x[wire] > 0.1, then => then.RY(x[wire], wire).CNOT(wire, (wire + 1) % wires));
        }

        return circuit.ExpectZ().Build();
    }
}

/// <summary>A float64 case.</summary>
/// <param name="Inputs"><c>[4]</c>.</param>
/// <param name="Fires">Which wires' gates fire, <c>[4]</c>.</param>
/// <param name="Output">⟨Z_i⟩, <c>[4]</c>.</param>
/// <param name="Jacobian"><c>∂⟨Z_i⟩/∂x_j</c>, <c>[4, 4]</c>, by back-propagation.</param>
/// <param name="ShiftJacobian">The same by parameter-shift.</param>
internal sealed record GoldenSeedCase(
    ImmutableArray<double> Inputs, ImmutableArray<bool> Fires, ImmutableArray<double> Output, double[,] Jacobian, double[,] ShiftJacobian)
{
    public static GoldenSeedCase Read(JsonElement element) => new(
        element.Numbers("inputs"),
        element.Booleans("gate_fires"),
        element.Numbers("output"),
        element.Rows("jacobian"),
        element.Rows("jacobian_parameter_shift"));
}

/// <summary>A float32 case; the two scripts differ in the comparison (FACTS 10) and in the circuit's precision.</summary>
/// <param name="Inputs">Float32 values, <c>[4]</c>.</param>
/// <param name="Basic">The basic script: computed in float32 by back-propagation.</param>
/// <param name="Advanced">The advanced script: computed in float64 by parameter-shift.</param>
internal sealed record GoldenSeedFloatCase(
    ImmutableArray<double> Inputs,
    (ImmutableArray<double> Output, double[,] Jacobian) Basic,
    (ImmutableArray<double> Output, double[,] Jacobian) Advanced)
{
    public static GoldenSeedFloatCase Read(JsonElement element)
    {
        return new(element.Numbers("inputs_float32"), Of("basic_backprop"), Of("advanced_parameter_shift"));

        (ImmutableArray<double> Output, double[,] Jacobian) Of(string name)
        {
            var part = element.GetProperty(name);
            return (part.Numbers("output"), part.Rows("jacobian"));
        }
    }
}
