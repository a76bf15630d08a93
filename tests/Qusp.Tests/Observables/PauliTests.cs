// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using CsCheck;
using Xunit;

namespace Qusp.Tests;

public sealed class PauliTests
{
    private static readonly Gen<PauliWord> Words =
        Gen.Select(Gen.Int[0, 40], Gen.Char["IXYZ"]).Array[0, 5].Select(letters => PauliWord.Of(letters.DistinctBy(letter => letter.Item1)));

    private static readonly Gen<double> Coefficients = Gen.Frequency(
        (3, Gen.Double[-2, 2]), (1, Gen.OneOf(1.0, -1, 0, 0.5)), (1, Gen.Double.Where(double.IsFinite)));

    [Fact]
    public void A_word_is_read_as_it_was_written() => Words.Sample(word =>
    {
        var read = PauliWord.Parse(word.ToString());
        Assert.Equal(word, read);
        Assert.Equal(word.GetHashCode(), read.GetHashCode());
        Assert.Equal(word.ToString(), read.ToString());
    });

    [Fact]
    public void A_sum_is_read_as_it_was_written() => Gen.Select(Coefficients, Words).Array[1, 5].Sample(terms =>
    {
        var sum = new PauliSum([.. terms]);
        var read = PauliSum.Parse(sum.ToString());
        Assert.Equal(sum, read);
        Assert.Equal(sum.ToString(), read.ToString());
    });

    [Theory]
    [InlineData("Z0", "Z0")]
    [InlineData("z2 * x0", "X0*Z2")]
    [InlineData("I", "I")]
    [InlineData("I3*X1", "X1")]
    [InlineData("2", "2*I")]
    [InlineData("-Z0", "-Z0")]
    [InlineData(" + Z0", "Z0")]
    [InlineData("0.5*Z0*Z1-0.25*X2", "0.5*Z0*Z1-0.25*X2")]
    [InlineData("1e-3*Z0 + 2.5E+2*X1 - Y0", "0.001*Z0+250*X1-Y0")]
    [InlineData("1.*Z0", "Z0")]
    public void A_sum_is_read_however_it_is_spaced(string text, string printed) => Assert.Equal(printed, PauliSum.Parse(text).ToString());

    [Theory]
    [InlineData("", "empty")]
    [InlineData("   ", "empty")]
    [InlineData("Z", "'Z'")]
    [InlineData("W0", "'W0'")]
    [InlineData("Z-1", "'Z'")]
    [InlineData("Z0*", "''")]
    [InlineData("*Z0", "''")]
    [InlineData("Z0Z1", "'Z0Z1'")]
    [InlineData("Z0*Z0", "one letter a wire")]
    [InlineData("X0*Z0", "'X0*Z0'")]
    [InlineData("0.5Z0", "'0.5Z0'")]
    [InlineData("Z0*0.5", "'0.5'")]
    [InlineData("Z0--Z1", "sign without a term")]
    [InlineData("Z0+", "sign without a term")]
    [InlineData("-", "sign without a term")]
    [InlineData("NaN*Z0", "finite")]
    [InlineData("1e999*Z0", "finite")]
    [InlineData("Z99999999999", "'Z99999999999'")]
    [InlineData("Z 0", "'Z 0'")]
    [InlineData("0,5*Z0", "'0,5'")]
    public void A_bad_observable_is_refused_with_what_is_wrong(string text, string named)
    {
        var message = Assert.Throws<FormatException>(() => PauliSum.Parse(text)).Message;
        Assert.Contains(named, message, StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_word_of_letters_starts_at_wire_0()
    {
        Assert.Equal("X1*Z2", PauliWord.FromLetters("IXZ").ToString());
        Assert.Equal("I", PauliWord.FromLetters("").ToString());
        Assert.Throws<ArgumentException>(() => PauliWord.FromLetters("XQ"));
        Assert.Throws<ArgumentException>(() => PauliWord.Of((0, 'X'), (0, 'Z')));
        Assert.Throws<ArgumentException>(() => PauliWord.Of((-1, 'X')));
    }

    [Fact]
    public void A_word_knows_what_matters_to_a_simulator()
    {
        var word = PauliWord.Parse("Y3*Z0*Y1");
        Assert.Equal([(0, 'Z'), (1, 'Y'), (3, 'Y')], word.Letters.ToArray());
        Assert.Equal((3, 2, false), (word.LastWire, word.CountY, word.IsDiagonal));
        Assert.Equal((-1, 0, true), (PauliWord.Identity.LastWire, PauliWord.Identity.CountY, PauliWord.Identity.IsDiagonal));
        Assert.True(PauliWord.Parse("Z0*Z7").IsDiagonal);
    }

    [Fact]
    public void Observables_are_written_with_operators()
    {
        var sum = (0.5 * (PauliWord.Z(0) * PauliWord.X(2))) - (2 * PauliWord.Y(1)) + PauliWord.Identity;
        Assert.Equal("0.5*Z0*X2-2*Y1+I", sum.ToString());
        Assert.Equal("Z0-X1", (PauliWord.Z(0) - PauliWord.X(1)).ToString());
        Assert.Equal("3*Z0+3*X1", (3 * (PauliWord.Z(0) + PauliWord.X(1))).ToString());
        Assert.Throws<ArgumentException>(() => PauliWord.Z(0) * PauliWord.X(0));
        Assert.Throws<ArgumentException>(() => double.NaN * PauliWord.Z(0));
    }

    [Fact]
    public void Numbers_do_not_follow_the_culture()
    {
        var culture = CultureInfo.CurrentCulture;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        comma.NumberFormat.NegativeSign = "~";
        try
        {
            CultureInfo.CurrentCulture = comma;
            Assert.Equal("-0.5*Z0", PauliSum.Parse("-0.5*Z0").ToString());
            Assert.Equal("-0.5·x0-1.5", Angle.Input(0, -0.5, -1.5).ToString());
            Assert.Equal("x0>-0.5", new Guard(0, -0.5).ToString());
            Assert.Equal("Power[-0.5](X)", Gates.X.Power(-0.5).Name);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }
}
