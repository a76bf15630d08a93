// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Torch;

/// <summary>
/// How the decision of a gate, on or off, is differentiated. A mask's own slope is followed in any case but the second; what it
/// cannot see is that gates of the circuit appear and vanish.
/// </summary>
public enum GateGradient
{
    /// <summary>
    /// <c>∂L/∂π += ⟨O⟩(on) − ⟨O⟩(off)</c>, folded with what follows the circuit: <see cref="Qusp.Gradients.GateShift{T}"/> at the pattern at
    /// hand. n + 1 evaluations a sample; wires that are off hear what they would do.
    /// Exact for masks of 0 and 1; of a mask with a slope, the whole step from 0 to its value is taken beside that slope.
    /// </summary>
    Shift,

    /// <summary>The mask's slope is taken to be that of π (Bengio et al. 2013, arXiv:1308.3432). Free; wires that are off hear nothing.</summary>
    StraightThrough,

    /// <summary>The decision is a constant, as in every library's autograd.</summary>
    None,

    /// <summary>ARM: as shift, without bias for sampled gates, from 2 evaluations a sample whatever n. For gates that draw 0 or 1.</summary>
    Arm,

    /// <summary>DisARM: as ARM, of less variance.</summary>
    DisArm,
}
