// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using CsCheck;
using Qusp.Gradients;
using Qusp.Tests.Conformance;
using Xunit;

namespace Qusp.Tests.Gradients;

public sealed class ShiftRuleTests
{
    private static readonly double[][] All = [[1], [0.5, 1], [0.5, 1, 1.5, 2], [1, 3], [0.3, 1], [1, Math.Sqrt(2), 2.5], [0.7, 1.9, 2.2, 4], [2.6, 1.3]];

    public static TheoryData<double[]> Spectra => new(All);

    [Theory]
    [MemberData(nameof(Spectra))]
    public void Both_derivatives_of_any_trigonometric_polynomial_of_these_frequencies_are_exact(double[] frequencies) =>
        (from even in Gen.Double[-1, 1].Array[frequencies.Length]
         from odd in Gen.Double[-1, 1].Array[frequencies.Length]
         from at in Gen.Double[-3, 3]
         select (even, odd, at)).Sample(
            sample =>
            {
                var (even, odd, at) = sample;
                double Value(double t) => 0.3 + frequencies.Select((f, k) => (even[k] * Math.Cos(f * t)) + (odd[k] * Math.Sin(f * t))).Sum();
                var slope = frequencies.Select((f, k) => f * ((odd[k] * Math.Cos(f * at)) - (even[k] * Math.Sin(f * at)))).Sum();
                var curvature = frequencies.Select((f, k) => -f * f * ((even[k] * Math.Cos(f * at)) + (odd[k] * Math.Sin(f * at)))).Sum();
                Tolerance.Near(slope, ShiftRule.For([.. frequencies]).Terms.Sum(term => term.Coefficient * Value(at + term.Shift)), 1e-11, "first");
                Tolerance.Near(curvature, ShiftRule.Second([.. frequencies]).Terms.Sum(term => term.Coefficient * Value(at + term.Shift)), 1e-11, "second");
            },
            iter: 20);

    [Fact]
    public void Known_rules_are_the_known_ones()
    {
        Assert.Equal([0.5, -0.5], ShiftRule.For([1]).Terms.Select(term => Math.Round(term.Coefficient, 12)));
        Assert.Equal([Math.PI / 2, -Math.PI / 2], ShiftRule.For([1]).Terms.Select(term => term.Shift));
        Assert.Equal(4, ShiftRule.For([0.5, 1]).Terms.Length);
        Assert.Empty(ShiftRule.For([]).Terms);
        Assert.Equal(1, ShiftRule.Second([1]).Terms.Sum(term => Math.Abs(term.Coefficient)), 1e-12); // (f(θ + π) − f(θ))/2
    }

    [Fact]
    public void Rules_of_any_spectrum_do_not_blow_up_the_noise()
    {
        foreach (var frequencies in All)
        {
            Assert.True(ShiftRule.For([.. frequencies]).Terms.Sum(term => Math.Abs(term.Coefficient)) < 3 * frequencies.Sum(), string.Join(", ", frequencies));
        }
    }

    [Fact]
    public void Frequencies_too_close_are_refused() =>
        Assert.Contains("too close", Assert.Throws<NotSupportedException>(() => ShiftRule.For([1, 1 + 1e-8])).Message, StringComparison.Ordinal);
}
