// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Simulation;

/// <summary>
/// How early a step may join the passes of a schedule that is being made: it goes past what it commutes with. The time that this takes does not
/// grow with the number of passes: of each bit it is known which pass was the last to touch it.
/// </summary>
/// <typeparam name="TKind">What tells apart the kinds of passes, of which a step joins its own.</typeparam>
internal sealed class PassReach<TKind>
    where TKind : notnull
{
    private readonly List<(nint Support, bool IsDiagonal)> passes = [];
    private readonly Dictionary<TKind, List<int>> byKind = [];
    private readonly int[] lastTouch; // of each bit the last pass that touches it, or −1
    private readonly int[] lastMixed; // of each bit the last pass that touches it and is not diagonal, or −1

    public PassReach(int bits)
    {
        (lastTouch, lastMixed) = (new int[bits], new int[bits]);
        Array.Fill(lastTouch, -1);
        Array.Fill(lastMixed, -1);
    }

    /// <summary>The last pass that a step does not go past, or −1; diagonal steps go past diagonal passes.</summary>
    public int Barrier(nint support, bool isDiagonal)
    {
        var barrier = -1;
        var last = isDiagonal ? lastMixed : lastTouch;
        for (var bit = 0; support != 0; bit++, support >>= 1)
        {
            barrier = (support & 1) == 0 ? barrier : Math.Max(barrier, last[bit]);
        }

        return barrier;
    }

    /// <summary>The first pass of a kind behind a barrier, or −1.</summary>
    public int FirstBehind(int barrier, TKind kind)
    {
        var of = Of(kind);
        var place = of.BinarySearch(barrier + 1);
        place = place < 0 ? ~place : place;
        return place < of.Count ? of[place] : -1;
    }

    /// <summary>A new pass behind all others.</summary>
    /// <returns>Its number, from 0.</returns>
    public int Add(TKind kind)
    {
        passes.Add((0, true));
        Of(kind).Add(passes.Count - 1);
        return passes.Count - 1;
    }

    /// <summary>A step joins a pass, which is diagonal as long as all its steps are.</summary>
    public void Join(int pass, nint support, bool isDiagonal)
    {
        var before = passes[pass];
        passes[pass] = (before.Support | support, before.IsDiagonal && isDiagonal);
        Touch(lastTouch, support, pass);
        if (!passes[pass].IsDiagonal)
        {
            Touch(lastMixed, before.IsDiagonal ? passes[pass].Support : support, pass);
        }
    }

    private static void Touch(int[] last, nint support, int pass)
    {
        for (var bit = 0; support != 0; bit++, support >>= 1)
        {
            last[bit] = (support & 1) == 0 ? last[bit] : Math.Max(last[bit], pass);
        }
    }

    private List<int> Of(TKind kind) => byKind.TryGetValue(kind, out var of) ? of : byKind[kind] = [];
}
