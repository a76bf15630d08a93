// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using CsCheck;
using Qusp.Simulation.Mps;
using Qusp.Tests.Conformance;
using Qusp.Tests.Passes;
using Xunit;

namespace Qusp.Tests.Simulation;

/// <summary>The decomposition that all rests on, circuits of sixty wires against exact results, and what is cut off.</summary>
public sealed class MpsDeviceTests
{
    [Fact]
    public void Any_matrix_is_the_product_of_its_singular_vectors_and_values() =>
        Gen.Select(Gen.Int[1, 9], Gen.Int[1, 9], Gen.Int[0, 5], Gen.Double[-1, 1].Array[162]).Sample(
            (rows, columns, kind, numbers) =>
            {
                var a = new ComplexColumns();
                a.Shape(rows, columns);
                for (var r = 0; r < rows; r++)
                {
                    for (var c = 0; c < columns; c++)
                    {
                        var k = 2 * ((r * columns) + c);
                        a[r, c] = kind switch
                        {
                            0 => 0, // nothing
                            1 => new Complex(numbers[r] * numbers[c + 20], 0), // of rank one
                            2 => new Complex(numbers[k], numbers[k + 1]) * Math.Pow(10, -3 * c), // of all sizes
                            3 => new Complex(numbers[k], numbers[k + 1]) * Math.Pow(10, -100 - (3 * c)), // and tiny
                            4 => new Complex(numbers[r], numbers[r + 1]) * (c % 3), // the same columns again
                            _ => new Complex(numbers[k], numbers[k + 1]),
                        };
                    }
                }

                var factorization = new Factorization();
                var (u, v) = factorization.Svd(a);
                var s = factorization.Values.ToArray();
                for (var c = 0; c < columns; c++)
                {
                    for (var r = 0; r < rows; r++)
                    {
                        var product = Enumerable.Range(0, s.Length).Aggregate(Complex.Zero, (sum, k) => sum + (u[r, k] * s[k] * Complex.Conjugate(v[c, k])));
                        Assert.Equal(0, (product - a[r, c]).Magnitude, 1e-14 * Math.Max(1, s[0]));
                    }
                }

                Assert.Equal(s.OrderDescending(), s);
                Orthonormal(u, s);
                Orthonormal(v, s);
            },
            iter: 300,
            threads: 1);

    [Fact]
    public void A_matrix_whose_squares_would_lose_digits_is_zero()
    {
        var a = new ComplexColumns();
        a.Shape(1, 1);
        a[0, 0] = new Complex(0, -3.183e-157);
        var factorization = new Factorization();
        var (u, v) = factorization.Svd(a);
        Assert.Equal([0], factorization.Values.ToArray());
        Assert.Equal((1, 1), (u.Columns, v.Columns));
    }

    [Fact]
    public void Brickwork_on_sixty_wires_is_what_the_light_cones_of_its_measurements_give()
    {
        var circuit = SplittingTests.Brickwork(60, 3).ExpectZ().Expect(PauliSum.Parse("X20*Y21+0.5*Z30*Z31")).Build();
        using var exact = new CpuDevice().Compile<double>(circuit);
        using var program = new MpsDevice().Compile<double>(circuit);
        var (expected, actual) = (exact.Evaluate<double>([]), program.Evaluate<double>([]));
        for (var k = 0; k < expected.Length; k++)
        {
            Tolerance.Near(expected[k], actual[k], Tolerance.Double, $"output {k}");
        }

        Assert.True(program.Cost.TruncationError < 1e-20);
    }

    [Fact]
    public void A_chain_of_entangled_rotations_on_sixty_wires_follows_its_closed_form_with_gradients()
    {
        // The origin's circuit, all gates firing: ⟨Z_i⟩ = Π_{k ≤ i} cos x_k, and ⟨Z_0⟩ by the ring's last gate, on the far end, Π_{k ≥ 1}.
        const int n = 60;
        double[] x = [.. Enumerable.Range(0, n).Select(k => 0.2 + (0.005 * k))];
        double[] g = [.. Enumerable.Range(0, n).Select(k => Math.Cos(0.3 * k))];
        using var program = new MpsDevice().Compile<double>(GoldenSeed.Circuit(n));
        var outputs = program.Evaluate<double>(x);
        var gradients = new double[n];
        program.Pullback(1, x, [], g, gradients, []);
        var (expected, jacobian) = SeedCircuitTests.ClosedForm(x);
        for (var i = 0; i < n; i++)
        {
            Tolerance.Near(expected[i], outputs[i], Tolerance.Double, $"⟨Z{i}⟩");
            Tolerance.Near(Enumerable.Range(0, n).Sum(k => g[k] * jacobian[k, i]), gradients[i], Tolerance.Double, $"gradient {i}");
        }
    }

    [Fact]
    public void Where_bonds_are_too_small_the_missing_weight_is_told_and_only_a_sweep_back_is_refused()
    {
        var builder = new CircuitBuilder(8);
        var w = builder.Weights("w", 24);
        for (var k = 0; k < 24; k++)
        {
            builder.RY(w[k], k % 8).CNOT(k % 8, (k + 3) % 8);
        }

        var circuit = builder.ExpectZ().Build();
        double[] at = [.. Enumerable.Range(0, 24).Select(k => 0.3 + (0.1 * k))];
        var errors = new List<double>();
        foreach (var bond in new[] { 2, 4, 8, 16 })
        {
            using var program = new MpsDevice(maxBond: bond).Compile<double>(circuit);
            program.Evaluate<double>([], at);
            errors.Add(program.Cost.TruncationError);
        }

        Assert.True(errors[0] > 1e-3 && errors[1] < errors[0] && errors[2] <= errors[1] && errors[3] < 1e-20, string.Join(", ", errors));
        using var cut = new MpsDevice(maxBond: 2).Compile<double>(circuit);
        var error = Assert.Throws<NotSupportedException>(() => cut.Pullback(1, [], at, new double[8].Select(_ => 1.0).ToArray(), [], new double[24]));
        Assert.Contains("parameter-shift", error.Message, StringComparison.Ordinal);
        using var shifted = new MpsDevice(maxBond: 2).Compile<double>(circuit, new ProgramOptions { Differentiation = Differentiation.ParameterShift });
        shifted.Pullback(1, [], at, new double[8], [], new double[24]);
    }

    [Fact]
    public void What_it_cannot_do_it_refuses_by_name()
    {
        var device = new MpsDevice();
        Assert.Contains("amplitudes", device.Refusal(new CircuitBuilder(3).State().Build()), StringComparison.Ordinal);
        Assert.Contains("not 9", device.Refusal(new CircuitBuilder(20).Probabilities(0, 1, 2, 3, 4, 5, 6, 7, 8).Build()), StringComparison.Ordinal);
        Assert.Contains("Unitary", device.Refusal(new CircuitBuilder(8).Apply(Gates.Unitary(Gates.QFT(8).Matrix()), [0, 1, 2, 3, 4, 5, 6, 7]).ExpectZ().Build()), StringComparison.Ordinal);
    }

    private static void Orthonormal(ComplexColumns columns, double[] s)
    {
        for (var r = 0; r < columns.Columns; r++)
        {
            for (var c = 0; c < columns.Columns; c++)
            {
                if (s[r] > 0 && s[c] > 0 && Math.Min(s[r], s[c]) > 1e-13 * s[0])
                {
                    Assert.Equal(r == c ? 1 : 0, ComplexColumns.Dot(columns, r, columns, c).Magnitude, 1e-12);
                }
            }
        }
    }
}
