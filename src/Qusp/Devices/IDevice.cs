// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp;

/// <summary>Something that compiles circuits.</summary>
public interface IDevice
{
    /// <summary>The name users select it by.</summary>
    string Name { get; }

    /// <summary>One line: what it is and what it is for.</summary>
    string Description { get; }

    /// <summary>The differentiation methods it can do, the best first. <c>auto</c> takes the first.</summary>
    IReadOnlyList<Differentiation> Differentiations { get; }

    /// <summary>Why the device cannot run here or cannot run this circuit, in one line; null if it can.</summary>
    /// <param name="circuit">The circuit, or null to ask only whether the device is there.</param>
    string? Refusal(Circuit? circuit);

    /// <summary>Compiles a circuit.</summary>
    /// <typeparam name="T">Precision of data, state and arithmetic: <see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="circuit">The circuit.</param>
    /// <param name="options">How to run it; the defaults if null.</param>
    /// <exception cref="NotSupportedException">The device cannot do this; the message says what and names an alternative.</exception>
    IProgram<T> Compile<T>(Circuit circuit, ProgramOptions? options = null)
        where T : unmanaged, IFloatingPointIeee754<T>;
}

/// <summary>How a compiled circuit runs.</summary>
public sealed record ProgramOptions
{
    /// <summary>How to differentiate; null takes the device's best.</summary>
    public Differentiation? Differentiation { get; init; }

    /// <summary>Repetitions of a circuit on sampled devices.</summary>
    public int Shots { get; init; } = 1024;

    /// <summary>The most threads to use; 0 = one a core. Results do not depend on it.</summary>
    public int Threads { get; init; }
}

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
