// SPDX-License-Identifier: Apache-2.0
using static TorchSharp.torch;

namespace Qusp.Torch;

/// <summary>
/// Keeps the gradients that a backward call returned until the next one on the same thread. TorchSharp hands libtorch
/// their bare handles after the call has ended: unless someone holds them, the garbage collector may dispose of them
/// before libtorch has its own reference; and unless someone disposes of them, they wait for it.
/// </summary>
internal static class GradientStash
{
    [ThreadStatic]
    private static List<Tensor>? held;

    /// <summary>Holds these, and disposes of those of the call before, which libtorch has taken.</summary>
    public static void Replace(IEnumerable<Tensor?> gradients)
    {
        held?.ForEach(tensor => tensor.Dispose());
        held = [.. gradients.OfType<Tensor>()];
    }
}
