// SPDX-License-Identifier: Apache-2.0
using Xunit;

namespace Qusp.Tests.Noise;

public sealed class ZeroNoiseExtrapolationTests
{
    private static readonly NoiseModel Depolarizing = NoiseModel.Parse("depolarizing=0.001");

    [Theory]
    [InlineData(1)]
    [InlineData(1.4)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5.5)]
    public void A_folded_circuit_is_the_same_and_longer_by_the_scale(double scale)
    {
        var circuit = Ansatz();
        using var program = new CpuDevice().Compile<double>(circuit);
        var expected = program.Evaluate<double>([0.3, 0.8, 1.2]);
        foreach (var folded in new[] { circuit.FoldGlobally(scale), circuit.FoldLocally(scale) })
        {
            using var longer = new CpuDevice().Compile<double>(folded);
            Assert.Equal(expected.Select(value => Math.Round(value, 11)), longer.Evaluate<double>([0.3, 0.8, 1.2]).Select(value => Math.Round(value, 11)));
            var (before, after) = (circuit.Operations.Count(operation => operation.IsGate), folded.Operations.Count(operation => operation.IsGate));
            Assert.Equal(scale * before, after, 1.0);
        }
    }

    [Fact]
    public void The_mitigated_value_is_nearer_to_the_ideal_than_the_noisy_one()
    {
        var circuit = Ansatz();
        double[] x = [0.3, 0.8, 1.2];
        double[] Run(Circuit folded)
        {
            using var program = new CpuDevice().Compile<double>(folded.WithNoise(Depolarizing));
            return program.Evaluate<double>(x);
        }

        using var exact = new CpuDevice().Compile<double>(circuit);
        var (ideal, noisy) = (exact.Evaluate<double>(x), Run(circuit));
        foreach (var (extrapolation, share) in new (Extrapolation, double)[]
        {
            (ZeroNoiseExtrapolation.Linear, 0.5), (ZeroNoiseExtrapolation.Richardson, 0.2),
            (ZeroNoiseExtrapolation.Polynomial(2), 0.2), (ZeroNoiseExtrapolation.Exponential(), 0.3),
        })
        {
            foreach (var fold in new Func<Circuit, double, Circuit>[] { Folding.FoldGlobally, Folding.FoldLocally })
            {
                var mitigated = ZeroNoiseExtrapolation.Mitigate(circuit, [1, 3, 5], extrapolation, Run, fold);
                for (var k = 0; k < ideal.Length; k++)
                {
                    var (before, after) = (Math.Abs(noisy[k] - ideal[k]), Math.Abs(mitigated[k] - ideal[k]));
                    Assert.True(after < share * before, $"output {k}: off by {before:G3}, mitigated by {after:G3}");
                }
            }
        }
    }

    [Fact]
    public void Each_extrapolation_is_exact_on_what_it_fits()
    {
        double[] scales = [1, 1.5, 2, 3];
        double[] Of(Func<double, double> f) => [.. scales.Select(f)];
        Assert.Equal(0.7, ZeroNoiseExtrapolation.Linear(scales, Of(x => 0.7 - (0.2 * x))), 12);
        Assert.Equal(0.7, ZeroNoiseExtrapolation.Richardson(scales, Of(x => 0.7 - (0.2 * x) + (0.05 * x * x) - (0.01 * x * x * x))), 12);
        Assert.Equal(0.7, ZeroNoiseExtrapolation.Polynomial(2)(scales, Of(x => 0.7 - (0.2 * x) + (0.05 * x * x))), 12);
        Assert.Equal(0.7, ZeroNoiseExtrapolation.Exponential(0.2)(scales, Of(x => 0.2 + (0.5 * Math.Exp(-0.3 * x)))), 12);
        Assert.Equal(-0.5, ZeroNoiseExtrapolation.Exponential()(scales, Of(x => -0.5 * Math.Exp(-0.3 * x))), 12);
        double[] rough = [0.3, 0.1, 0.25, 0.2];
        Assert.Equal(ZeroNoiseExtrapolation.Richardson(scales, rough), ZeroNoiseExtrapolation.Polynomial(3)(scales, rough), 12);
        Assert.Equal(ZeroNoiseExtrapolation.Linear(scales, rough), ZeroNoiseExtrapolation.Polynomial(1)(scales, rough), 12);
    }

    [Fact]
    public void What_cannot_be_folded_or_extrapolated_is_refused()
    {
        var measured = new CircuitBuilder(1);
        var circuit = measured.H(0).Measure(0, measured.Bits(1)[0]).ExpectZ().Build();
        Assert.Contains("FoldLocally", Assert.Throws<NotSupportedException>(() => circuit.FoldGlobally(3)).Message, StringComparison.Ordinal);
        Assert.Equal(4, circuit.FoldLocally(3).Operations.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => circuit.FoldLocally(0.5));
        Assert.Throws<ArgumentException>(() => ZeroNoiseExtrapolation.Linear([1], [0.5]));
        Assert.Throws<ArgumentException>(() => ZeroNoiseExtrapolation.Richardson([1, 1], [0.5, 0.6]));
        Assert.Throws<ArgumentException>(() => ZeroNoiseExtrapolation.Polynomial(2)([1, 2], [0.5, 0.6]));
        Assert.Throws<ArgumentException>(() => ZeroNoiseExtrapolation.Exponential()([1, 2], [0.5, -0.6]));
    }

    private static Circuit Ansatz()
    {
        var builder = new CircuitBuilder(3);
        var x = builder.Inputs(3);
        return builder.RY(x[0], 0).RX(x[1], 1).H(2).CNOT(0, 1).IsingZZ(0.7, 1, 2).Rot(x[2], 0.4, x[0], 2).CRY(0.9, 2, 0).S(1).T(0)
            .Expect(PauliWord.Z(0)).Expect(PauliSum.Parse("Z1")).Expect(PauliSum.Parse("X1*X2")).Build();
    }
}
