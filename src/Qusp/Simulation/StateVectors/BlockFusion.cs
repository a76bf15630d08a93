// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.StateVectors;

/// <summary>
/// Passes in a row that touch one or two wires between them become one block: phases and a rotation alone, or a CNOT alone, would each read and
/// write the whole state, and a permutation would need another place for it. So do phases by themselves that leave a part of the state as it is.
/// </summary>
internal static class BlockFusion
{
    private const int MaxBlockBits = 2; // a matrix of three wires costs more than the memory that it saves
    private const int MinBits = 11; // smaller states are in the first cache, where passes cost less than a matrix

    /// <summary>The passes of a state of so many wires, with blocks in place of what becomes one.</summary>
    public static IEnumerable<StatePass> Fuse(IReadOnlyList<StatePass> passes, int bits) => bits < MinBits ? passes : Fuse(passes);

    private static IEnumerable<StatePass> Fuse(IReadOnlyList<StatePass> passes)
    {
        var run = new List<StatePass>();
        foreach (var pass in passes)
        {
            if (BitOperations.PopCount((nuint)(Support(run) | pass.Support)) > MaxBlockBits)
            {
                foreach (var done in End(run, pass))
                {
                    yield return done;
                }

                run.Clear();
            }

            run.Add(pass);
        }

        foreach (var done in End(run, null))
        {
            yield return done;
        }
    }

    private static List<StatePass> End(List<StatePass> run, StatePass? next)
    {
        // Phases go straight into the next rotations too; by themselves they need not touch what they leave as it is.
        if (run is [MonomialPass { Map.IsIdentity: true } phases] && next is not TurnsPass && BlockPass.Of(phases) is { } part)
        {
            return [part];
        }

        // A permutation goes straight into the next rotations, and phases or rotations alone are in place as they are.
        var isCheap = run is [MonomialPass { Map.IsIdentity: true } or TurnsPass or BlockPass] || (run is [MonomialPass] && next is TurnsPass);
        var isSmall = BitOperations.PopCount((nuint)Support(run)) <= MaxBlockBits;
        return isCheap || !isSmall || run.Count == 0 ? run : [BlockPass.Of(run)];
    }

    private static nint Support(List<StatePass> run) => run.Aggregate((nint)0, (mask, pass) => mask | pass.Support);
}
