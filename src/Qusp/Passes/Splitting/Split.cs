// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp;

/// <summary>
/// A component's structure: a circuit of its own whose inputs are the inputs and weights that it reads. Components on other wires that
/// read other data may have the same shape, and can run as samples of one batch.
/// </summary>
/// <param name="Index">Its number among the splitter's shapes.</param>
/// <param name="Circuit">The circuit: no guards, no weights; its outputs are values of Pauli words, then of probabilities.</param>
internal sealed record Shape(int Index, Circuit Circuit);

/// <summary>All components of one shape, side by side.</summary>
/// <param name="Shape">Their structure.</param>
/// <param name="Count">How many they are.</param>
/// <param name="Wires">The whole circuit's wire of each of their wires, one component after the other.</param>
/// <param name="Sources">What each of their inputs is: input j of the whole as j, weight k as I + k.</param>
/// <param name="FirstValue">Where their outputs begin among the values of all components.</param>
internal readonly record struct Bundle(Shape Shape, int Count, int[] Wires, int[] Sources, int FirstValue);

/// <summary>An output that is <c>Constant + Σ products</c>.</summary>
internal readonly record struct Sum(int Output, double Constant, int First, int Count);

/// <summary><c>Coefficient · Π values</c>, one value of each component that a Pauli word spans.</summary>
internal readonly record struct Product(double Coefficient, int First, int Count);

/// <summary>Probabilities of wires in several components: products of each one's; wires that are never touched are 0.</summary>
/// <param name="Output">The first output.</param>
/// <param name="Size">How many outputs.</param>
/// <param name="Untouched">The bits of an outcome that are always 0.</param>
/// <param name="Parts">The first value of each component's probabilities, and the bits of the outcome that index them, the most significant first.</param>
internal sealed record Join(int Output, int Size, int Untouched, (int FirstValue, int[] Bits)[] Parts);

/// <summary>A circuit, for one pattern of fired guards, as independent components and the way back from their values to the outputs.</summary>
internal sealed class Split
{
    public required Bundle[] Bundles { get; init; }

    /// <summary>How many values all components have.</summary>
    public required int Values { get; init; }

    public required Sum[] Sums { get; init; }

    public required Product[] Products { get; init; }

    public required int[] Factors { get; init; }

    /// <summary>The most factors of a product.</summary>
    public required int LongestProduct { get; init; }

    public required Join[] Joins { get; init; }

    /// <summary>Operations that fired, those of them on two or more wires, and those that did not fire.</summary>
    public required (int Gates, int TwoQubitGates, int Skipped) Counts { get; init; }

    /// <summary>The wires of all components together.</summary>
    public required int Wires { get; init; }

    /// <summary>The wires of the largest component.</summary>
    public required int LargestPart { get; init; }

    /// <summary>Whether no output is a product of several values, so that derivatives do not need the values.</summary>
    public required bool IsLinear { get; init; }

    /// <summary>Turns the parts' values into outputs; outputs that nothing touches are left as they are.</summary>
    public void Combine<T>(ReadOnlySpan<T> values, Span<T> outputs)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach (var (output, constant, first, count) in Sums)
        {
            var sum = constant;
            foreach (var (coefficient, from, length) in Products.AsSpan(first, count))
            {
                var product = coefficient;
                foreach (var factor in Factors.AsSpan(from, length))
                {
                    product *= double.CreateTruncating(values[factor]);
                }

                sum += product;
            }

            outputs[output] = T.CreateTruncating(sum);
        }

        foreach (var join in Joins)
        {
            for (var outcome = 0; outcome < join.Size; outcome++)
            {
                var product = (outcome & join.Untouched) == 0 ? 1.0 : 0;
                foreach (var (first, bits) in join.Parts)
                {
                    product *= double.CreateTruncating(values[first + Local(outcome, bits)]);
                }

                outputs[join.Output + outcome] = T.CreateTruncating(product);
            }
        }
    }

    /// <summary>Turns cotangents of the outputs into cotangents of the parts' values, which are overwritten.</summary>
    /// <param name="values">The values; not read if <see cref="IsLinear"/>.</param>
    /// <param name="cotangents">Of the outputs.</param>
    /// <param name="result">Of the values.</param>
    public void Pullback<T>(ReadOnlySpan<T> values, ReadOnlySpan<T> cotangents, Span<T> result)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        result.Clear();
        Span<double> scratch = stackalloc double[64];
        scratch = LongestProduct <= scratch.Length ? scratch : new double[LongestProduct];
        foreach (var (output, _, first, count) in Sums)
        {
            var upstream = double.CreateTruncating(cotangents[output]);
            foreach (var (coefficient, from, length) in Products.AsSpan(first, count))
            {
                if (length == 1)
                {
                    result[Factors[from]] += T.CreateTruncating(upstream * coefficient);
                }
                else
                {
                    Pullback(Factors.AsSpan(from, length), upstream * coefficient, values, result, scratch);
                }
            }
        }

        foreach (var join in Joins)
        {
            Pullback(join, values, cotangents, result);
        }
    }

    // Each factor's cotangent is the product of all others: those before it, from the left, times those behind, from the right.
    private static void Pullback<T>(ReadOnlySpan<int> factors, double upstream, ReadOnlySpan<T> values, Span<T> result, Span<double> before)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (var f = 0; f < factors.Length; f++)
        {
            before[f] = upstream;
            upstream *= double.CreateTruncating(values[factors[f]]);
        }

        var behind = 1.0;
        for (var f = factors.Length - 1; f >= 0; f--)
        {
            result[factors[f]] += T.CreateTruncating(before[f] * behind);
            behind *= double.CreateTruncating(values[factors[f]]);
        }
    }

    private static void Pullback<T>(Join join, ReadOnlySpan<T> values, ReadOnlySpan<T> cotangents, Span<T> result)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (var outcome = 0; outcome < join.Size; outcome++)
        {
            if ((outcome & join.Untouched) != 0)
            {
                continue;
            }

            foreach (var part in join.Parts)
            {
                var others = cotangents[join.Output + outcome];
                foreach (var other in join.Parts)
                {
                    others *= other == part ? T.One : values[other.FirstValue + Local(outcome, other.Bits)];
                }

                result[part.FirstValue + Local(outcome, part.Bits)] += others;
            }
        }
    }

    private static int Local(int outcome, int[] bits)
    {
        var local = 0;
        foreach (var bit in bits)
        {
            local = (local << 1) | ((outcome >> bit) & 1);
        }

        return local;
    }
}
