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
