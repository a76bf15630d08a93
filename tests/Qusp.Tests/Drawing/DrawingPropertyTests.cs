// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;
using CsCheck;
using Qusp.Drawing;
using Qusp.Tests.Conformance;
using Xunit;

namespace Qusp.Tests;

/// <summary>What holds of the drawing of any circuit.</summary>
public sealed class DrawingPropertyTests
{
    private const string Namespace = "{http://www.w3.org/2000/svg}";

    private static readonly ImmutableArray<Gate> Gates = [.. GateSamples.All.Where(gate => gate.Wires <= 5)];

    private static readonly Gen<Circuit> Circuits = Gen.Select(
        Gen.Int[1, 7],
        Gen.Select(Gen.Int[0, Gates.Length - 1], Gen.Shuffle(Enumerable.Range(0, 7).ToArray()), Gen.Int[-1, 2], Gen.Double[-3, 3]).Array[0, 25],
        (wires, steps) =>
        {
            var builder = new CircuitBuilder(wires);
            builder.Inputs(3);
            foreach (var (gate, order, guard, angle) in steps)
            {
                ImmutableArray<int> on = [.. order.Where(wire => wire < wires).Take(Gates[gate].Wires)];
                if (on.Length == Gates[gate].Wires)
                {
                    ImmutableArray<Angle> angles = [.. Enumerable.Range(0, Gates[gate].Parameters).Select(k => k == 0 ? Angle.Constant(angle) : Angle.Input(k - 1, angle))];
                    _ = guard < 0 ? builder.Apply(Gates[gate], on, angles) : builder.If(new Guard(guard, 0.5, guard == 1), then => then.Apply(Gates[gate], on, angles));
                }
            }

            return builder.ExpectZ().Build();
        });

    [Fact]
    public void Every_operation_is_in_the_text_once() => Circuits.Sample(circuit =>
    {
        var text = TextDrawing.Draw(circuit);
        var layout = CircuitLayout.Of(circuit);
        var placed = layout.Columns.SelectMany(column => column).ToList();
        Assert.Equal(circuit.Operations.Length, placed.Count);
        foreach (var (mark, symbol) in ((WireMark, char)[])[(WireMark.Dot, '●'), (WireMark.Ring, '○'), (WireMark.Plus, '⊕'), (WireMark.Cross, '×')])
        {
            Assert.Equal(placed.SelectMany(operation => operation.Parts).Count(part => part.Mark == mark), text.Count(c => c == symbol));
        }

        foreach (var guard in circuit.Operations.Where(operation => operation.Guard is not null).CountBy(operation => operation.Guard!.Value))
        {
            Assert.Equal(guard.Value, Count(text, guard.Key.ToString()));
        }

        foreach (var label in placed.SelectMany(operation => operation.Parts).Where(part => part.IsBox).CountBy(part => part.Label))
        {
            Assert.True(Count(text, label.Key) >= label.Value, $"{label.Key} is not {label.Value} times in\n{text}");
        }
    });

    [Fact]
    public void Nothing_else_stands_between_the_wires_of_an_operation_and_order_is_kept() => Circuits.Sample(circuit =>
    {
        var layout = CircuitLayout.Of(circuit);
        var last = new int[circuit.Wires];
        foreach (var column in layout.Columns)
        {
            for (var k = 1; k < column.Length; k++)
            {
                Assert.True(column[k].Top > column[k - 1].Bottom);
            }
        }

        // Read back wire by wire, the operations are those of the circuit in its order.
        for (var wire = 0; wire < circuit.Wires; wire++)
        {
            var drawn = layout.Columns.SelectMany(column => column.Where(operation => operation.Parts.Any(part => part.Top <= wire && wire <= part.Bottom)));
            var meant = circuit.Operations.Where(operation => operation.Wires.Contains(wire)).Select(PlacedOperation.Of);
            Assert.Equal(meant.Select(Print), drawn.Select(Print));
        }
    });

    [Fact]
    public void A_drawing_is_the_same_each_time() => Circuits.Sample(circuit =>
    {
        Assert.Equal(TextDrawing.Draw(circuit), TextDrawing.Draw(circuit));
        Assert.Equal(SvgDrawing.Draw(circuit), SvgDrawing.Draw(circuit));
    });

    [Fact]
    public void The_svg_is_xml_and_everything_lies_inside_of_it() => Circuits.Sample(circuit =>
    {
        var root = XDocument.Parse(SvgDrawing.Draw(circuit, 600)).Root!;
        var (width, height) = (Number(root, "width"), Number(root, "height"));
        foreach (var element in root.Elements(Namespace + "text").Concat(root.Elements(Namespace + "rect")))
        {
            Assert.InRange(Number(element, "x"), 0, width - (element.Name.LocalName == "rect" ? Number(element, "width") : 0));
            Assert.InRange(Number(element, "y"), 8, height - (element.Name.LocalName == "rect" ? Number(element, "height") : 0));
        }

        Assert.Equal(CircuitLayout.Of(circuit).Columns.Sum(column => column.Sum(operation => operation.Parts.Count(part => part.IsBox))), root.Elements(Namespace + "rect").Count());
        Assert.Equal(circuit.Operations.Count(operation => operation.Guard is not null), root.Elements(Namespace + "text").Count(text => text.Attribute("font-style") is not null));
    });

    [Fact]
    public void What_is_measured_reset_and_noisy_is_drawn_within_the_picture() => MixedCircuits.All.Sample(circuit =>
    {
        var root = XDocument.Parse(SvgDrawing.Draw(circuit, 600)).Root!;
        var (width, height) = (Number(root, "width"), Number(root, "height"));
        foreach (var element in root.Elements(Namespace + "rect"))
        {
            Assert.InRange(Number(element, "x"), 0, width - Number(element, "width"));
            Assert.InRange(Number(element, "y"), 0, height - Number(element, "height"));
        }

        var measured = circuit.Operations.Where(operation => operation.Bit is not null).Select(operation => $"M→c{operation.Bit}").ToList();
        Assert.Equal(measured.Count, root.Elements(Namespace + "text").Count(text => text.Value.StartsWith("M→c", StringComparison.Ordinal)));
        Assert.All(measured.Distinct(), label => Assert.Contains(label, TextDrawing.Draw(circuit), StringComparison.Ordinal));
    });

    [Fact]
    public void Histograms_and_spheres_are_drawn_within_their_pictures()
    {
        static XElement Parse(string svg) => XDocument.Parse(svg).Root!;
        Gen.Select(Gen.Double[0, 1e6].Array[0, 80], Gen.Int[1, 10]).Sample((values, bits) =>
        {
            var root = Parse(HistogramDrawing.Draw([.. values.Select((value, k) => (Convert.ToString(k, 2).PadLeft(bits, '0'), value))], "counts"));
            var bars = root.Elements(Namespace + "rect").ToList();
            Assert.Equal(Math.Min(values.Length, 64), bars.Count);
            Assert.All(bars, bar => Assert.InRange(Number(bar, "x") + Number(bar, "width"), 0, Number(root, "width")));
            Assert.All(bars, bar => Assert.InRange(Number(bar, "y"), 20, Number(root, "height") - Number(bar, "height")));
        });
        var spheres = Parse(BlochDrawing.Draw([.. Enumerable.Range(0, 70).Select(k => ($"{k}", 0.0, 0.6, 0.8))]));
        Assert.Equal(2 * 64, spheres.Elements(Namespace + "circle").Count());
        Assert.Contains("6 more are not drawn", spheres.Value, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => BlochDrawing.Draw([("0", 1, 1, 0)]));
        Assert.Throws<ArgumentException>(() => HistogramDrawing.Draw([("0", double.NaN)], "counts"));
    }

    [Fact]
    public void The_svg_of_a_huge_circuit_stays_small()
    {
        var svg = SvgDrawing.Draw(DrawingSamples.Huge);
        Assert.True(svg.Length < 2_000_000, $"{svg.Length} characters");
        Assert.Contains("936 more wires", svg, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => SvgDrawing.Draw(DrawingSamples.Origin, 100));
    }

    private static string Print(PlacedOperation operation) =>
        $"{operation.Guard}: {string.Join("; ", operation.Parts.Select(part => $"{part.Top}-{part.Bottom} {part.Mark} {part.Label} {string.Join(",", part.Ports)}"))}";

    private static double Number(XElement element, string attribute) => double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);

    private static int Count(string text, string part)
    {
        var count = 0;
        for (var at = text.IndexOf(part, StringComparison.Ordinal); at >= 0; at = text.IndexOf(part, at + part.Length, StringComparison.Ordinal))
        {
            count++;
        }

        return count;
    }
}
