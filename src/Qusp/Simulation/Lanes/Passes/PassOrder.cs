// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Simulation.Lanes;

/// <summary>Passes in the order in which they run, while steps are added.</summary>
internal sealed class PassOrder(int wires)
{
    private readonly List<PassDraft> drafts = [];
    private readonly PassReach<PassKind> reach = new(wires);

    public IEnumerable<PassDraft> Drafts => drafts;

    /// <summary>Adds a step to the earliest pass of its kind that it can reach by going past what it commutes with; to a new one if there is none.</summary>
    public void Add(Step step, PassKind kind)
    {
        var barrier = reach.Barrier(step.Mask, step.IsDiagonal);
        var at = barrier >= 0 && drafts[barrier].Takes(kind, step) ? barrier : kind == PassKind.Step ? -1 : reach.FirstBehind(barrier, kind);
        if (at < 0)
        {
            at = reach.Add(kind);
            drafts.Add(new PassDraft(kind));
        }

        drafts[at].Add(step);
        reach.Join(at, step.Mask, step.IsDiagonal);
    }
}
