// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using CsCheck;
using Xunit;

namespace Qusp.Tests.Conformance;

/// <summary>Random circuits of 2 to 8 wires from the whole table, with guards: every device against the oracle, values and derivatives.</summary>
public sealed class RandomCircuitTests
{
    private const int Batch = 5;

    [Theory]
    [MemberData(nameof(Contender.Devices), MemberType = typeof(Contender))]
    public void Values_and_derivatives_are_those_of_the_reference_in_double(string device) => Agree<double>(device, 1e-10);

    [Theory]
    [MemberData(nameof(Contender.Devices), MemberType = typeof(Contender))]
    public void Values_and_derivatives_are_those_of_the_reference_in_single(string device) => Agree<float>(device, 2e-4); // angles to 30, derivatives by them summed over samples

    [Theory]
    [InlineData("cpu-one-state-512")]
    [InlineData("cpu-one-state-256")]
    [InlineData("cpu-one-state-128")]
    [InlineData("cpu-one-state-scalar")]
    public void Gates_that_meet_on_few_wires_of_a_large_state_do_what_they_do_one_by_one(string device) =>
        Agree<double>(device, 1e-10, RandomCircuits.Of(RandomCircuits.All, Few.Length, 20).Select(OnFewOf12), 15);

    private static readonly int[] Few = [0, 4, 9, 11]; // above, within and below what blocks of the cache and vectors hold

    private static Circuit OnFewOf12(Circuit narrow)
    {
        var builder = new CircuitBuilder(12);
        _ = (builder.Inputs(narrow.Inputs), builder.Weights("w", narrow.Weights));
        for (var wire = 0; wire < 12; wire++)
        {
            builder.RX(0.3 + (0.2 * wire), wire);
        }

        for (var wire = 0; wire < 12; wire++)
        {
            builder.CNOT(wire, (wire + 1) % 12);
        }

        foreach (var operation in narrow.Operations)
        {
            ImmutableArray<int> wires = [.. operation.Wires.Select(wire => Few[wire])];
            _ = operation.Guard is { } guard
                ? builder.If(guard, then => then.Apply(operation.Gate, wires, operation.Angles))
                : builder.Apply(operation.Gate, wires, operation.Angles);
        }

        return builder.Build();
    }

    private static void Agree<T>(string name, double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Agree<T>(name, tolerance, Gen.Int[2, 8].SelectMany(wires => RandomCircuits.Of(RandomCircuits.All, wires, wires < 6 ? 16 : 8)), 25);

    private static void Agree<T>(string name, double tolerance, Gen<Circuit> circuits, int count)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        circuits.Sample(
            circuit =>
            {
                var measured = circuit.WithMeasurements(
                    new Expectation(PauliWord.Z(0)), new Expectation(PauliSum.Parse("X0*Y1-0.5*Z1+0.2")), new Probabilities(1, 0));
                var device = Contender.Find(name);
                if (device.Refusal(measured) is not null)
                {
                    return; // by name, as each device's own tests see
                }

                var (expected, actual) = (Run<double>(new ReferenceDevice(), measured), Run<T>(device, measured));
                var scale = expected.Select(Math.Abs).Append(1).Max();
                for (var k = 0; k < expected.Length; k++)
                {
                    Tolerance.Near(expected[k], actual[k], tolerance * scale, $"number {k}");
                }
            },
            iter: count,
            threads: 1,
            print: circuit => $"{circuit.Wires} wires: {string.Join("; ", circuit.Operations)}");

    // Outputs, then the derivatives by inputs and by weights of one cotangent an output.
    private static double[] Run<T>(IDevice device, Circuit circuit)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var program = device.Compile<T>(circuit, new ProgramOptions { Differentiation = Differentiation.Adjoint });
        T[] Numbers(int count, double step) => [.. Enumerable.Range(0, count).Select(k => T.CreateChecked((float)(2.5 * Math.Sin(step * (k + 1)))))];
        var (x, w, g) = (Numbers(Batch * circuit.Inputs, 0.53), Numbers(circuit.Weights, 0.37), Numbers(Batch * circuit.Outputs, 0.3));
        var (outputs, byInputs, byWeights) = (new T[Batch * circuit.Outputs], new T[x.Length], new T[w.Length]);
        program.Evaluate(Batch, x, w, outputs);
        program.Pullback(Batch, x, w, g, byInputs, byWeights);
        return [.. outputs.Concat(byInputs).Concat(byWeights).Select(double.CreateChecked)];
    }
}
