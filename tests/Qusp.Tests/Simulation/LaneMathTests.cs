// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using CsCheck;
using Qusp.Simulation.Lanes;
using Xunit;

namespace Qusp.Tests.Simulation;

public sealed class LaneMathTests
{
    private static readonly Gen<double> Angle = Gen.OneOf(
        Gen.Double[-10, 10],
        Gen.Double[-1e4, 1e4],
        Gen.Double[-1e7, 1e7],
        Gen.Int[-1000, 1000].Select(k => k * Math.PI / 4),
        Gen.OneOf(new[] { 0.0, -0.0, double.NaN, double.PositiveInfinity, 1e-300, 1e300 }.Select(Gen.Const).ToArray()));

    [Fact]
    public void Sine_and_cosine_agree_with_the_library_to_two_units_of_1()
    {
        Angle.Sample(
            angle =>
            {
                var (sin, cos) = LaneMath.SinCos<Lanes1<double>, double>(new(angle));
                Near(Math.Sin(angle), sin.Value, 4e-16);
                Near(Math.Cos(angle), cos.Value, 4e-16);
            },
            iter: 20_000);
    }

    [Fact]
    public void In_single_precision_too()
    {
        Angle.Sample(
            wide =>
            {
                var angle = (float)wide;
                var (sin, cos) = LaneMath.SinCos<Lanes1<float>, float>(new(angle));
                Near(Math.Sin(angle), sin.Value, 2e-7);
                Near(Math.Cos(angle), cos.Value, 2e-7);
            },
            iter: 20_000);
    }

    [Fact]
    public void Every_width_gives_the_same_bits()
    {
        Gen.Double[-7900, 7900].Array[16].Sample(angles =>
        {
            Same<Lanes512<double>, double>(angles);
            Same<Lanes256<double>, double>(angles);
            Same<Lanes128<double>, double>(angles);
            float[] singles = [.. angles.Select(angle => (float)angle)];
            Same<Lanes512<float>, float>(singles);
            Same<Lanes256<float>, float>(singles);
            Same<Lanes128<float>, float>(singles);
        });
    }

    private static void Same<V, T>(T[] angles)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (sin, cos) = LaneMath.SinCos<V, T>(Unsafe.As<T, V>(ref angles[0]));
        for (var lane = 0; lane < V.Count; lane++)
        {
            var (one, other) = LaneMath.SinCos<Lanes1<T>, T>(new(angles[lane]));
            Assert.Equal(one.Value, Unsafe.Add(ref Unsafe.As<V, T>(ref sin), lane));
            Assert.Equal(other.Value, Unsafe.Add(ref Unsafe.As<V, T>(ref cos), lane));
        }
    }

    private static void Near(double expected, double actual, double tolerance) =>
        Assert.True(double.IsNaN(expected) ? double.IsNaN(actual) : Math.Abs(expected - actual) <= tolerance, $"{actual:R} for {expected:R}");
}
