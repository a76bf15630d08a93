// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.Trajectories;

/// <summary>
/// The Kraus operators of one step for one sample: weights w, matrices L with <c>K = √w L</c>, and the effects L†L whose
/// expectation values times w are the probabilities. Filled anew for each sample, allocated once.
/// </summary>
internal sealed class KrausChoice
{
    private readonly KrausStep step;
    private readonly KrausFactor[] factors;
    private readonly double[] strengths;

    public KrausChoice(KrausStep step)
    {
        this.step = step;
        var (terms, size) = (step.Form.Terms.Length, step.Size);
        (factors, strengths) = (new KrausFactor[terms], new double[step.Angles.Length]);
        (Weights, Norms) = (new double[terms], new double[terms]);
        (Matrices, Effects) = (new Complex[terms][], new Complex[terms][]);
        for (var i = 0; i < terms; i++)
        {
            (Matrices[i], Effects[i]) = (new Complex[size * size], new Complex[size * size]);
        }
    }

    /// <summary>w of each operator.</summary>
    public double[] Weights { get; }

    /// <summary>L of each operator, row-major.</summary>
    public Complex[][] Matrices { get; }

    /// <summary>L†L of each operator, row-major.</summary>
    public Complex[][] Effects { get; }

    /// <summary>e where L†L = e·1, so that the probability does not depend on the state; else NaN.</summary>
    public double[] Norms { get; }

    /// <summary>Whether no probability depends on the state.</summary>
    public bool IsMixture { get; private set; }

    /// <summary>Whether operator 0 is the identity.</summary>
    public bool StartsWithIdentity { get; private set; }

    /// <summary>Takes the strengths of a sample.</summary>
    public void Fill<T>(ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (var k = 0; k < strengths.Length; k++)
        {
            strengths[k] = step.Angles[k].AffineValue(inputs, weights);
        }

        step.Form.Factors(strengths, -1, factors);
        var size = step.Size;
        IsMixture = true;
        for (var i = 0; i < factors.Length; i++)
        {
            var (still, moving) = step.Form.Terms[i];
            var (l, effect) = (Matrices[i], Effects[i]);
            Weights[i] = factors[i].Weight.Value;
            for (var e = 0; e < l.Length; e++)
            {
                l[e] = still[e / size, e % size] + (moving is null ? 0 : factors[i].Scale.Value * moving[e / size, e % size]);
            }

            var scalar = true;
            for (var e = 0; e < l.Length; e++)
            {
                effect[e] = 0;
                for (var r = 0; r < size; r++)
                {
                    effect[e] += Complex.Conjugate(l[(r * size) + (e / size)]) * l[(r * size) + (e % size)];
                }

                scalar &= Complex.Abs(effect[e] - (e / size == e % size ? effect[0] : 0)) < 1e-12;
            }

            Norms[i] = scalar ? effect[0].Real : double.NaN;
            IsMixture &= scalar;
        }

        StartsWithIdentity = true;
        for (var e = 0; e < Matrices[0].Length; e++)
        {
            StartsWithIdentity &= Matrices[0][e] == (e / size == e % size ? 1 : 0);
        }
    }

    /// <summary>Derivatives of the factors by a strength, of the sample last filled in.</summary>
    public ReadOnlySpan<KrausFactor> Slopes(int parameter)
    {
        step.Form.Factors(strengths, parameter, factors);
        return factors;
    }
}
