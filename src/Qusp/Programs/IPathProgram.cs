// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp;

/// <summary>A program whose shots take paths of their own, so that bit strings need no table of probabilities.</summary>
internal interface IPathProgram<T> : IProgram<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Draws bit strings.</summary>
    /// <param name="batch">The number B of samples.</param>
    /// <param name="count">How many shots of each sample.</param>
    /// <param name="inputs">The samples, <c>[B, I]</c>.</param>
    /// <param name="weights">The weights, <c>[W]</c>.</param>
    /// <param name="reading">What to read of each: <see cref="Probabilities"/> for wires, <see cref="BitProbabilities"/> for classical bits.</param>
    /// <param name="outcomes">Receives <c>[B, shots]</c>; the first wire or bit is the most significant one.</param>
    /// <param name="draw">The randomness.</param>
    /// <exception cref="NotSupportedException">Its paths have no bit strings of equal weight; the message says why.</exception>
    void Sample(int batch, int count, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, Measurement reading, Span<uint> outcomes, Draw draw);
}
