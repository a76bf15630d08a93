// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp.Simulation.DensityMatrices;

/// <summary>A block's place: where its matrix and the terms that fill it lie among the plan's numbers.</summary>
/// <param name="Block">The block.</param>
/// <param name="Wide">The same for numbers taken several at a time, or null.</param>
/// <param name="Matrix">The first entry of its matrix.</param>
internal readonly record struct PlacedBlock(LinearBlock Block, LinearBlock? Wide, int Matrix);

/// <summary>A step in its run.</summary>
/// <param name="Step">The step, within a chunk.</param>
/// <param name="Wide">Where its pieces begin if numbers are taken several at a time, or null where it mixes those.</param>
/// <param name="Blocks">Its pieces.</param>
/// <param name="Turns">Where the derivatives of its factors lie among those of the run; −1 for a constant.</param>
/// <param name="Place">Where the state before it is kept for the reverse sweep; −1 if the step can be undone.</param>
internal readonly record struct PlacedStep(LinearStep Step, Groups? Wide, ImmutableArray<PlacedBlock> Blocks, int Turns, int Place)
{
    /// <summary>Whether its matrices are the same for every sample.</summary>
    public bool IsConstant => Step.Source < 0 && Step.Guard < 0;
}

/// <summary>A run whose steps are placed.</summary>
/// <param name="Steps">The steps.</param>
/// <param name="Cut">The index bits by which its chunks are told apart.</param>
/// <param name="Bits">log₂ of the numbers of the whole vector.</param>
/// <param name="Turns">The derivatives that each chunk gives.</param>
/// <param name="Start">Where the state before it is kept, as the start of a segment; else −1.</param>
internal sealed record PlacedRun(ImmutableArray<PlacedStep> Steps, nint Cut, int Bits, int Turns, int Start)
{
    public int Chunks { get; } = 1 << BitOperations.PopCount((nuint)Cut);

    /// <summary>The numbers of a chunk.</summary>
    public nint Size { get; } = (nint)1 << (Bits - BitOperations.PopCount((nuint)Cut));

    /// <summary>How many neighbours in the vector are neighbours in a chunk.</summary>
    public nint Stretch { get; } = new Groups(Cut, Bits).Run;

    /// <summary>Whether a chunk is a part of the vector as it lies.</summary>
    public bool IsInPlace => Stretch == Size;
}
