// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Simulation.Mps;

/// <summary>
/// A <see cref="MpsState"/> without its numbers: the bonds, as bounds, and what each step takes. No bond is more than twice its neighbours, nor is it more than
/// what the gates that cross it make possible.
/// </summary>
/// <param name="bonds">Left of each site, and 1 right of the last.</param>
/// <param name="center">The centre of its canonical form.</param>
internal sealed class ChainShape(double[] bonds, int center)
{
    private int center = center;
    private (int First, int Last) changed = (0, bonds.Length - 2);

    /// <summary>The number of sites.</summary>
    public int Sites => bonds.Length - 1;

    /// <summary>The largest bond.</summary>
    public double LargestBond => bonds.Max();

    /// <summary>Nanoseconds so far.</summary>
    public double Work { get; private set; }

    /// <summary>|0…0⟩.</summary>
    public static ChainShape Zero(int sites)
    {
        var bonds = new double[sites + 1];
        Array.Fill(bonds, 1);
        return new ChainShape(bonds, center: 0);
    }

    /// <summary>The bond left of a site.</summary>
    public double Bond(int site) => bonds[site];

    /// <summary>Counts the work that was done with another chain.</summary>
    public void Add(ChainShape other) => Work += other.Work;

    /// <summary>Counts the writing of all tensors.</summary>
    public void Write()
    {
        for (var site = 0; site < Sites; site++)
        {
            Work += ChainWork.Shape(2 * bonds[site] * bonds[site + 1]);
        }
    }

    /// <summary>A gate on one site.</summary>
    public void Apply(int site, double entries)
    {
        Work += ChainWork.Gate(2 * bonds[site] * bonds[site + 1], entries);
        Change(site, site);
    }

    /// <summary>A gate on sites side by side, which are split again.</summary>
    /// <param name="first">The first site.</param>
    /// <param name="ranks">What the gate at most multiplies each bond between the sites by.</param>
    /// <param name="entries">Numbers in a row of the gate that are not 0; none if there is no gate.</param>
    /// <param name="limit">The most that the bond left of a site can be, by what else is known.</param>
    public void Block(int first, ReadOnlySpan<double> ranks, double entries, Func<int, double> limit)
    {
        MoveTo(first);
        Change(first, first + ranks.Length);
        var (left, right, size) = (bonds[first], bonds[first + ranks.Length + 1], 2.0);
        for (var k = 1; k <= ranks.Length; k++)
        {
            Work += ChainWork.Join(left * size, bonds[first + k], 2 * bonds[first + k + 1]);
            size *= 2;
        }

        Work += entries == 0 ? 0 : ChainWork.Gate(left * size * right, entries);
        for (var k = 1; k <= ranks.Length; k++)
        {
            size /= 2;
            var (rows, columns) = (2 * bonds[first + k - 1], size * right);
            bonds[first + k] = Math.Min(Math.Min(ranks[k - 1] * bonds[first + k], limit(first + k)), Math.Min(rows, columns));
            Work += (2 * ChainWork.Shape(rows * columns)) + ChainWork.Svd(rows, columns, bonds[first + k]) + (3 * ChainWork.Shape(Math.Min(rows, columns) * (rows + columns) / 2));
        }

        center = first + ranks.Length;
    }

    /// <summary>Moves the centre.</summary>
    public void MoveTo(int site)
    {
        if (center != site)
        {
            Change(Math.Min(center, site), Math.Max(center, site));
        }

        for (; center < site; center++)
        {
            var (left, bond, right) = (bonds[center], bonds[center + 1], bonds[center + 2]);
            bonds[center + 1] = Math.Min(2 * left, bond);
            Work += (3 * ChainWork.Shape(2 * left * bond)) + ChainWork.Qr(2 * left, bond, bonds[center + 1]) + ChainWork.Join(bonds[center + 1], bond, 2 * right);
        }

        for (; center > site; center--)
        {
            var (left, bond, right) = (bonds[center - 1], bonds[center], bonds[center + 1]);
            bonds[center] = Math.Min(bond, 2 * right);
            Work += (4 * ChainWork.Shape(2 * bond * right)) + ChainWork.Qr(2 * right, bond, bonds[center]) + ChainWork.Join(2 * left, bond, bonds[center]);
        }
    }

    /// <summary>Makes the form canonical, whatever it was.</summary>
    /// <param name="limit">The most that the bond left of a site can be.</param>
    public void Compress(Func<int, double> limit)
    {
        center = Sites - 1;
        MoveTo(0);
        for (var site = 0; site + 1 < Sites; site++)
        {
            Block(site, [1], entries: 0, limit);
        }
    }

    /// <summary>The expectation of a word between two sites.</summary>
    public void Expect(int first, int last)
    {
        MoveTo(Math.Clamp(center, first, last));
        for (var site = first; site <= last; site++)
        {
            Work += ChainWork.Contract(bonds[site], bonds[site], bonds[site + 1], bonds[site + 1]);
        }
    }

    /// <summary>The sites whose tensors have changed since the last call; none if the first is beyond the last.</summary>
    public (int First, int Last) TakeChanged()
    {
        var taken = changed;
        changed = (Sites, -1);
        return taken;
    }

    /// <summary>A copy whose work begins anew.</summary>
    public ChainShape Copy() => new([.. bonds], center);

    private void Change(int first, int last) => changed = (Math.Min(changed.First, first), Math.Max(changed.Last, last));
}
