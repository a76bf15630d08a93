// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using Xunit;

namespace Qusp.Tests.Conformance;

/// <summary>Holds a device against what PennyLane computed.</summary>
internal static class GoldenAgreement
{
    /// <summary>The expectation of a letter on each wire.</summary>
    public static ImmutableArray<Measurement> Letters(int wires, char letter) =>
        [.. Enumerable.Range(0, wires).Select(wire => new Expectation(PauliWord.Of((wire, letter))))];

    /// <summary>Real and imaginary parts one after the other, as outputs are.</summary>
    public static IEnumerable<double> Parts(IEnumerable<Complex> numbers) => numbers.SelectMany(number => (double[])[number.Real, number.Imaginary]);

    /// <summary>The outputs of every other sample of a batch are the expected ones.</summary>
    /// <param name="device">A contender.</param>
    /// <param name="batch">The number of samples.</param>
    /// <param name="golden">The circuit.</param>
    /// <param name="measurements">What to measure of it.</param>
    /// <param name="expected">The outputs.</param>
    /// <param name="neighbour">From a value and a number the value in the samples in between: a lane must not see its neighbour.</param>
    public static void Values<T>(
        string device, int batch, GoldenCircuit golden, ImmutableArray<Measurement> measurements, double[] expected, Func<double, int, double> neighbour)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var program = Contender.Find(device).Compile<T>(golden.ToCircuit(AngleSource.Input, measurements));
        var inputs = Enumerable.Range(0, batch).SelectMany(b => golden.Values.Select((value, k) => b % 2 == 0 ? value : neighbour(value, k + b)));
        var outputs = new T[batch * program.Circuit.Outputs];
        program.Evaluate(batch, Tolerance.Convert<T>(inputs), [], outputs);
        Assert.Equal(expected.Length, program.Circuit.Outputs);
        for (var b = 0; b < batch; b += 2)
        {
            for (var k = 0; k < expected.Length; k++)
            {
                Tolerance.Near(expected[k], double.CreateChecked(outputs[(b * expected.Length) + k]), Tolerance.Of<T>(), $"{golden}, sample {b}, output {k}");
            }
        }
    }

    /// <summary>The derivatives of ⟨Z⟩ of each wire and of the Hamiltonian, by inputs and by weights.</summary>
    public static void Derivatives<T>(IEnumerable<GoldenCircuit> circuits, string device, Differentiation method, double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach (var golden in circuits)
        {
            var measurements = Letters(golden.Wires, 'Z').Add(new Expectation(golden.Expectations.Hamiltonian));
            foreach (var source in new[] { AngleSource.Input, AngleSource.Weight })
            {
                using var program = Contender.Find(device).Compile<T>(
                    golden.ToCircuit(source, measurements), new ProgramOptions { Differentiation = method });
                Assert.Equal(method, program.Differentiation);
                var values = Tolerance.Convert<T>(golden.Values);
                var (byInputs, byWeights) = source == AngleSource.Input ? program.Jacobian<T>(values) : program.Jacobian<T>([], values);
                var jacobian = source == AngleSource.Input ? byInputs : byWeights;
                for (var k = 0; k < golden.Parameters; k++)
                {
                    for (var i = 0; i <= golden.Wires; i++)
                    {
                        var expected = i < golden.Wires ? golden.Jacobian[i, k] : golden.HamiltonianGradient[k];
                        Tolerance.Near(expected, double.CreateChecked(jacobian[i, k]), tolerance, $"{golden}, output {i} by {source} {k}");
                    }
                }
            }
        }
    }
}
