// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Simulation.Lanes;

/// <summary>
/// Passes in the order in which they run, while steps are added. The time that a step takes does not grow with the number
/// of passes: of each wire it is known which pass was the last to touch it.
/// </summary>
internal sealed class PassOrder
{
    private readonly List<PassDraft> drafts = [];
    private readonly Dictionary<PassKind, List<int>> byKind = new() { [PassKind.Step] = [], [PassKind.Turns] = [], [PassKind.Monomial] = [] };
    private readonly int[] lastTouch; // of each bit the last pass that touches it, or −1
    private readonly int[] lastMixed; // of each bit the last pass that touches it and is not diagonal, or −1

    public PassOrder(int wires)
    {
        (lastTouch, lastMixed) = (new int[wires], new int[wires]);
        Array.Fill(lastTouch, -1);
        Array.Fill(lastMixed, -1);
    }

    public IEnumerable<PassDraft> Drafts => drafts;

    /// <summary>Adds a step to the earliest pass of its kind that it can reach by going past what it commutes with; to a new one if there is none.</summary>
    public void Add(Step step, PassKind kind)
    {
        var barrier = step.Bits.Max(bit => step.IsDiagonal ? lastMixed[bit] : lastTouch[bit]);
        var at = barrier >= 0 && drafts[barrier].Takes(kind, step) ? barrier : kind == PassKind.Step ? -1 : FirstBehind(barrier, kind);
        if (at < 0)
        {
            at = drafts.Count;
            drafts.Add(new PassDraft(kind));
            byKind[kind].Add(at);
        }

        var draft = drafts[at];
        var wasDiagonal = draft.IsDiagonal;
        draft.Add(step);
        Touch(lastTouch, step.Mask, at);
        if (!draft.IsDiagonal)
        {
            Touch(lastMixed, wasDiagonal ? draft.Bits : step.Mask, at);
        }
    }

    private static void Touch(int[] last, nint bits, int pass)
    {
        for (var bit = 0; bits != 0; bit++, bits >>= 1)
        {
            last[bit] = (bits & 1) == 0 ? last[bit] : Math.Max(last[bit], pass);
        }
    }

    private int FirstBehind(int barrier, PassKind kind)
    {
        var of = byKind[kind];
        var place = of.BinarySearch(barrier + 1);
        place = place < 0 ? ~place : place;
        return place < of.Count ? of[place] : -1;
    }
}
