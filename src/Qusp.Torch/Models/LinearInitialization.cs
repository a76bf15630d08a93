// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Qusp.Torch;

/// <summary>
/// Linear layers as PyTorch starts them, from a generator of its own: the numbers after <c>torch.manual_seed(seed)</c> in
/// Python, while the program's global generator is left alone.
/// </summary>
internal sealed class LinearInitialization(ulong seed) : IDisposable
{
    private readonly Generator generator = new(seed);

    /// <summary>
    /// A float32 layer, weight and bias uniform on ±1/√inputs, as <c>nn.Linear.reset_parameters</c> draws them
    /// (<c>kaiming_uniform_(a=√5)</c>).
    /// </summary>
    public Linear Linear(int inputs, int outputs)
    {
        using var scope = NewDisposeScope();
        var gain = Math.Sqrt(2.0 / (1 + 5));
        var weight = Draw(Math.Sqrt(3) * (gain / Math.Sqrt(inputs)), outputs, inputs);
        var bias = Draw(1 / Math.Sqrt(inputs), outputs);
        return nn.Linear(new Parameter(weight), new Parameter(bias));
    }

    public void Dispose() => generator.Dispose();

    private Tensor Draw(double bound, params long[] shape) => empty(shape, dtype: ScalarType.Float32, device: CPU).uniform_(-bound, bound, generator);
}
