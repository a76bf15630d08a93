// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using System.Reflection;
using CsCheck;
using Xunit;

namespace Qusp.Tests;

/// <summary>The rows of noise channels: against PennyLane 0.41.1, and against what a channel must be.</summary>
public sealed class ChannelTests
{
    private static readonly ImmutableArray<Gate> Rows =
    [
        .. Gates.Channels, Gates.PauliChannel(), Gates.PauliChannel("XY"), Gates.PauliChannel("XX", "ZI", "IY"), Gates.Depolarizing(2),
    ];

    // Strengths with which every row is a channel.
    private static readonly Gen<(Gate Row, double[] Strengths)> Physical =
        from k in Gen.Int[0, Rows.Length - 1]
        from values in Gen.Double[0, 1].Array[4]
        select (Rows[k], Strengths(Rows[k], values));

    public static TheoryData<int> Golden => [.. Enumerable.Range(0, GoldenGates.Channels.Length)];

    [Theory]
    [MemberData(nameof(Golden))]
    public void A_row_has_the_Kraus_operators_of_PennyLane(int entry)
    {
        var golden = GoldenGates.Channels[entry];
        var kraus = Gates.Find(golden.Name).Kraus([.. golden.Parameters]);
        Assert.Equal(golden.Kraus.Length, kraus.Length);
        for (var i = 0; i < kraus.Length; i++)
        {
            GateSamples.AssertClose(golden.Kraus[i], kraus[i], 1e-12, $"{golden}, operator {i}");
        }
    }

    [Fact]
    public void The_probabilities_of_all_outcomes_sum_to_1() => Physical.Sample(
        sample => GateSamples.AssertClose(
            MatrixAlgebra.Identity(1 << sample.Row.Wires),
            sample.Row.Kraus(sample.Strengths).Select(k => MatrixAlgebra.Multiply(MatrixAlgebra.Dagger(k), k)).Aggregate((sum, k) => MatrixAlgebra.Add(sum, k, 1)),
            1e-13,
            sample.Print()),
        print: sample => sample.Print());

    [Fact]
    public void The_derivative_of_the_map_by_a_strength_is_that_of_finite_differences() => Physical.Sample(
        sample =>
        {
            const double Step = 1e-5;
            for (var k = 0; k < sample.Row.Parameters; k++)
            {
                if (sample.Strengths[k] > 0.999)
                {
                    continue; // √(1 − γ) falls infinitely fast at γ = 1
                }

                // One-sided of second order, inwards: probabilities end at 0 and 1.
                var sign = sample.Strengths[k] > 0.5 && sample.Row != Gates.ThermalRelaxationError ? -1 : 1;
                Complex[,] At(int steps) => Map(sample.Row, [.. sample.Strengths.Select((value, j) => j == k ? value + (sign * steps * Step) : value)]);
                var difference = MatrixAlgebra.Scale(
                    MatrixAlgebra.Add(MatrixAlgebra.Add(MatrixAlgebra.Scale(At(0), -3), At(1), 4), At(2), -1), sign / (2 * Step));
                GateSamples.AssertClose(difference, Slope(sample.Row, k, sample.Strengths), 1e-4, $"{sample.Print()} by strength {k}");
            }
        },
        print: sample => sample.Print());

    [Fact]
    public void At_strength_0_where_square_roots_have_no_derivative_the_map_has_the_right_one()
    {
        foreach (var row in Rows.Where(row => row != Gates.ThermalRelaxationError))
        {
            double[] none = new double[row.Parameters], little = [.. Enumerable.Repeat(1e-7, row.Parameters)];
            GateSamples.AssertClose(MatrixAlgebra.Identity(1 << (2 * row.Wires)), Map(row, none), row == Gates.GeneralizedAmplitudeDamping || row == Gates.ReadoutFlip ? 1 : 1e-15, row.Name);
            for (var k = 0; k < row.Parameters; k++)
            {
                var slope = Slope(row, k, none);
                Assert.True(slope.Cast<Complex>().All(entry => double.IsFinite(entry.Real) && double.IsFinite(entry.Imaginary)), row.Name);
                GateSamples.AssertClose(Slope(row, k, little), slope, 1e-6, row.Name);
            }
        }

        GateSamples.AssertClose(
            new Complex[,] { { -2.0 / 3, 0, 0, 2.0 / 3 }, { 0, -4.0 / 3, 0, 0 }, { 0, 0, -4.0 / 3, 0 }, { 2.0 / 3, 0, 0, -2.0 / 3 } },
            Slope(Gates.DepolarizingChannel, 0, [0]),
            1e-15,
            "depolarizing");
    }

    [Theory]
    [InlineData(0.3, 2.0, 1.5, 0.7)] // T2 ≤ T1: a mixture
    [InlineData(0.3, 2.0, 3.5, 0.7)] // T2 > T1: not one
    [InlineData(0.0, 1.0, 2.0, 5.0)]
    [InlineData(1.0, 1.0, 1.0, 0.0)]
    public void Thermal_relaxation_brings_populations_to_rest_by_T1_and_coherences_to_0_by_T2(double rest, double t1, double t2, double time)
    {
        var (reset, coherence) = (1 - Math.Exp(-time / t1), Math.Exp(-time / t2));
        GateSamples.AssertClose(
            new Complex[,]
            {
                { 1 - (rest * reset), 0, 0, (1 - rest) * reset }, { 0, coherence, 0, 0 },
                { 0, 0, coherence, 0 }, { rest * reset, 0, 0, 1 - ((1 - rest) * reset) },
            },
            Map(Gates.ThermalRelaxationError, [rest, t1, t2, time]),
            1e-14,
            "thermal relaxation");
    }

    [Fact]
    public void Full_depolarizing_leaves_nothing_of_any_state()
    {
        foreach (var (row, p) in new[] { (Gates.DepolarizingChannel, 3.0 / 4), (Gates.Depolarizing(2), 15.0 / 16), (Gates.Depolarizing(3), 63.0 / 64) })
        {
            var size = 1 << row.Wires;
            var map = Map(row, [p]);
            for (var entry = 0; entry < size * size; entry++)
            {
                for (var from = 0; from < size * size; from++)
                {
                    var mixed = entry / size == entry % size && from / size == from % size ? 1.0 / size : 0;
                    Assert.True(Complex.Abs(map[entry, from] - mixed) < 1e-14, row.Name);
                }
            }
        }
    }

    [Theory]
    [InlineData("DepolarizingChannel", new[] { 1.2 })]
    [InlineData("BitFlip", new[] { -0.1 })]
    [InlineData("AmplitudeDamping", new[] { 1.01 })]
    [InlineData("PhaseDamping", new[] { double.NaN })]
    [InlineData("GeneralizedAmplitudeDamping", new[] { 0.5, 1.5 })]
    [InlineData("ResetError", new[] { 0.6, 0.5 })]
    [InlineData("ThermalRelaxationError", new[] { 0.1, 1.0, 2.1, 1.0 })]
    [InlineData("ThermalRelaxationError", new[] { 0.1, -1.0, 1.0, 1.0 })]
    [InlineData("PauliChannel[X,ZY]", null)]
    [InlineData("PauliChannel[II]", null)]
    [InlineData("DepolarizingChannel[4]", null)]
    public void Strengths_that_are_no_probabilities_and_names_that_are_no_channels_are_refused(string name, double[]? strengths)
    {
        if (strengths is null)
        {
            Assert.False(Gates.TryFind(name, out _));
            return;
        }

        Assert.Contains(name, Assert.Throws<ArgumentException>(() => Gates.Find(name).Kraus(strengths)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_channel_of_any_Kraus_operators_must_keep_the_trace()
    {
        var half = Math.Sqrt(0.5);
        var row = Gates.Channel("coin", MatrixAlgebra.Scale(Gates.H.Matrix(), half), MatrixAlgebra.Scale(Gates.S.Matrix(), half));
        Assert.Equal((GateKind.Channel, 1, true), (row.Kind, row.Wires, row.IsCustom));
        Assert.Equal(2, row.Kraus().Length);
        Assert.Equal(row, Gates.Channel("coin", row.Kraus()));
        Assert.NotEqual(row, Gates.Channel("coin", row.Kraus()[1], row.Kraus()[0]));
        Assert.Contains("trace", Assert.Throws<ArgumentException>(() => Gates.Channel("half", row.Kraus()[0])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Gates.Channel("odd", new Complex[3, 3]));
    }

    [Fact]
    public void Every_row_is_found_by_its_name_and_the_builder_has_a_method_for_it()
    {
        foreach (var row in Gates.Channels)
        {
            Assert.Same(row, Gates.Find(row.Name));
            var method = typeof(CircuitBuilder).GetMethod(row.Name, [.. Enumerable.Repeat(typeof(Angle), row.Parameters), typeof(int)]);
            Assert.True(method is not null, $"CircuitBuilder has no method {row.Name}: first the strengths, then the wire");
            var builder = new CircuitBuilder(3);
            method.Invoke(builder, [.. Enumerable.Range(0, row.Parameters).Select(k => (object)Angle.Constant(0.1 * k)), 2]);
            var operation = Assert.Single(builder.Build().Operations);
            Assert.Equal((row, 2), (operation.Gate, operation.Wires[0]));
            Assert.Equal(Enumerable.Range(0, row.Parameters).Select(k => 0.1 * k), operation.Angles.Select(angle => angle.Offset));
        }

        Assert.Equal(Gates.PauliChannel("XX", "ZI"), Gates.Find("PauliChannel[XX,ZI]"));
        Assert.Equal(Gates.PauliChannel("XY"), Gates.Find("PauliError[XY]"));
        Assert.Equal(Gates.Depolarizing(2), Gates.Find("DepolarizingChannel[2]"));
        var properties = typeof(Gates).GetProperties(BindingFlags.Public | BindingFlags.Static).Where(p => p.PropertyType == typeof(Gate)).Select(p => (Gate)p.GetValue(null)!);
        Assert.Equal(
            properties.Where(row => row.Kind == GateKind.Channel).ToHashSet(),
            Gates.Channels.Concat(Gates.MidCircuit.Where(row => row.Kind == GateKind.Channel)).ToHashSet());
    }

    /// <summary>Strengths that make the row a channel, from any numbers of [0, 1].</summary>
    internal static double[] Strengths(Gate row, double[] values) => row == Gates.ThermalRelaxationError
        ? [values[0], 0.5 + values[1], (1.5 * values[2] * (0.5 + values[1])) + 0.05, values[3]]
        : [.. values.Take(row.Parameters).Select(value => row == Gates.GeneralizedAmplitudeDamping || row == Gates.ReadoutFlip ? value : value / row.Parameters)];

    // Σ K ⊗ K*, the map on the row-major entries of a density matrix.
    private static Complex[,] Map(Gate row, double[] strengths) =>
        row.Kraus(strengths).Select(k => MatrixAlgebra.Kron(k, Conjugate(k))).Aggregate((sum, k) => MatrixAlgebra.Add(sum, k, 1));

    private static Complex[,] Slope(Gate row, int parameter, double[] strengths) => row.Kraus(strengths).Zip(row.KrausDerivative(parameter, strengths))
        .Select(pair => MatrixAlgebra.Add(MatrixAlgebra.Kron(pair.Second, Conjugate(pair.First)), MatrixAlgebra.Kron(pair.First, Conjugate(pair.Second)), 1))
        .Aggregate((sum, k) => MatrixAlgebra.Add(sum, k, 1));

    private static Complex[,] Conjugate(Complex[,] a) => MatrixAlgebra.Map(a, (r, c) => Complex.Conjugate(a[r, c]));
}
