// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Qusp.Inference;

/// <summary>
/// A linear layer with weights of 8 bits that quantizes its inputs at each call: <c>y = x Wᵀ + b</c>. Needs no libtorch. Safe for
/// concurrent calls; a call allocates nothing. The integers are the same on every processor.
/// </summary>
public sealed partial class Int8Linear
{
    // Rows quantized before the weights are walked; a row of inputs in 2 bytes is two rows of bytes.
    private const int TileRows = 16;

    private readonly sbyte[] weights; // [outputs, inputs]
    private readonly sbyte[] packed;
    private readonly float[] scales; // [1] or [outputs]
    private readonly float[] bias; // [padded outputs], as those below
    private readonly float[] weightScale;
    private readonly float[] weightSum;
    private readonly int[] codeSum;
    private readonly bool hasBias;

    /// <summary>Quantizes the weights of a layer.</summary>
    /// <param name="weights">The weights, <c>[outputs, inputs]</c> row-major, as PyTorch's <c>nn.Linear</c> holds them.</param>
    /// <param name="outputs">The number of outputs.</param>
    /// <param name="inputs">The number of inputs, at most 65536, so that sums stay within 32 bits.</param>
    /// <param name="bias">The bias, <c>[outputs]</c>; empty for none.</param>
    /// <param name="scheme">How to quantize.</param>
    /// <exception cref="ArgumentException">A size does not fit, or a weight or bias is not finite.</exception>
    public Int8Linear(
        ReadOnlySpan<float> weights,
        int outputs,
        int inputs,
        ReadOnlySpan<float> bias = default,
        QuantizationScheme scheme = QuantizationScheme.PerChannelPerRow)
        : this(Quantize(weights, outputs, inputs, bias, scheme))
    {
    }

    private Int8Linear(Stored stored)
    {
        (Scheme, Outputs, Inputs, weights, scales) = (stored.Scheme, stored.Outputs, stored.Inputs, stored.Weights, stored.Scales);
        packed = Int8Kernel.Pack(weights, Outputs, Inputs);
        hasBias = stored.Bias.Length > 0;
        var padded = Int8Kernel.Padded(Outputs);
        (bias, weightScale, weightSum, codeSum) = (new float[padded], new float[padded], new float[padded], new int[padded]);
        stored.Bias.CopyTo(bias, 0);
        stored.Sums.CopyTo(weightSum, 0);
        for (var o = 0; o < Outputs; o++)
        {
            weightScale[o] = scales[scales.Length == 1 ? 0 : o];
            foreach (var code in weights.AsSpan(o * Inputs, Inputs))
            {
                codeSum[o] += code;
            }
        }
    }

    /// <summary>How the layer is quantized.</summary>
    public QuantizationScheme Scheme { get; }

    /// <summary>The number of inputs.</summary>
    public int Inputs { get; }

    /// <summary>The number of outputs.</summary>
    public int Outputs { get; }

    /// <summary>The weights' codes, <c>[outputs, inputs]</c>: a weight is its scale times its code.</summary>
    public ReadOnlySpan<sbyte> Weights => weights;

    /// <summary>The weights' scales: one in PyTorch's schemes, else one an output.</summary>
    public ReadOnlySpan<float> Scales => scales;

    /// <summary>The bias, <c>[outputs]</c>; zeros if the layer has none.</summary>
    public ReadOnlySpan<float> Bias => bias.AsSpan(0, Outputs);

    /// <summary>The path of the kernel; the best by default. All give the same integers.</summary>
    internal Int8Kernel Kernel { get; init; } = Int8Kernel.Best;

    /// <summary>Applies the layer to a batch.</summary>
    /// <param name="x">The inputs, <c>[B, inputs]</c>. In PyTorch's schemes their range is that of the whole call.</param>
    /// <param name="batch">The number B of rows; 0 is allowed.</param>
    /// <param name="y">Receives the outputs, <c>[B, outputs]</c>; NaN where an input in the range taken is not finite.</param>
    /// <exception cref="ArgumentException">A span's length is not what the layer and the batch ask for.</exception>
    public void Apply(ReadOnlySpan<float> x, int batch, Span<float> y)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(batch);
        if (x.Length != (long)batch * Inputs || y.Length != (long)batch * Outputs)
        {
            throw new ArgumentException(
                $"A batch of {batch} asks for {batch} × {Inputs} inputs and {batch} × {Outputs} outputs, not {x.Length} and {y.Length}.", nameof(batch));
        }

        var twoBytes = Scheme == QuantizationScheme.PerChannelPerRow;
        var call = twoBytes ? default : ActivationQuantization.PerCall(x, Scheme == QuantizationScheme.PyTorchReduceRange);
        var rows = Math.Min(batch, TileRows);
        var stride = Int8Kernel.Stride(Inputs);
        var planes = twoBytes ? 2 : 1;
        var bytes = ArrayPool<byte>.Shared.Rent(rows * planes * stride);
        var sums = ArrayPool<int>.Shared.Rent(rows * planes * codeSum.Length);
        Span<ActivationQuantization> quantizations = stackalloc ActivationQuantization[TileRows];
        for (var first = 0; first < batch; first += rows)
        {
            rows = Math.Min(rows, batch - first);
            for (var r = 0; r < rows; r++)
            {
                var row = x.Slice((first + r) * Inputs, Inputs);
                var into = bytes.AsSpan(r * planes * stride, planes * stride);
                quantizations[r] = twoBytes ? ActivationQuantization.PerRow(row) : call;
                if (twoBytes)
                {
                    quantizations[r].TwoBytes(row, into, into[stride..]);
                }
                else
                {
                    call.OneByte(row, into);
                }
            }

            Kernel.Sums(bytes, rows * planes, stride, packed, sums);
            for (var r = 0; r < rows; r++)
            {
                var sum = sums.AsSpan(r * planes * codeSum.Length, planes * codeSum.Length);
                Finish(quantizations[r], sum, y.Slice((first + r) * Outputs, Outputs));
            }
        }

        ArrayPool<byte>.Shared.Return(bytes);
        ArrayPool<int>.Shared.Return(sums);
    }

    private void Finish(ActivationQuantization quantization, ReadOnlySpan<int> sums, Span<float> y)
    {
        if (!quantization.IsFinite)
        {
            y.Fill(float.NaN);
            return;
        }

        Span<float> tail = stackalloc float[Vector<float>.Count];
        for (var o = 0; o < y.Length; o += Vector<float>.Count)
        {
            var value = Scheme == QuantizationScheme.PerChannelPerRow ? Ours(quantization, sums, o) : PyTorch(quantization, sums, o);
            if (o + Vector<float>.Count <= y.Length)
            {
                value.CopyTo(y[o..]);
            }
            else
            {
                value.CopyTo(tail);
                tail[..(y.Length - o)].CopyTo(y[o..]);
            }
        }
    }

    // x = Middle + s (256 high + low − 32768), so Σ x w = Middle Σ w + s·scale (256 Σ (high − 128) q + Σ low q), where Σ w is the
    // layer's own, not that of the codes: a shift common to all inputs of a row carries no error of the weights.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector<float> Ours(ActivationQuantization quantization, ReadOnlySpan<int> sums, int o)
    {
        var high = new Vector<int>(sums[o..]) - (new Vector<int>(codeSum.AsSpan(o)) << 7);
        var low = new Vector<int>(sums[(codeSum.Length + o)..]);
        var sum = (Vector.ConvertToSingle(high) * 256f) + Vector.ConvertToSingle(low);
        var constant = (new Vector<float>(weightSum.AsSpan(o)) * quantization.Middle) + new Vector<float>(bias.AsSpan(o));
        return (sum * (new Vector<float>(weightScale.AsSpan(o)) * quantization.Scale)) + constant;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector<float> PyTorch(ActivationQuantization quantization, ReadOnlySpan<int> sums, int o)
    {
        var sum = new Vector<int>(sums[o..]) - (new Vector<int>(codeSum.AsSpan(o)) * quantization.ZeroPoint);
        return (Vector.ConvertToSingle(sum) * (new Vector<float>(weightScale.AsSpan(o)) * quantization.Scale)) + new Vector<float>(bias.AsSpan(o));
    }
}
