// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Xunit;

namespace Qusp.Tests;

public sealed class AngleTests
{
    private static readonly Gen<Angle> Any = Gen.Select(
        Gen.OneOf<AngleSource>(AngleSource.Constant, AngleSource.Input, AngleSource.Weight), Gen.Int[0, 2], Gen.Double[-3, 3], Gen.Double[-3, 3],
        (source, index, scale, offset) => source == AngleSource.Constant ? Angle.Constant(offset) : new Angle(source, index, scale, offset));

    private static readonly Gen<double[]> Values = Gen.Double[-4, 4].Array[3];

    [Fact]
    public void An_angle_is_affine_in_its_source() => Gen.Select(Any, Values, Values).Sample((angle, inputs, weights) =>
    {
        var source = angle.Source switch { AngleSource.Input => inputs[angle.Index], AngleSource.Weight => weights[angle.Index], _ => 0 };
        Assert.Equal((angle.Scale * source) + angle.Offset, angle.Value(inputs, weights), 12);
        Assert.Equal(angle.Source == AngleSource.Constant, angle.IsConstant);
    });

    [Fact]
    public void Arithmetic_on_an_angle_is_arithmetic_on_its_value() =>
        Gen.Select(Any, Gen.Double[-3, 3], Values, Values).Sample((angle, number, inputs, weights) =>
        {
            var value = angle.Value(inputs, weights);
            Assert.Equal(number * value, (number * angle).Value(inputs, weights), 12);
            Assert.Equal(number * value, (angle * number).Value(inputs, weights), 12);
            Assert.Equal(value + number, (angle + number).Value(inputs, weights), 12);
            Assert.Equal(value - number, (angle - number).Value(inputs, weights), 12);
            Assert.Equal(-value, (-angle).Value(inputs, weights), 12);
        });

    [Fact]
    public void A_number_is_a_constant_angle()
    {
        Angle angle = 0.25;
        Assert.Equal(Angle.Constant(0.25), angle);
        Assert.Equal(0.25, angle.Value([], []));
    }

    [Theory]
    [InlineData(1, 0, "x2")]
    [InlineData(-1, 0, "-x2")]
    [InlineData(2, 0.5, "2·x2+0.5")]
    [InlineData(1, -0.5, "x2-0.5")]
    [InlineData(0.12345, 0, "0.1235·x2")]
    public void An_angle_prints_as_one_writes_it(double scale, double offset, string text)
    {
        Assert.Equal(text, Angle.Input(2, scale, offset).ToString());
        Assert.Equal(text.Replace('x', 'w'), Angle.Weight(2, scale, offset).ToString());
    }

    [Fact]
    public void A_constant_prints_in_the_invariant_culture() => Assert.Equal("-1.5", Angle.Constant(-1.5).ToString());

    [Fact]
    public void A_guard_compares_a_plain_input()
    {
        Assert.Equal(new Guard(3, 0.1), Angle.Input(3) > 0.1);
        Assert.Equal(new Guard(3, 0.1, Absolute: true), Angle.Input(3).Abs() > 0.1);
        foreach (var angle in (Angle[])[2 * Angle.Input(0), Angle.Input(0) + 1, Angle.Weight(0), Angle.Constant(1)])
        {
            Assert.Contains(angle.ToString(), Assert.Throws<ArgumentException>(() => angle > 0.1).Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentException>(() => angle.Abs());
        }
    }

    [Fact]
    public void A_guard_below_a_threshold_is_refused_with_what_to_write()
    {
        Assert.Contains("x[i] > t", Assert.Throws<NotSupportedException>(() => Angle.Input(0) < 0.1).Message, StringComparison.Ordinal);
        Assert.Contains("x[i].Abs() > t", Assert.Throws<NotSupportedException>(() => Angle.Input(0).Abs() < 0.1).Message, StringComparison.Ordinal);
    }
}
