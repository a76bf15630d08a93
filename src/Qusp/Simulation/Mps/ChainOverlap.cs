// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Simulation.Mps;

/// <summary>An <see cref="MpsOverlap"/> without its numbers: what is contracted anew for each operator.</summary>
internal sealed class ChainOverlap(int sites)
{
    private int leftTo;
    private int rightFrom = sites;

    /// <summary>Nanoseconds of a matrix element of an operator on sites side by side.</summary>
    public double Of(ChainShape bra, int first, ChainGate gate, ChainShape ket)
    {
        Follow(bra.TakeChanged());
        Follow(ket.TakeChanged());
        var (work, end) = (0.0, first + gate.Wires.Length);
        for (; leftTo < first; leftTo++)
        {
            work += ChainWork.Contract(bra.Bond(leftTo), ket.Bond(leftTo), bra.Bond(leftTo + 1), ket.Bond(leftTo + 1));
        }

        for (; rightFrom > end; rightFrom--)
        {
            work += ChainWork.Contract(bra.Bond(rightFrom), ket.Bond(rightFrom), bra.Bond(rightFrom - 1), ket.Bond(rightFrom - 1));
        }

        var (left, right, size) = (ket.Bond(first), ket.Bond(end), Math.ScaleB(1, gate.Wires.Length));
        for (var site = first + 1; site < end; site++)
        {
            var sites = Math.ScaleB(1, site - first);
            work += ChainWork.Join(left * sites, ket.Bond(site), 2 * ket.Bond(site + 1)) + ChainWork.Join(bra.Bond(first) * sites, bra.Bond(site), 2 * bra.Bond(site + 1));
        }

        return work + ChainWork.Gate(left * size * right, gate.Entries) + ChainWork.Join(bra.Bond(first), left, size * right)
            + ChainWork.Join(bra.Bond(first) * size, right, bra.Bond(end)) + ChainWork.Shape(bra.Bond(first) * size * bra.Bond(end));
    }

    private void Follow((int First, int Last) changed)
    {
        leftTo = Math.Min(leftTo, changed.First);
        rightFrom = Math.Max(rightFrom, changed.Last + 1);
    }
}
