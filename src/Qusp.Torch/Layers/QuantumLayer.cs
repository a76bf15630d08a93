// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using static TorchSharp.torch;

namespace Qusp.Torch;

/// <summary>A circuit as a module: <c>[B, I] → [B, K]</c>, or <c>[I] → [K]</c>.</summary>
public sealed class QuantumLayer : nn.Module<Tensor, Tensor>
{
    /// <summary>A layer around a circuit.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="options">How to run it; the defaults if null.</param>
    /// <exception cref="ArgumentException">A device's name is unknown.</exception>
    /// <exception cref="NotSupportedException">No device of the preference can do this.</exception>
    public QuantumLayer(Circuit circuit, QuantumLayerOptions? options = null)
        : base(nameof(QuantumLayer))
    {
        Circuit = circuit;
        Options = options ?? new QuantumLayerOptions();
        Selection = Devices.Select(Options.Device, circuit, Options.Differentiation);
    }

    /// <summary>The circuit.</summary>
    public Circuit Circuit { get; }

    /// <summary>How it runs.</summary>
    public QuantumLayerOptions Options { get; }

    /// <summary>Which device was chosen, and why the others were not.</summary>
    public DeviceSelection Selection { get; }

    /// <summary>The name of the device.</summary>
    public string DeviceName => Selection.Device.Name;

    /// <summary>How gradients are computed.</summary>
    public Differentiation Differentiation => throw new NotImplementedException();

    /// <summary>What this layer has executed, forward and backward, since it was made: its ledger.</summary>
    public Cost Cost { get; }

    /// <summary>The part of <see cref="Cost"/> that was forward.</summary>
    public Cost ForwardCost { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => throw new NotImplementedException();
}
