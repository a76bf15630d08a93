// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;

namespace Qusp.Drawing;

/// <summary>An operation as it is drawn: marks and boxes on wires, joined by a line from the first to the last.</summary>
/// <param name="Guard">Where it fires, by the data and by measured bits, as text; null if always.</param>
/// <param name="Parts">The marks and boxes by rising wire.</param>
/// <param name="Kind">What it is, which the SVG shows by colour.</param>
internal sealed record PlacedOperation(string? Guard, ImmutableArray<DrawnPart> Parts, GateKind Kind = GateKind.Unitary)
{
    private const int MaxLabel = 40;

    /// <summary>The first wire.</summary>
    public int Top => Parts[0].Top;

    /// <summary>The last wire.</summary>
    public int Bottom => Parts[^1].Bottom;

    public static PlacedOperation Of(Operation operation)
    {
        if (operation.Gate.Kind == GateKind.Barrier)
        {
            return new(null, [.. operation.Wires.Order().Select(wire => new DrawnPart(wire, wire, WireMark.Bar))], GateKind.Barrier);
        }

        var (gate, controls) = (operation.Gate.Target ?? operation.Gate, operation.Gate.ControlValues.Length);
        var parts = operation.Gate.ControlValues.Select((value, k) =>
            new DrawnPart(operation.Wires[k], operation.Wires[k], value ? WireMark.Dot : WireMark.Ring));
        var targets = operation.Wires[controls..];
        parts = gate.Mark != WireMark.None && (controls > 0 || gate.Wires > 1)
            ? parts.Concat(targets.Select(wire => new DrawnPart(wire, wire, gate.Mark)))
            : parts.Concat(Boxes(targets, operation.Bit is { } bit ? string.Create(CultureInfo.InvariantCulture, $"{gate.Label}→c{bit}") : Label(gate, operation.Angles)));
        string[] predicates = [.. operation.Guard is { } guard ? (string[])[guard.ToString()] : [], .. operation.Conditions.Select(condition => condition.ToString())];
        return new(
            predicates.Length == 0 ? null : CircuitLayout.Shorten(string.Join(" ∧ ", predicates), MaxLabel),
            [.. parts.OrderBy(part => part.Top)],
            operation.Gate.Kind);
    }

    /// <summary>The gate's label with its angles, such as <c>RY(2·x0)</c>.</summary>
    internal static string Label(Gate gate, ImmutableArray<Angle> angles) => CircuitLayout.Shorten(
        angles.IsEmpty ? gate.Label : $"{gate.Label}({string.Join(",", angles.Select(Text))})", MaxLabel);

    // Neighbouring wires share a box. Where the wires are not simply in order, each says which of the gate's it is.
    private static IEnumerable<DrawnPart> Boxes(ImmutableArray<int> wires, string label)
    {
        var sorted = wires.Sort();
        var inOrder = sorted[^1] - sorted[0] == wires.Length - 1 && sorted.AsSpan().SequenceEqual(wires.AsSpan());
        for (var (start, k) = (0, 1); k <= sorted.Length; k++)
        {
            if (k == sorted.Length || sorted[k] != sorted[k - 1] + 1)
            {
                ImmutableArray<string> ports = inOrder
                    ? []
                    : [.. sorted[start..k].Select(wire => wires.IndexOf(wire).ToString(CultureInfo.InvariantCulture))];
                yield return new DrawnPart(sorted[start], sorted[k - 1], WireMark.None, label) { Ports = ports };
                start = k;
            }
        }
    }

    // Fractions of π are what circuits are written with, and 0.7854 is not what one recognises.
    private static string Text(Angle angle)
    {
        if (angle is not { IsConstant: true, Offset: not 0 })
        {
            return angle.ToString();
        }

        foreach (var denominator in (ReadOnlySpan<int>)[1, 2, 3, 4, 6, 8, 16])
        {
            var numerator = angle.Offset / Math.PI * denominator;
            if (Math.Abs(numerator - Math.Round(numerator)) < 1e-12 && Math.Abs(numerator) is > 0.5 and < 64)
            {
                var factor = Math.Round(numerator) switch { 1 => "", -1 => "-", var n => n.ToString("0", CultureInfo.InvariantCulture) };
                return $"{factor}π{(denominator == 1 ? "" : "/" + denominator.ToString(CultureInfo.InvariantCulture))}";
            }
        }

        return angle.ToString();
    }
}

/// <summary>A mark on a wire, or a box over neighbouring wires.</summary>
/// <param name="Top">Its first wire.</param>
/// <param name="Bottom">Its last wire.</param>
/// <param name="Mark">The mark; none for a box.</param>
/// <param name="Label">The text of a box.</param>
internal readonly record struct DrawnPart(int Top, int Bottom, WireMark Mark, string Label = "")
{
    /// <summary>For each wire of a box which of the gate's wires it is; empty if they are in order.</summary>
    public ImmutableArray<string> Ports { get; init; } = [];

    /// <summary>Whether it is a box.</summary>
    public bool IsBox => Mark == WireMark.None;
}
