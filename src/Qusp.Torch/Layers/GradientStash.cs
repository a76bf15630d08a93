// SPDX-License-Identifier: Apache-2.0
using static TorchSharp.torch;

namespace Qusp.Torch;

/// <summary>
/// Keeps the gradients that a backward call returned until the next one. TorchSharp hands libtorch their bare handles
/// after the call has ended: unless someone holds them, the garbage collector may dispose of them before libtorch has
/// its own reference; and unless someone disposes of them, they wait for it.
/// </summary>
internal sealed class GradientStash : IDisposable
{
    private readonly Lock gate = new();
    private readonly List<Tensor> held = [];

    public void Replace(IEnumerable<Tensor?> gradients)
    {
        lock (gate)
        {
            Dispose();
            held.AddRange(gradients.OfType<Tensor>());
        }
    }

    public void Dispose()
    {
        held.ForEach(tensor => tensor.Dispose());
        held.Clear();
    }
}
