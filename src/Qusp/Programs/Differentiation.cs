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

    /// <summary>Central differences of the angles, error O(h²). Any device; a check, not a method of choice.</summary>
    FiniteDifference,
}
