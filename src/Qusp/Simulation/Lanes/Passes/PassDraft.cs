// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Simulation.Lanes;

/// <summary>A pass that steps may still join.</summary>
internal sealed class PassDraft(PassKind kind)
{
    private readonly List<Step> steps = [];
    private readonly List<Step> swaps = [];
    private readonly List<Step> after = [];
    private nint afterBits;

    public PassKind Kind => kind;

    /// <summary>Whether a step that touches its wires may be its last: turns are of other wires.</summary>
    public bool Takes(PassKind of, Step step) =>
        kind == of && kind == PassKind.Monomial && (step.IsDiagonal || (afterBits & step.Mask) == 0);

    public void Add(Step step)
    {
        if (kind != PassKind.Monomial || (step.IsDiagonal && swaps.Count == 0))
        {
            steps.Add(step);
        }
        else if (step.IsDiagonal)
        {
            after.Add(step);
            afterBits |= step.Mask;
        }
        else
        {
            swaps.Add(step);
        }
    }

    /// <summary>
    /// The pass; or one for each step, as a pass over the whole state to another place does not pay for a CNOT or an RZ
    /// alone, nor a pass of turns for one.
    /// </summary>
    /// <param name="varies">Whether a step turns with an input or a weight.</param>
    public IEnumerable<Pass> Settle(Predicate<Step> varies)
    {
        if (kind == PassKind.Step || !Pays)
        {
            return All.Select(step => new Pass { Kind = PassKind.Step, Steps = [step], Varies = varies(step) });
        }

        var (before, behind) = (steps.Exists(varies), after.Exists(varies));
        return
        [
            new Pass
            {
                Kind = kind,
                Steps = kind == PassKind.Turns ? [.. steps.OrderBy(step => step.Bits[0])] : [.. steps],
                Swaps = [.. swaps],
                After = [.. after],
                Varies = before || behind,
                VaryingPhases = (before, behind),
            },
        ];
    }

    private IEnumerable<Step> All => steps.Concat(swaps).Concat(after);

    private bool Pays => kind == PassKind.Turns
        ? steps.Count > 1
        : All.Sum(step => step.Offsets.Length * Math.ScaleB(1, -step.Bits.Length)) > 1.5;
}
