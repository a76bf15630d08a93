// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Inference;

/// <summary>How a linear layer is brought to 8 bits: its weights once, its inputs at each call.</summary>
public enum QuantizationScheme
{
    /// <summary>
    /// Ours, and the default. Weights: symmetric in [−127, 127], a scale per output channel, chosen by least squares. Inputs: per
    /// row, measured from the middle of the row's range, in two bytes. The error that is left is the weights'.
    /// docs/quantization.md has the method and what it gains.
    /// </summary>
    PerChannelPerRow,

    /// <summary>
    /// <c>torch.ao.quantization.quantize_dynamic</c> on the qnnpack engine: weights per tensor, symmetric; inputs per call,
    /// affine, one byte, 0 to 255.
    /// </summary>
    PyTorch,

    /// <summary>
    /// The same on the engines fbgemm, x86 and onednn, PyTorch's default, which halve the inputs' range (<c>reduce_range</c>)
    /// to keep 16-bit sums of older processors from overflowing: 0 to 127.
    /// </summary>
    PyTorchReduceRange,
}

/// <summary>The names of the schemes in files and options.</summary>
public static class QuantizationSchemes
{
    /// <summary>The names, in the order of <see cref="QuantizationScheme"/>.</summary>
    public static IReadOnlyList<string> Names { get; } = ["per-channel-per-row", "pytorch", "pytorch-reduce-range"];

    /// <summary>The scheme's name.</summary>
    public static string Name(this QuantizationScheme scheme) => Names[(int)scheme];

    /// <summary>The scheme of a name.</summary>
    /// <exception cref="ArgumentException">There is no such scheme; the message lists them.</exception>
    public static QuantizationScheme Find(string name)
    {
        for (var i = 0; i < Names.Count; i++)
        {
            if (Names[i] == name)
            {
                return (QuantizationScheme)i;
            }
        }

        throw new ArgumentException($"There is no quantization scheme '{OneLine.Of(name)}'; there are {string.Join(", ", Names)}.", nameof(name));
    }
}
