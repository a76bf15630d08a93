// SPDX-License-Identifier: Apache-2.0
using Qusp.Drawing;
using Xunit;

namespace Qusp.Tests;

/// <summary>Drawings, looked at once and kept.</summary>
public sealed class TextDrawingTests
{
    [Fact]
    public void The_origin_circuit_shows_its_guards() => AssertDraws(
        """
                ┌x0>0.1┐  x0>0.1                                                x3>0.1
            0: ─┤RY(x0)├────●─────────────────────────────────────────────────────⊕───── ⟨Z⟩
                └╌╌╌╌╌╌┘    ┆     ┌x1>0.1┐  x1>0.1                                ┆
            1: ─────────────⊕─────┤RY(x1)├────●───────────────────────────────────┼───── ⟨Z⟩
                                  └╌╌╌╌╌╌┘    ┆     ┌x2>0.1┐  x2>0.1              ┆
            2: ───────────────────────────────⊕─────┤RY(x2)├────●─────────────────┼───── ⟨Z⟩
                                                    └╌╌╌╌╌╌┘    ┆     ┌x3>0.1┐    ┆
            3: ─────────────────────────────────────────────────⊕─────┤RY(x3)├────●───── ⟨Z⟩
                                                                      └╌╌╌╌╌╌┘
            """,
        DrawingSamples.Origin);

    [Fact]
    public void Controls_targets_and_exchanges_have_their_symbols() => AssertDraws(
        """
                ┌───┐                    ┌───────┐
            0: ─┤ H ├──●─────×──●──×──○──┤RX(π/2)├────────────────────── ⟨Z⟩ ⟨X⟩
                ├───┤  │     │  │  │  │  └───┬───┘
            1: ─┤ S ├──┼──●──┼──⊕──●──●──────┼──────────────────────────
                └┬──┤  │  │  │  │  │  │      │      ┌────────────────┐
            2: ──┤S†├──⊕──┼──┼──┼──×──⊕──────●──────┤Rot(0.1,-π,3π/4)├──
                 ├──┤     │  │  │     │             └───────┬────────┘
            3: ──┤√X├─────●──×──●─────○─────────────────────●─────────── ⟨Z⟩
                 └──┘
            measures ⟨0.5*Z0*Z1-0.25*X2⟩, P(1,2)
            """,
        DrawingSamples.Symbols);

    [Fact]
    public void Boxes_span_neighbouring_wires_and_say_which_wire_is_which_where_it_matters() => AssertDraws(
        """
                 ┌───────┐   ┌────────────┐         ┌─────┐         ┌─────────┐
            0: ──┤       ├───┤0 RXYZ(1.25)├─────────┤0  U ├────○────┤3        ├───────────
                 │XX(0.3)│   └─────┬──────┘  ┌───┐  └──┬──┘    │    │         │
            1: ──┤       ├─────────┼─────────┤   ├─────┼───────┼────┤2        ├───────────
                ┌┴───────┴┐  ┌─────┴──────┐  │   │     │       │    │  G²(0.5)│
            2: ─┤1        ├──┤1 RXYZ(1.25)├──┤QFT├─────●───────┼────┤1        ├───────────
                │  XY(0.3)│  └─────┬──────┘  │   │     │     ┌─┴─┐  │         │
            3: ─┤0        ├────────┼─────────┤   ├─────┼─────┤   ├──┤0        ├───────────
                └─────────┘  ┌─────┴──────┐  └───┘  ┌──┴──┐  │ U │  └──┬───┬──┘  ┌─────┐
            4: ──────────────┤2 RXYZ(1.25)├─────────┤1  U ├──┤   ├─────┤√X†├─────┤T^0.5├──
                             └────────────┘         └─────┘  └───┘     └───┘     └─────┘
            measures |ψ⟩
            """,
        DrawingSamples.Boxes);

    [Fact]
    public void A_guard_stands_above_its_operation_and_does_not_run_into_the_box_above() => AssertDraws(
        """
                   ┌──────┐     x0>0.1            ┌x0>0.1┐                         x2>0.1  x2>0.1
            0: ────┤RY(x0)├───────●───────────────┤RZ(w5)├───────────────────────────●───────×───── ⟨Z⟩
                   └──────┘       ┆               └╌╌┬╌╌╌┘                           ┆       ┆
                   ┌x1>0.1┐       ┆     ┌x0>0.1┐     ┆                               ┆       ┆
            1: ────┤RY(x1)├───────⊕─────┤      ├─────┼───────────────────────────────●───────┼───── ⟨Z⟩
                   └╌╌╌╌╌╌┘             ┆ZZ(w0)┆     ┆                               ┆       ┆
                ┌╌|x2|>0.25╌╌┐          ┆      ┆     ┆      ┌╌╌╌╌╌╌╌x2>0.1╌╌╌╌╌╌┐    ┆       ┆
            2: ─┤RY(2·x2+0.5)├──────────┤      ├─────●──────┤U3(w1,w2,0.1235·w3)├────⊕───────×───── ⟨Z⟩
                └╌╌╌╌╌╌╌╌╌╌╌╌┘          └╌╌╌╌╌╌┘            └╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌┘
            """,
        DrawingSamples.Guarded);

    [Fact]
    public void A_long_circuit_goes_on_below_and_keeps_its_measurements_with_the_last_column() => AssertDraws(
        """
                ┌─────────────┐           ┌───────────────┐            ┌────────────────┐           ┌────────────────┐
            0: ─┤Rot(w0,w1,w2)├──●─────⊕──┤Rot(w9,w10,w11)├───●─────⊕──┤Rot(w18,w19,w20)├──●─────⊕──┤Rot(w27,w28,w29)├──●────»
                ├─────────────┤  │     │  ├───────────────┴┐  │     │  ├────────────────┤  │     │  ├────────────────┤  │
            1: ─┤Rot(w3,w4,w5)├──⊕──●──┼──┤Rot(w12,w13,w14)├──⊕──●──┼──┤Rot(w21,w22,w23)├──⊕──●──┼──┤Rot(w30,w31,w32)├──⊕──●─»
                ├─────────────┤     │  │  ├────────────────┤     │  │  ├────────────────┤     │  │  ├────────────────┤     │
            2: ─┤Rot(w6,w7,w8)├─────⊕──●──┤Rot(w15,w16,w17)├─────⊕──●──┤Rot(w24,w25,w26)├─────⊕──●──┤Rot(w33,w34,w35)├─────⊕─»
                └─────────────┘           └────────────────┘           └────────────────┘           └────────────────┘

            0: ─⊕── ⟨Z⟩
                │
            1: ─┼── ⟨Z⟩
                │
            2: ─●── ⟨Z⟩
            """,
        DrawingSamples.Layers);

    [Fact]
    public void Measurements_conditions_resets_barriers_and_noise_are_seen() => AssertDraws(
        """
                ┌───────┐           ┌───┐     ┌────┐   ┌───┐
            0: ─┤RY(0.8)├─────░──●──┤ H ├─────┤M→c0├───┤|0⟩├────────────────────░──────────
                └─┬───┬─┘     ░  │  ├───┴┐  ┌─┴────┴┐  └───┘                    ░
            1: ───┤ H ├────●──░──⊕──┤M→c1├──┤D(0.05)├──────────────────────────────────────
                  └───┘    │  ░     └────┘  └───────┘  ┌c0=1┐  ┌x0>0.1 ∧ c1=1┐  ░  ┌────┐
            2: ────────────⊕──░────────────────────────┤ Z  ├──┤      X      ├──░──┤M→c2├──
                                                       └╌╌╌╌┘  └╌╌╌╌╌╌╌╌╌╌╌╌╌┘     └────┘
            """,
        DrawingSamples.MidCircuit);

    [Fact]
    public void Wires_without_operations_are_lines() => AssertDraws(
        """
            0: ───

            1: ───
            """,
        DrawingSamples.Empty);

    [Fact]
    public void A_circuit_prints_as_its_drawing() => Assert.Equal(TextDrawing.Draw(DrawingSamples.Origin), DrawingSamples.Origin.ToString());

    [Fact]
    public void No_line_is_wider_than_asked_for()
    {
        foreach (var circuit in (Circuit[])[DrawingSamples.Layers, DrawingSamples.Guarded, DrawingSamples.Origin])
        {
            for (var width = 40; width <= 160; width++)
            {
                var lines = TextDrawing.Draw(circuit, width).Split('\n');
                Assert.True(lines.Max(line => line.Length) <= width, $"{lines.Max(line => line.Length)} characters, not {width}");
                Assert.Equal(circuit.Wires, lines.Count(line => line.EndsWith("⟨Z⟩", StringComparison.Ordinal)));
            }
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => TextDrawing.Draw(DrawingSamples.Origin, 39));
    }

    [Fact]
    public void A_huge_circuit_is_drawn_in_part_and_says_so()
    {
        var text = TextDrawing.Draw(DrawingSamples.Huge);
        Assert.True(text.Length < 100_000, $"{text.Length} characters");
        Assert.Contains("\n63: ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\n64: ", text, StringComparison.Ordinal);
        Assert.EndsWith(
            "… 936 more wires, and 46850 operations on them, are not drawn\n… 2150 more operations are not drawn\n… 936 more measurements are not drawn",
            text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Long_measurements_are_shortened_and_many_are_counted()
    {
        var builder = new CircuitBuilder(3);
        builder.Expect(PauliSum.Parse(string.Join("+", Enumerable.Range(1, 100).Select(k => $"{k}*Z0*Z1"))));
        for (var k = 0; k < 20; k++)
        {
            builder.Probabilities(0, 1);
        }

        var notes = TextDrawing.Draw(builder.Build()).Split('\n')[^2..];
        Assert.StartsWith("measures ⟨Z0*Z1+2*Z0*Z1+", notes[0], StringComparison.Ordinal);
        Assert.Contains("…, P(0,1), P(0,1)", notes[0], StringComparison.Ordinal);
        Assert.True(notes[0].Length < 200);
        Assert.Equal("… 13 more measurements are not drawn", notes[1]);
    }

    [Theory]
    [InlineData(Math.PI, "RX(π)")]
    [InlineData(-Math.PI / 2, "RX(-π/2)")]
    [InlineData(7 * Math.PI / 8, "RX(7π/8)")]
    [InlineData(4 * Math.PI, "RX(4π)")]
    [InlineData(0.0, "RX(0)")]
    [InlineData(1.5708, "RX(1.5708)")]
    [InlineData(1e-13, "RX(0)")]
    public void Fractions_of_pi_are_recognised(double angle, string label) =>
        Assert.Contains(label, new CircuitBuilder(1).RX(angle, 0).Build().ToString(), StringComparison.Ordinal);

    private static void AssertDraws(string expected, Circuit circuit) =>
        Assert.Equal(expected.ReplaceLineEndings("\n"), TextDrawing.Draw(circuit), ignoreLineEndingDifferences: true);
}
