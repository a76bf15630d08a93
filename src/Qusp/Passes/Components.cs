// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>A component of a circuit: a circuit of its own over some of its wires.</summary>
/// <param name="Circuit">
/// The operations, without guards. Its inputs are what the whole circuit's operations read, inputs and weights alike, so equal
/// components elsewhere are equal circuits. It measures the factors of the whole circuit's outputs.
/// </param>
/// <param name="Wires">The whole circuit's wire of each of its wires.</param>
/// <param name="Sources">What each of its inputs is in the whole circuit: an input or a weight.</param>
public sealed record Component(Circuit Circuit, ImmutableArray<int> Wires, ImmutableArray<Angle> Sources);

/// <summary>
/// A circuit as independent components: no gate connects them, so an expectation of a Pauli word is the product of the
/// components' expectations of its letters there, and a probability the product of theirs. Wires that nothing touches are in no component.
/// </summary>
public sealed class SplitCircuit
{
    private readonly Split split;
    private readonly double[] atZero;

    internal SplitCircuit(Circuit circuit, Split split, double[] atZero)
    {
        (Circuit, this.split, this.atZero) = (circuit, split, atZero);
        Components = [.. split.Bundles.SelectMany(bundle => Enumerable.Range(0, bundle.Count).Select(k => new Component(
            bundle.Shape.Circuit,
            [.. Slice(bundle.Wires, bundle.Count, k)],
            [.. Slice(bundle.Sources, bundle.Count, k).Select(source => source < circuit.Inputs ? Angle.Input(source) : Angle.Weight(source - circuit.Inputs))])))];
    }

    /// <summary>The whole circuit.</summary>
    public Circuit Circuit { get; }

    /// <summary>The components.</summary>
    public ImmutableArray<Component> Components { get; }

    /// <summary>How many outputs all components have.</summary>
    public int Values => split.Values;

    /// <summary>The whole circuit's outputs, <c>[K]</c>, from the components' outputs one after another, <c>[V]</c>.</summary>
    /// <exception cref="ArgumentException">Not as many values as all components have outputs.</exception>
    public double[] Combine(ReadOnlySpan<double> values)
    {
        CheckValues(values);
        var outputs = (double[])atZero.Clone();
        split.Combine(values, outputs);
        return outputs;
    }

    /// <summary>The cotangents of the components' outputs, <c>[V]</c>, from those of the whole circuit's, <c>[K]</c>.</summary>
    /// <param name="values">The components' outputs one after another, <c>[V]</c>.</param>
    /// <param name="cotangents">Of the whole circuit's outputs, <c>[K]</c>.</param>
    /// <exception cref="ArgumentException">Not as many values as all components have outputs, or cotangents as the circuit has.</exception>
    public double[] Pullback(ReadOnlySpan<double> values, ReadOnlySpan<double> cotangents)
    {
        CheckValues(values);
        if (cotangents.Length != Circuit.Outputs)
        {
            throw new ArgumentException($"{cotangents.Length} cotangents of {Circuit.Outputs} outputs.", nameof(cotangents));
        }

        var result = new double[split.Values];
        split.Pullback(values, cotangents, result);
        return result;
    }

    private static IEnumerable<int> Slice(int[] all, int parts, int part) => all.Skip(part * (all.Length / parts)).Take(all.Length / parts);

    private void CheckValues(ReadOnlySpan<double> values)
    {
        if (values.Length != split.Values)
        {
            throw new ArgumentException($"{values.Length} values; the components have {split.Values} outputs.", nameof(values));
        }
    }
}

/// <summary>A pass that takes a circuit apart.</summary>
public static class ComponentsPass
{
    /// <summary>
    /// Splits a circuit without guards (see <see cref="ResolvedGuards.ResolveGuards"/>) into components over disjoint wires, after leaving out what
    /// no measurement sees (<see cref="LightConePass.LightCone(Circuit)"/>). Where one component would be large and the light cones of the measurements are small,
    /// a component is one measurement's cone instead, and wires may be in several. Exact, up to rounding.
    /// </summary>
    /// <param name="circuit">The circuit; it measures expectations and probabilities.</param>
    /// <exception cref="ArgumentException">
    /// The circuit has guards, or angles that are expressions (see <see cref="ExpressionPasses.ExtractExpressions"/>), or measures something else.
    /// </exception>
    public static SplitCircuit Components(this Circuit circuit)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        if (!circuit.Guards.IsEmpty)
        {
            throw new ArgumentException("The components of a circuit with guards differ by sample: resolve the guards first.", nameof(circuit));
        }

        var splitter = new Splitter(circuit);
        return new SplitCircuit(circuit, splitter.Split([]), splitter.AtZero);
    }
}
