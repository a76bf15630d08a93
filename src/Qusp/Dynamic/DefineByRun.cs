// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Dynamic;

namespace Qusp;

/// <summary>Writes one sample's operations.</summary>
/// <param name="circuit">Receives them; it holds the frame.</param>
/// <param name="inputs">The sample's inputs, <c>[I]</c>.</param>
/// <param name="weights">The weights, <c>[W]</c>.</param>
public delegate void SampleWriter(CircuitBuilder circuit, ReadOnlySpan<TracedNumber> inputs, ReadOnlySpan<TracedNumber> weights);

/// <summary>
/// Circuits defined by running: where guards cannot say it, a delegate is called with each sample's values and writes its
/// operations with ordinary <c>if</c>, <c>for</c> and <c>while</c>. Samples whose operations are the same but for
/// their angles run together, in one program of the device below; gradients flow to the values that the angles were made of.
/// <code>
/// var frame = new CircuitBuilder(4);
/// frame.Inputs(4);
/// var device = new DefineByRun(new CpuDevice(), (circuit, x, w) =&gt;
/// {
///     for (var i = 0; i &lt; 4; i++)
///     {
///         if (x[i] &gt; 0.1) circuit.RY(x[i], i).CNOT(i, (i + 1) % 4);
///     }
/// });
/// using var program = device.Compile&lt;double&gt;(frame.ExpectZ().Build());
/// </code>
/// A <c>QuantumLayer</c> takes it as its custom device. The delegate must do the same for the same values: a
/// pullback calls it again. A decision is a constant of the gradient, as a guard's is.
/// </summary>
public sealed class DefineByRun : IDevice
{
    private readonly IDevice device;
    private readonly SampleWriter write;
    private readonly int structures;

    /// <summary>A device that writes circuits by running a delegate.</summary>
    /// <param name="device">What runs them.</param>
    /// <param name="write">Writes a sample's operations; it declares no inputs or weights and measures no outputs, which the frame does.</param>
    /// <param name="structures">How many compiled structures are kept, the last used; more are compiled again.</param>
    public DefineByRun(IDevice device, SampleWriter write, int structures = 256)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(write);
        ArgumentOutOfRangeException.ThrowIfLessThan(structures, 1);
        (this.device, this.write, this.structures) = (device, write, structures);
    }

    /// <summary>The name of the device below.</summary>
    public string Name => device.Name;

    /// <inheritdoc/>
    public string Description => $"each sample's circuit written by a delegate; {device.Description}";

    /// <inheritdoc/>
    public IReadOnlyList<Differentiation> Differentiations => device.Differentiations;

    /// <inheritdoc/>
    public string? Refusal(Circuit? circuit) => device.Refusal(circuit);

    /// <summary>Compiles a frame.</summary>
    /// <typeparam name="T">Precision of data, state and arithmetic.</typeparam>
    /// <param name="circuit">The frame: wires, inputs, weights and what is measured. Its operations, if it has any, come before the delegate's.</param>
    /// <param name="options">How to run; the defaults if null.</param>
    /// <exception cref="NotSupportedException">The device cannot do this.</exception>
    public IProgram<T> Compile<T>(Circuit circuit, ProgramOptions? options = null)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        new DefineByRunProgram<T>(circuit, write, structure => device.Compile<T>(structure, options), structures);
}
