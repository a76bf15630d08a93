// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp.Simulation.DensityMatrices;

/// <summary>The index positions at which outcomes of measurements are told apart, above those of rows and columns.</summary>
internal sealed class BitSlots
{
    private const int MostConditionBits = 12;

    private readonly int first;
    private readonly int[] positions;
    private readonly SortedSet<int> taken = [];

    /// <param name="bits">The circuit's classical bits.</param>
    /// <param name="first">The lowest position.</param>
    public BitSlots(int bits, int first)
    {
        this.first = first;
        positions = [.. Enumerable.Repeat(-1, bits)];
        MostActive = first;
    }

    /// <summary>Of each classical bit; −1 where it is 0 in all branches, or not told apart.</summary>
    public IReadOnlyList<int> Positions => positions;

    /// <summary>The index bits in use.</summary>
    public int Active => taken.Count == 0 ? first : taken.Max + 1;

    /// <summary>The most of them so far.</summary>
    public int MostActive { get; private set; }

    /// <summary>The position of a bit that is written.</summary>
    public int Take(int bit)
    {
        if (positions[bit] < 0)
        {
            positions[bit] = Enumerable.Range(first, taken.Count + 1).First(position => !taken.Contains(position));
            taken.Add(positions[bit]);
            MostActive = Math.Max(MostActive, Active);
        }

        return positions[bit];
    }

    /// <summary>Gives back the position of a bit that nobody will read.</summary>
    public void Release(int bit)
    {
        taken.Remove(positions[bit]);
        positions[bit] = -1;
    }

    /// <summary>The positions that conditions read.</summary>
    /// <exception cref="NotSupportedException">They are more than 12.</exception>
    public int[] Read(ImmutableArray<Condition> conditions, int except = -1)
    {
        int[] read = [.. conditions.SelectMany(condition => condition.Bits).Distinct().Select(bit => positions[bit]).Where(position => position >= 0 && position != except)];
        return read.Length <= MostConditionBits
            ? read
            : throw new NotSupportedException($"A condition reads {read.Length} measured bits; exact branching takes {MostConditionBits}: use trajectories.");
    }

    /// <summary>Whether conditions hold where positions have these values.</summary>
    public bool Hold(ImmutableArray<Condition> conditions, Func<int, bool> valueAt)
    {
        if (conditions.IsEmpty)
        {
            return true;
        }

        bool[] values = [.. positions.Select(position => position >= 0 && valueAt(position))];
        return conditions.All(condition => condition.Holds(values));
    }
}
