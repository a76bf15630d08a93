// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using Xunit;

namespace Qusp.Tests.Simulation.StateVectors;

/// <summary>What is measured of a state of many blocks, and how its derivatives begin, against the definitions.</summary>
public sealed class LargeReadoutTests
{
    private const int Wires = 15; // two chunks of eight blocks

    private static readonly ImmutableArray<Measurement> OfAnyState =
    [
        new Probabilities([.. Enumerable.Range(0, Wires)]),
        new Probabilities([.. Enumerable.Range(0, Wires).Reverse()]),
        new Probabilities(0),
        new Probabilities(Wires - 1),
        new Probabilities(9, 14, 0, 3),
        new Probabilities([.. Enumerable.Range(0, 13)]),
        new Probabilities([.. Enumerable.Range(3, 12)]),
        new DensityMatrix(7),
        new DensityMatrix(0, 14),
        new DensityMatrix(14, 2, 0),
        new DensityMatrix(4, 14, 8, 10, 12, 13, 11), // in several passes
        new Expectation(PauliSum.Parse("0.5 + Z0*Z14 + 2*Z3 - Z7*Z8*Z9")),
        new Expectation(PauliSum.Parse("X0 + X14 - 0.3*X7 + X3*X12")),
        new Expectation(PauliSum.Parse("X0*Z14 + Y0*Y3 + 0.7*X0*X3 - Y0*Z2*Y3 + X0*Z2*Z13*X3 + 0.1*X0*Z4*X3 + 0.2*X0*Z5*X3 - 0.4*X0*Z6*X3")),
        new Expectation(PauliSum.Parse("X13*X14 + 0.2*Y13*Y14 - Z0*X13*X14")),
        new Expectation(PauliSum.Parse("X9*Z0*X12 + 0.3*Y9*Z3*Y12")),
    ];

    // An odd number of Y: products that a real state has none of.
    private static readonly ImmutableArray<Measurement> OfComplexStates =
        [.. OfAnyState, new Expectation(PauliSum.Parse("Y0 + 0.5*Y14 - Y7*Z3 + X0*Y3 - Y0*X3 + Y0*Y3*Y9 + 0.3*X9*Y12"))];

    [Theory]
    [MemberData(nameof(EveryWidth.Data), MemberType = typeof(EveryWidth))]
    public void Measurements_and_their_derivatives_are_those_of_the_definitions(int width, bool isSingle) => Check(width, isSingle, isReal: false, OfComplexStates);

    [Theory]
    [InlineData(512, false)]
    [InlineData(256, true)]
    [InlineData(64, false)]
    public void Those_of_real_states_are_too(int width, bool isSingle) => Check(width, isSingle, isReal: true, OfAnyState);

    private static void Check(int width, bool isSingle, bool isReal, ImmutableArray<Measurement> measurements)
    {
        if (isSingle)
        {
            Check<float>(width, isReal, measurements, tolerance: 5e-7, derivativeTolerance: 1e-5);
        }
        else
        {
            Check<double>(width, isReal, measurements, tolerance: 1e-12, derivativeTolerance: 1e-12);
        }
    }

    // The definitions start from the amplitudes that the device gives, the derivatives from those by amplitudes.
    private static void Check<T>(int width, bool isReal, ImmutableArray<Measurement> measurements, double tolerance, double derivativeTolerance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var device = new CpuDevice(width);
        T[] w = [.. Enumerable.Range(0, 2 * Wires).Select(k => T.CreateChecked(Math.Sin(1.7 * k) + 0.2))];
        using var measuring = device.Compile<T>(Circuit(isReal, [.. measurements]), new ProgramOptions { Threads = 2 });
        using var state = device.Compile<T>(Circuit(isReal, [new StateVector()]));
        double[] outputs = [.. measuring.Evaluate<T>([], w).Select(double.CreateChecked)];
        double[] amplitudes = [.. state.Evaluate<T>([], w).Select(double.CreateChecked)];
        var psi = new Complex[1 << Wires];
        for (var x = 0; x < psi.Length; x++)
        {
            psi[x] = new Complex(amplitudes[2 * x], amplitudes[(2 * x) + 1]);
        }

        double[] g = [.. Enumerable.Range(0, outputs.Length).Select(k => Math.Cos(0.9 * k))];
        var definition = new ReadoutByDefinition(psi);
        var first = 0;
        foreach (var measurement in measurements)
        {
            var expected = definition.Measure(measurement, g.AsSpan(first));
            for (var k = 0; k < expected.Length; k++)
            {
                Assert.True(Math.Abs(expected[k] - outputs[first + k]) < tolerance, $"{measurement}, number {k}: {outputs[first + k]:R}, not {expected[k]:R}");
            }

            first += expected.Length;
        }

        var (byWeights, expectedByWeights) = (new T[w.Length], new T[w.Length]);
        measuring.Pullback(1, [], w, [.. g.Select(T.CreateChecked)], [], byWeights);
        state.Pullback(
            1, [], w, [.. definition.Adjoint.SelectMany(lambda => (double[])[lambda.Real, lambda.Imaginary]).Select(T.CreateChecked)], [], expectedByWeights);
        var largest = expectedByWeights.Max(derivative => Math.Abs(double.CreateChecked(derivative)));
        for (var k = 0; k < w.Length; k++)
        {
            Assert.Equal(double.CreateChecked(expectedByWeights[k]), double.CreateChecked(byWeights[k]), derivativeTolerance * largest);
        }
    }

    private static Circuit Circuit(bool isReal, Measurement[] measurements)
    {
        var circuit = new CircuitBuilder(Wires);
        var w = circuit.Weights("w", 2, Wires);
        for (var layer = 0; layer < 2; layer++)
        {
            for (var wire = 0; wire < Wires; wire++)
            {
                circuit.RY(w[layer, wire], wire).CNOT(wire, (wire + 1) % Wires);
                if (!isReal)
                {
                    circuit.RX(0.3 + (0.1 * wire), wire);
                }
            }
        }

        return circuit.Build().WithMeasurements([.. measurements]);
    }
}
