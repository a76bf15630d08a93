// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.Mps;

/// <summary>
/// ⟨λ|O|ψ⟩ for operators of a few sites: what is left and right of these, contracted, is kept as long as no tensor there changes, so that a sweep over neighbouring gates takes
/// a step or two for each.
/// </summary>
internal sealed class MpsOverlap(int sites, MpsScratch scratch)
{
    private readonly MpsTensor[] lefts = [.. Enumerable.Range(0, sites + 1).Select(_ => new MpsTensor())]; // of all sites before one
    private readonly MpsTensor[] rights = [.. Enumerable.Range(0, sites + 1).Select(_ => new MpsTensor())]; // of that site and all after it
    private int leftTo; // lefts up to here are valid
    private int rightFrom;

    /// <summary>Begins with other states.</summary>
    public void Begin(MpsState bra, MpsState ket)
    {
        lefts[0].SetUnit(1);
        rights[sites].SetUnit(1);
        (leftTo, rightFrom) = (0, sites);
        _ = bra.TakeChanged();
        _ = ket.TakeChanged();
    }

    /// <summary>The matrix element of an operator on sites side by side; both states have their wires on the same sites.</summary>
    public Complex Of(MpsState bra, Complex[,] matrix, int first, int count, MpsState ket)
    {
        Follow(bra.TakeChanged());
        Follow(ket.TakeChanged());
        var (a, b, c) = (scratch.A, scratch.B, scratch.C);
        for (; leftTo < first; leftTo++)
        {
            a.SetJoined(lefts[leftTo], ket.Tensor(leftTo));
            lefts[leftTo + 1].SetLeftEnvironment(bra.Tensor(leftTo), a);
        }

        for (; rightFrom > first + count; rightFrom--)
        {
            a.SetJoined(ket.Tensor(rightFrom - 1), rights[rightFrom]);
            rights[rightFrom - 1].SetRightEnvironment(a, bra.Tensor(rightFrom - 1));
        }

        c.SetApplied(matrix, ket.Join(first, count, a, b));
        a.SetJoined(lefts[first], c);
        c.SetJoined(a, rights[first + count]);
        return MpsTensor.Inner(bra.Join(first, count, a, b).Data, c.Data);
    }

    private void Follow((int First, int Last) changed)
    {
        leftTo = Math.Min(leftTo, changed.First);
        rightFrom = Math.Max(rightFrom, changed.Last + 1);
    }
}
