// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.Mps;

/// <summary>
/// Which wire is on which site, and for each cut between sites how many doublings of its bond the gates across it make possible, whatever the order of the wires has
/// become. Gates one after the other that are diagonal on one wire double the bonds of all cuts between their wires once together: a sum of two products.
/// </summary>
internal sealed class ChainOrder
{
    private readonly int[] siteOf;
    private readonly int[] wireAt;
    private readonly List<Bundle>[] bundles; // of each wire
    private readonly Bundle?[] open; // of each wire on which nothing but diagonal gates came since
    private readonly double[] crossing; // left of each site
    private readonly ulong[][] sides; // the wires left of each site, a bit each

    /// <summary>Wires in their order, no gates.</summary>
    public ChainOrder(int wires)
    {
        (siteOf, wireAt) = ([.. Enumerable.Range(0, wires)], [.. Enumerable.Range(0, wires)]);
        (bundles, open) = ([.. Enumerable.Range(0, wires).Select(_ => new List<Bundle>())], new Bundle?[wires]);
        crossing = new double[wires + 1];
        sides = [.. Enumerable.Range(0, wires + 1).Select(_ => new ulong[(wires + 63) / 64])];
        for (var cut = 1; cut <= wires; cut++)
        {
            sides[cut - 1].CopyTo(sides[cut], 0);
            Flip(cut, cut - 1);
        }
    }

    /// <summary>Where a wire is.</summary>
    public int SiteOf(int wire) => siteOf[wire];

    /// <summary>The most that the bond left of a site can be.</summary>
    public double Limit(int site) => Math.Pow(2, Math.Min(crossing[site], Circuit.MaxWires));

    /// <summary>The wires left of a site.</summary>
    public ulong[] Side(int site) => [.. sides[site]];

    /// <summary>How many wires are on another side of a cut than they were.</summary>
    public int Moved(int site, ulong[] side) => side.Zip(sides[site], (before, now) => BitOperations.PopCount(before ^ now)).Sum();

    /// <summary>Counts a gate.</summary>
    /// <param name="gate">The gate.</param>
    /// <param name="rank">The most that it multiplies a bond by.</param>
    /// <returns>What it was counted with, to take it back.</returns>
    public Bundle? Add(ChainGate gate, double rank)
    {
        var bundle = default(Bundle);
        if (rank > 1)
        {
            var center = gate.Wires.Length > 2 || rank > 2 ? -1
                : gate.Wires.Where((_, k) => gate.IsDiagonal[k]).OrderByDescending(wire => open[wire]?.Count ?? 0).FirstOrDefault(-1);
            bundle = (center < 0 ? null : open[center]) ?? new Bundle(Math.Log2(rank));
            if (center >= 0)
            {
                open[center] = bundle;
            }

            Change(bundle, gate.Wires, by: 1);
        }

        for (var k = 0; k < gate.Wires.Length; k++)
        {
            open[gate.Wires[k]] = gate.IsDiagonal[k] ? open[gate.Wires[k]] : null;
        }

        return bundle;
    }

    /// <summary>Takes a gate back.</summary>
    public void Remove(ChainGate gate, Bundle? bundle)
    {
        if (bundle is not null)
        {
            Change(bundle, gate.Wires, by: -1);
        }
    }

    /// <summary>Exchanges the wires left and right of a cut.</summary>
    public void Exchange(int cut)
    {
        var (left, right) = (wireAt[cut - 1], wireAt[cut]);
        Bundle[] touched = [.. bundles[left].Union(bundles[right])];
        crossing[cut] -= touched.Where(bundle => Crosses(bundle, cut)).Sum(bundle => bundle.Doublings);
        (wireAt[cut - 1], wireAt[cut]) = (right, left);
        (siteOf[right], siteOf[left]) = (cut - 1, cut);
        Flip(cut, left);
        Flip(cut, right);
        crossing[cut] += touched.Where(bundle => Crosses(bundle, cut)).Sum(bundle => bundle.Doublings);
    }

    private void Change(Bundle bundle, int[] wires, int by)
    {
        Cross(bundle, -1);
        foreach (var wire in wires)
        {
            var count = bundle.Change(wire, by);
            if (count == 0)
            {
                bundles[wire].Remove(bundle);
            }
            else if (count == 1 && by > 0)
            {
                bundles[wire].Add(bundle);
            }
        }

        Cross(bundle, 1);
    }

    // Counts a bundle at the cuts between its wires.
    private void Cross(Bundle bundle, int sign)
    {
        if (bundle.Count > 0)
        {
            var (first, last) = (bundle.Wires.Min(wire => siteOf[wire]), bundle.Wires.Max(wire => siteOf[wire]));
            for (var cut = first + 1; cut <= last; cut++)
            {
                crossing[cut] += sign * bundle.Doublings;
            }
        }
    }

    private bool Crosses(Bundle bundle, int cut) => bundle.Wires.Any(wire => siteOf[wire] < cut) && bundle.Wires.Any(wire => siteOf[wire] >= cut);

    private void Flip(int cut, int wire) => sides[cut][wire >> 6] ^= 1UL << (wire & 63);

    /// <summary>Gates that double bonds together, by the wires that they are on.</summary>
    internal sealed class Bundle(double doublings)
    {
        private readonly Dictionary<int, int> gates = [];

        public double Doublings => doublings;

        public int Count => gates.Count;

        public IEnumerable<int> Wires => gates.Keys;

        /// <summary>Counts the gates on a wire.</summary>
        /// <returns>How many there are.</returns>
        public int Change(int wire, int by)
        {
            var count = gates[wire] = gates.GetValueOrDefault(wire) + by;
            if (count == 0)
            {
                gates.Remove(wire);
            }

            return count;
        }
    }
}
