// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp;

/// <summary>One of a channel's Kraus matrices up to its weight: <c>A + u·B</c> with constant A and B.</summary>
/// <param name="Fixed">A.</param>
/// <param name="Moving">B; null where there is none.</param>
internal readonly record struct KrausTerm(Complex[,] Fixed, Complex[,]? Moving = null);

/// <summary>What the strengths make of a term: <c>K = √w (A + u·B)</c>.</summary>
/// <param name="Weight">w, not negative for a physical channel.</param>
/// <param name="Scale">u.</param>
internal readonly record struct KrausFactor(Dual Weight, Dual Scale);

/// <summary>Writes the factors of all terms; a term that this range of strengths does not use stays default.</summary>
internal delegate void StrengthFormula(ReadOnlySpan<Dual> strengths, Span<KrausFactor> factors);

/// <summary>
/// A channel as data, <c>ρ → Σ_i w_i (A_i + u_i B_i) ρ (A_i + u_i B_i)†</c>. Weights stand beside the matrices, not as
/// square roots inside of them, because the map is smooth in the strengths where its Kraus matrices are not: √p has no
/// derivative at p = 0, and p has.
/// </summary>
internal sealed class KrausForm(ImmutableArray<KrausTerm> terms, StrengthFormula formula)
{
    public ImmutableArray<KrausTerm> Terms => terms;

    /// <summary>The strengths in which the map is affine, each while the others stay: two values give its derivative exactly.</summary>
    public ImmutableArray<int> Affine { get; init; } = [];

    /// <summary>Fixed Kraus matrices.</summary>
    public static KrausForm Constant(params Complex[][,] kraus) => new(
        [.. kraus.Select(matrix => new KrausTerm((Complex[,])matrix.Clone()))],
        (_, factors) =>
        {
            foreach (ref var factor in factors)
            {
                factor = new(1, 0);
            }
        });

    /// <summary>Whether both have the same matrices, bit for bit.</summary>
    public bool SameTerms(KrausForm other) => terms.Length == other.Terms.Length
        && terms.Zip(other.Terms).All(pair => pair.First.Fixed.GetLength(0) == pair.Second.Fixed.GetLength(0)
            && MatrixAlgebra.Distance(pair.First.Fixed, pair.Second.Fixed) == 0);

    /// <summary>The outcome that a measurement writes with a term: 0 for the first half of them, 1 for the second.</summary>
    public int Outcome(int term) => 2 * term / terms.Length;

    /// <summary>The factors of all terms, with derivatives by strength <paramref name="by"/>; −1 for none.</summary>
    public void Factors(ReadOnlySpan<double> strengths, int by, Span<KrausFactor> factors)
    {
        Span<Dual> duals = stackalloc Dual[strengths.Length];
        for (var k = 0; k < duals.Length; k++)
        {
            duals[k] = new Dual(strengths[k], k == by ? 1 : 0);
        }

        factors.Clear();
        formula(duals, factors);
    }

    /// <summary>What is wrong with the strengths: a weight below 0 or no number; null if nothing is.</summary>
    public string? Fault(ReadOnlySpan<double> strengths)
    {
        Span<KrausFactor> factors = stackalloc KrausFactor[terms.Length];
        Factors(strengths, -1, factors);
        foreach (var (weight, scale) in factors)
        {
            if (!(weight.Value >= -1e-12) || !double.IsFinite(scale.Value))
            {
                return $"the strengths {string.Join(", ", strengths.ToArray())} give a Kraus matrix the probability {weight.Value:G4}; "
                    + "probabilities lie between 0 and 1 and add up to at most 1";
            }
        }

        return null;
    }

    /// <summary>The Kraus matrices √w (A + uB), those of unused terms left out; with <paramref name="by"/>, their derivatives.</summary>
    public Complex[][,] Kraus(ReadOnlySpan<double> strengths, int by = -1)
    {
        var factors = new KrausFactor[terms.Length];
        Factors(strengths, by, factors);
        var matrices = new List<Complex[,]>();
        foreach (var i in Used(strengths))
        {
            var (weight, scale) = factors[i];
            var root = Dual.Sqrt(new Dual(Math.Max(0, weight.Value), weight.Slope));
            var product = root * scale;
            matrices.Add(by < 0 ? Combine(terms[i], root.Value, product.Value) : Combine(terms[i], root.Slope, product.Slope));
        }

        return [.. matrices];
    }

    // A term is used if its weight or the weight's derivative by any strength is not 0.
    private IEnumerable<int> Used(ReadOnlySpan<double> strengths)
    {
        var factors = new KrausFactor[terms.Length];
        var used = new bool[terms.Length];
        for (var k = -1; k < strengths.Length; k++)
        {
            Factors(strengths, k, factors);
            for (var i = 0; i < factors.Length; i++)
            {
                used[i] |= factors[i].Weight != default;
            }
        }

        return Enumerable.Range(0, terms.Length).Where(i => used[i]);
    }

    private static Complex[,] Combine(KrausTerm term, double fixedFactor, double movingFactor) => term.Moving is { } moving
        ? MatrixAlgebra.Add(MatrixAlgebra.Scale(term.Fixed, fixedFactor), moving, movingFactor)
        : MatrixAlgebra.Scale(term.Fixed, fixedFactor);
}
