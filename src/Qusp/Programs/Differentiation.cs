// SPDX-License-Identifier: Apache-2.0
namespace Qusp;

/// <summary>How gradients are computed.</summary>
public enum Differentiation
{
    /// <summary>Not at all; a pullback is refused.</summary>
    None,

    /// <summary>One reverse sweep over the state (Jones and Gacon 2020, arXiv:2009.02823). Exact; exact devices only.</summary>
    Adjoint,

    /// <summary>Evaluations at shifted angles by the gate's shift rule (Wierichs et al. 2021, arXiv:2107.12390). Exact; any device.</summary>
    ParameterShift,

    /// <summary>Differences of the angles, see <see cref="ProgramOptions.Difference"/>. Any device; a check, not a method of choice.</summary>
    FiniteDifference,

    /// <summary>
    /// Evaluations with a further wire that controls the generator's Pauli words (Guerreschi and Smelyanskiy 2017, arXiv:1701.01450). Exact; any
    /// device, for expectation values, probabilities and density matrices.
    /// </summary>
    HadamardTest,

    /// <summary>
    /// Simultaneous perturbation of all inputs and weights in random directions (Spall 1992), see <see cref="ProgramOptions.SpsaDirections"/>: two
    /// evaluations a direction, right in the mean. Any device.
    /// </summary>
    Spsa,
}
