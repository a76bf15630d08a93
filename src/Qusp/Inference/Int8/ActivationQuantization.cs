// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Inference;

/// <summary>
/// How a row of inputs becomes bytes: <c>q = clamp(round((x − Middle) · Inverse) + ZeroPoint, 0, Largest)</c>, half to even.
/// </summary>
internal readonly record struct ActivationQuantization(float Middle, float Scale, float Inverse, int ZeroPoint, int Largest)
{
    /// <summary>The zero point of inputs in two bytes, high and low.</summary>
    public const int TwoByteMiddle = 32768;

    // Below this range a row is its middle: the reciprocal of its scale would overflow.
    private const float SmallestRange = 1e-30f;

    // fp16_min: PyTorch (quant_utils.h, SMALL_SCALE_THRESHOLD) uses no scale below it.
    private const float SmallestPyTorchScale = 6.1e-5f;

    /// <summary>Whether the inputs are numbers; a NaN or an infinity cannot be quantized.</summary>
    public bool IsFinite => float.IsFinite(Scale) && float.IsFinite(Middle);

    /// <summary>Ours: 16 bits over the row's own range, measured from its middle.</summary>
    public static ActivationQuantization PerRow(ReadOnlySpan<float> row)
    {
        var (least, most) = Range(row);
        var middle = (0.5f * least) + (0.5f * most);
        var half = MathF.Max(most - middle, middle - least);
        if (!float.IsFinite(half))
        {
            return new(middle, float.NaN, 0, 0, 0);
        }

        return half > SmallestRange
            ? new(middle, half / 32767, 32767 / half, TwoByteMiddle, 65535)
            : new(middle, 0, 0, TwoByteMiddle, 65535);
    }

    /// <summary>
    /// PyTorch's ChooseQuantizationParams over all inputs of a call, with zero inside of the range; a byte, or 7 bits with reduce_range.
    /// </summary>
    public static ActivationQuantization PerCall(ReadOnlySpan<float> inputs, bool reduceRange)
    {
        var qmax = reduceRange ? 127 : 255;
        var (least, most) = Range(inputs);
        if (!float.IsFinite(least) || !float.IsFinite(most))
        {
            return new(0, float.NaN, 0, 0, 0);
        }

        (least, most) = (MathF.Min(least, 0), MathF.Max(most, 0));
        var scale = ((double)most - least) / qmax;
        if ((float)scale == 0 || float.IsInfinity(1 / (float)scale))
        {
            scale = 0.1;
        }

        if (scale < SmallestPyTorchScale)
        {
            var amplifier = SmallestPyTorchScale / (float)scale;
            (least, most) = (least, most) switch
            {
                (0, _) => (0, SmallestPyTorchScale * qmax),
                (_, 0) => (-SmallestPyTorchScale * qmax, 0),
                _ => (least * amplifier, most * amplifier),
            };
            scale = SmallestPyTorchScale;
        }

        // Of the two formulas, the one whose terms are smaller loses less to rounding.
        var (fromLeast, fromMost) = (-least / scale, qmax - (most / scale));
        var zeroPoint = -Math.Abs(least / scale) < qmax - Math.Abs(most / scale) ? fromLeast : fromMost;
        return new(0, (float)scale, 1 / (float)scale, (int)Math.Round(Math.Clamp(zeroPoint, 0, qmax)), 255);
    }

    /// <summary>Writes a row in one byte each.</summary>
    public void OneByte(ReadOnlySpan<float> row, Span<byte> bytes)
    {
        var i = 0;
        for (; i <= row.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            var low = Vector.Narrow(Codes(row[i..]), Codes(row[(i + Vector<int>.Count)..]));
            var high = Vector.Narrow(Codes(row[(i + (2 * Vector<int>.Count))..]), Codes(row[(i + (3 * Vector<int>.Count))..]));
            Vector.Narrow(low, high).CopyTo(bytes[i..]);
        }

        for (; i < row.Length; i++)
        {
            bytes[i] = (byte)Code(row[i]);
        }
    }

    /// <summary>Writes a row in two bytes each: <c>q = 256 · high + low</c>.</summary>
    public void TwoBytes(ReadOnlySpan<float> row, Span<byte> high, Span<byte> low)
    {
        var i = 0;
        var mask = new Vector<ushort>(0xFF);
        for (; i <= row.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            var first = Vector.Narrow(Codes(row[i..]), Codes(row[(i + Vector<int>.Count)..]));
            var second = Vector.Narrow(Codes(row[(i + (2 * Vector<int>.Count))..]), Codes(row[(i + (3 * Vector<int>.Count))..]));
            Vector.Narrow(first >>> 8, second >>> 8).CopyTo(high[i..]);
            Vector.Narrow(first & mask, second & mask).CopyTo(low[i..]);
        }

        for (; i < row.Length; i++)
        {
            var code = Code(row[i]);
            (high[i], low[i]) = ((byte)(code >> 8), (byte)code);
        }
    }

    private static (float Least, float Most) Range(ReadOnlySpan<float> values)
    {
        if (values.IsEmpty)
        {
            return (0, 0);
        }

        var (least, most) = (values[0], values[0]);
        var i = 0;
        if (values.Length >= Vector<float>.Count)
        {
            var (low, high) = (new Vector<float>(values), new Vector<float>(values));
            for (i = Vector<float>.Count; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
            {
                var next = new Vector<float>(values[i..]);
                (low, high) = (Vector.Min(low, next), Vector.Max(high, next));
            }

            for (var lane = 0; lane < Vector<float>.Count; lane++)
            {
                (least, most) = (MathF.Min(least, low[lane]), MathF.Max(most, high[lane]));
            }
        }

        for (; i < values.Length; i++)
        {
            (least, most) = (MathF.Min(least, values[i]), MathF.Max(most, values[i]));
        }

        return (least, most);
    }

    private Vector<uint> Codes(ReadOnlySpan<float> values)
    {
        var rounded = Vector.Round((new Vector<float>(values) - new Vector<float>(Middle)) * Inverse, MidpointRounding.ToEven);
        var code = Vector.ConvertToInt32(rounded) + new Vector<int>(ZeroPoint);
        return Vector.AsVectorUInt32(Vector.Min(Vector.Max(code, Vector<int>.Zero), new Vector<int>(Largest)));
    }

    private int Code(float value) => Math.Clamp((int)MathF.Round((value - Middle) * Inverse) + ZeroPoint, 0, Largest);
}
