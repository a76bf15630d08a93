// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.StateVectors;

/// <summary>A pass with what both directions need, ready to be filled with a call's numbers.</summary>
internal abstract class ReadyPass(bool varies) : IDisposable
{
    /// <summary>Whether a step of it turns with an input or a weight.</summary>
    public bool Varies { get; } = varies;

    public virtual void Dispose()
    {
    }
}

/// <summary>A pass of rotations.</summary>
internal sealed class ReadyTurns<V, T>(TurnsPass pass, int blockBits) : ReadyPass(pass.Varies)
    where V : unmanaged, IAmplitudeLanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public TurnRounds<V, T> Forward { get; } = new(pass.Turns, blockBits);

    public TurnRounds<V, T> Back { get; } = new(pass.Turns, blockBits);
}

/// <summary>A permutation with phases.</summary>
internal sealed class ReadyMonomial<V, T> : ReadyPass
    where V : unmanaged, IAmplitudeLanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public ReadyMonomial(MonomialPass pass, int bits, bool differentiates, PhaseMemories<T> memories)
        : base(pass.Varies)
    {
        // The phases are given by the new index; going back, the old index is the new one.
        Forward = new Gather<V, T>(pass.Map.Inverse(), pass.Words, bits, memories.Next());
        Back = differentiates ? new Gather<V, T>(pass.Map, pass.Words.Select(word => Before(word, pass.Map)), bits, memories.Next()) : null;
        Varying = [.. pass.Words.Where(word => word.Angle >= 0)];
        Masks = [.. Varying.Select(word => word.Mask).Distinct()];
        MaskOf = [.. Varying.Select(word => Array.IndexOf(Masks, word.Mask))];
    }

    public Gather<V, T> Forward { get; }

    public Gather<V, T>? Back { get; }

    /// <summary>The words that turn with an angle.</summary>
    public PhaseWord[] Varying { get; }

    /// <summary>Their distinct masks.</summary>
    public nint[] Masks { get; }

    /// <summary>Each varying word's place in <see cref="Masks"/>.</summary>
    public int[] MaskOf { get; }

    private static PhaseWord Before(PhaseWord word, IndexMap map) => word with
    {
        Mask = map.Transposed(word.Mask),
        Factor = IndexMap.Parity(word.Mask & map.Offset) == 0 ? word.Factor : -word.Factor,
    };
}

/// <summary>A block of a few wires.</summary>
internal sealed class ReadyBlock<V, T>(BlockPass pass, bool differentiates) : ReadyPass(pass.Varies)
    where V : unmanaged, IAmplitudeLanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private bool isBackFilled;

    public BlockMatrix Matrix { get; } = new(pass);

    public BlockKernel<V, T> Forward { get; } = new(pass);

    public BlockKernel<V, T>? Back { get; } = differentiates ? new(pass) : null;

    /// <summary>The overlap of the state and the adjoint state on the block's wires, <c>[d, d]</c>.</summary>
    public Complex[] Overlap { get; } = differentiates && pass.Varies ? new Complex[pass.Offsets.Length * pass.Offsets.Length] : [];

    /// <summary>Computes the numbers for a call.</summary>
    public void Fill(ReadOnlySpan<double> arguments)
    {
        if (Matrix.Fill(arguments))
        {
            Forward.Fill(Matrix.Entries, inverse: false);
            isBackFilled = false;
        }
    }

    /// <summary>The same for the way back.</summary>
    public void FillBack()
    {
        if (!isBackFilled)
        {
            Back!.Fill(Matrix.Entries, inverse: true);
            isBackFilled = true;
        }
    }

    public override void Dispose()
    {
        Forward.Dispose();
        Back?.Dispose();
        base.Dispose();
    }
}

/// <summary>What runs for one outcome of the guards.</summary>
internal sealed class StateProgram<V, T> : IDisposable
    where V : unmanaged, IAmplitudeLanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly PhaseMemories<T> memories = new();

    public StateProgram(Plan plan, Readout readout, ReadOnlySpan<bool> fired, int blockBits, bool differentiates)
    {
        var bits = plan.Circuit.Wires;
        var schedule = new StateSchedule(plan, fired);
        var passes = schedule.Passes;
        Fired = fired.ToArray();

        // On |0…0⟩ a permutation is a basis state, and phases are one phase, which only amplitudes show.
        var first = passes is [MonomialPass, ..] && readout.States.IsEmpty ? 1 : 0;
        Start = first == 1 ? ((MonomialPass)passes[0]).Map.Offset : 0;
        if (first < passes.Length && passes[first] is TurnsPass product)
        {
            Product = new ProductState<V, T>(product.Turns, Start, bits);
            first++;
        }

        // At the end, what measures diagonal observables sees no phase, and a permutation as other observables.
        var last = first < passes.Length && passes[^1] is MonomialPass && IsDiagonal(readout) ? passes.Length - 1 : passes.Length;
        Words = new WordReadout<V, T>(readout, last < passes.Length ? ((MonomialPass)passes[^1]).Map : IndexMap.Identity(bits), bits);
        Passes =
        [
            .. BlockFusion.Fuse(passes[first..last], bits).Select(pass => pass switch
            {
                TurnsPass turns => (ReadyPass)new ReadyTurns<V, T>(turns, blockBits),
                MonomialPass monomial => new ReadyMonomial<V, T>(monomial, bits, differentiates, memories),
                BlockPass block => new ReadyBlock<V, T>(block, differentiates),
                _ => throw new InvalidOperationException($"No kernel for a pass of type {pass.GetType()}."),
            }),
        ];
        FirstVarying = Product is not null && schedule.FirstVarying < first ? 0 : Passes.TakeWhile(pass => !pass.Varies).Count();
        ProductVaries = Product is not null && passes[first - 1].Varies;
    }

    /// <summary>Which guards held.</summary>
    public bool[] Fired { get; }

    /// <summary>The basis state at the start.</summary>
    public nint Start { get; }

    /// <summary>The rotations that are done before the passes; null if there are none.</summary>
    public ProductState<V, T>? Product { get; }

    /// <summary>Whether its rotations turn with an input or a weight.</summary>
    public bool ProductVaries { get; }

    public ReadyPass[] Passes { get; }

    /// <summary>A reverse sweep need not go further back than this pass; 0 if the product varies.</summary>
    public int FirstVarying { get; }

    public WordReadout<V, T> Words { get; }

    /// <summary>Whether threads share the way forward.</summary>
    public Sharing SharingForward { get; } = new();

    /// <summary>Whether they share the way back.</summary>
    public Sharing SharingBack { get; } = new();

    public void Dispose()
    {
        Product?.Dispose();
        foreach (var pass in Passes)
        {
            pass.Dispose();
        }

        memories.Dispose();
    }

    private static bool IsDiagonal(Readout readout) => readout.General.IsEmpty && readout.Probabilities.IsEmpty && readout.Densities.IsEmpty && readout.States.IsEmpty;
}
