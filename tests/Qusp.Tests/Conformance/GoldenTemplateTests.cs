// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Xunit;

namespace Qusp.Tests.Conformance;

/// <summary>The embeddings and ansätze of PennyLane by our functions of the same names, on each device.</summary>
public sealed class GoldenTemplateTests
{
    [Theory]
    [MemberData(nameof(Contender.Devices), MemberType = typeof(Contender))]
    public void Values_and_derivatives_are_those_of_PennyLane_in_double(string device) => Agree<double>(device);

    [Theory]
    [MemberData(nameof(Contender.Devices), MemberType = typeof(Contender))]
    public void Values_and_derivatives_are_those_of_PennyLane_in_single(string device) => Agree<float>(device);

    [Fact]
    public void Amplitudes_by_rotations_and_CNOTs_alone_are_those_of_PennyLane()
    {
        foreach (var golden in GoldenTemplates.All.Where(golden => golden.Name.StartsWith("AmplitudeEmbedding(", StringComparison.Ordinal)))
        {
            var circuit = new CircuitBuilder(golden.Wires);
            circuit.MottonenStatePreparation(circuit.Inputs(golden.Weights.Length));
            Assert.All(circuit.Build().Operations, operation => Assert.Contains(operation.Gate.Name, (string[])["RY", "CNOT"]));
            Agree<double>(new CpuDevice(), golden, circuit);
        }
    }

    private static void Agree<T>(string device)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Assert.Equal(34, GoldenTemplates.All.Length);
        foreach (var golden in GoldenTemplates.All)
        {
            var circuit = new CircuitBuilder(golden.Wires);
            Write(golden, circuit, circuit.Inputs(golden.Weights.Length));
            Agree<T>(Contender.Find(device), golden, circuit);
        }
    }

    private static void Agree<T>(IDevice device, GoldenTemplate golden, CircuitBuilder circuit)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var slopes = device.Compile<T>(circuit.ExpectZ().Build());
        var whole = circuit.State().Build();
        var measuresState = device.Refusal(whole) is null;
        using var program = device.Compile<T>(measuresState ? whole : slopes.Circuit);
        var (n, values, tolerance) = (golden.Wires, Tolerance.Convert<T>(golden.Weights), Tolerance.Of<T>());
        double[] outputs = [.. program.Evaluate<T>(values).Select(double.CreateChecked)];
        for (var wire = 0; wire < n; wire++)
        {
            Tolerance.Near(golden.ExpectationsZ[wire], outputs[wire], tolerance, $"{golden}: ⟨Z{wire}⟩");
        }

        for (var i = 0; i < golden.State.Length && measuresState; i++)
        {
            var amplitude = new Complex(outputs[n + (2 * i)], outputs[n + (2 * i) + 1]);
            Tolerance.Near(0, (golden.State[i] - amplitude).Magnitude, tolerance, $"{golden}: ψ[{i}] is {amplitude}, not {golden.State[i]}");
        }

        var (byInputs, _) = slopes.Jacobian<T>(values);
        for (var wire = 0; wire < n; wire++)
        {
            for (var k = 0; k < golden.Weights.Length; k++)
            {
                Tolerance.Near(golden.Jacobian[wire, k], double.CreateChecked(byInputs[wire, k]), tolerance, $"{golden}: ∂⟨Z{wire}⟩/∂w{k}");
            }
        }
    }

    private static void Write(GoldenTemplate golden, CircuitBuilder circuit, Angle[] weights)
    {
        var n = golden.Wires;
        if (golden.Options.ContainsKey("prefix"))
        {
            for (var wire = 0; wire < n; wire++)
            {
                circuit.RY(0.3 + (0.1 * wire), wire);
            }
        }

        Gate? Rotation() => golden.Options.TryGetValue("rotation", out var name) ? Gates.Find((name.Length == 3 ? "R" : "") + name.Trim('"')) : null;
        int[]? Integers(string name) => golden.Options.TryGetValue(name, out var text) ? JsonSerializer.Deserialize<int[]>(text) : null;
        switch (golden.Name)
        {
            case "AngleEmbedding":
                for (var wire = 0; wire < n && golden.Options["hadamards_before"] == "true"; wire++)
                {
                    circuit.H(wire);
                }

                circuit.AngleEmbedding(weights, Rotation());
                break;
            case "AngleEmbedding+QFT":
                circuit.AngleEmbedding(weights, Gates.RY).QFT();
                break;
            case "BasicEntanglerLayers":
                circuit.BasicEntanglerLayers(weights, Rotation());
                break;
            case "StronglyEntanglingLayers":
                circuit.StronglyEntanglingLayers(
                    weights,
                    Integers("ranges") is { } ranges ? [.. ranges] : default,
                    golden.Options.TryGetValue("imprimitive", out var imprimitive) ? Gates.Find(imprimitive.Trim('"')) : null);
                break;
            case "IQPEmbedding":
                circuit.IQPEmbedding(weights, int.Parse(golden.Options["n_repeats"], CultureInfo.InvariantCulture));
                break;
            case "AmplitudeEmbedding(normalize)":
                circuit.AmplitudeEmbedding(weights);
                break;
            case "AmplitudeEmbedding(normalize,pad_with=0)":
                circuit.AmplitudeEmbedding(weights, padWith: 0);
                break;
            case "AmplitudeEmbedding+StronglyEntanglingLayers-seed":
                circuit.AmplitudeEmbedding(weights).StronglyEntanglingLayers((double[])[.. Enumerable.Repeat(0.4, n * 3)]);
                break;
            default:
                throw new InvalidOperationException($"{golden.Name} is a template that this test does not know.");
        }
    }
}
