// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Inference;

/// <summary>A layer in the precision T: <c>[B, inputs] → [B, outputs]</c>.</summary>
internal abstract class NetworkLayer<T> : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The layer's name, if it is linear.</summary>
    public virtual string? LinearName => null;

    /// <summary>The outputs; the array of the inputs may be used for them.</summary>
    public abstract T[] Apply(T[] x, int batch, Draw draw);

    public virtual void Dispose()
    {
    }
}

/// <summary>tanh, number by number.</summary>
internal sealed class TanhLayer<T> : NetworkLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public override T[] Apply(T[] x, int batch, Draw draw)
    {
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = T.Tanh(x[i]);
        }

        return x;
    }
}

/// <summary>x · σ(α(|x| − τ)), number by number.</summary>
internal sealed class SoftThresholdLayer<T>(T tau, T alpha) : NetworkLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public override T[] Apply(T[] x, int batch, Draw draw)
    {
        for (var i = 0; i < x.Length; i++)
        {
            x[i] *= T.One / (T.One + T.Exp(-(alpha * (T.Abs(x[i]) - tau))));
        }

        return x;
    }
}

/// <summary>x Wᵀ + b in the precision T.</summary>
internal sealed class LinearLayer<T>(LinearDescription linear, Parameters parameters) : NetworkLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly T[] weight = parameters.Take<T>($"{linear.Name}.weight", linear.Outputs, linear.Inputs);
    private readonly T[] bias = parameters.Take<T>($"{linear.Name}.bias", linear.Outputs);

    public override string? LinearName => linear.Name;

    public override T[] Apply(T[] x, int batch, Draw draw)
    {
        var y = new T[batch * linear.Outputs];
        for (var b = 0; b < batch; b++)
        {
            var row = x.AsSpan(b * linear.Inputs, linear.Inputs);
            for (var o = 0; o < linear.Outputs; o++)
            {
                y[(b * linear.Outputs) + o] = Dot(row, weight.AsSpan(o * linear.Inputs, linear.Inputs)) + bias[o];
            }
        }

        return y;
    }

    private static T Dot(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
    {
        var (sum, i) = (T.Zero, 0);
        if (a.Length >= Vector<T>.Count)
        {
            var lanes = Vector<T>.Zero;
            for (; i <= a.Length - Vector<T>.Count; i += Vector<T>.Count)
            {
                lanes += new Vector<T>(a[i..]) * new Vector<T>(b[i..]);
            }

            sum = Vector.Sum(lanes);
        }

        for (; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}

/// <summary>x Wᵀ + b by <see cref="Int8Linear"/>.</summary>
internal sealed class QuantizedLayer<T>(string name, Int8Linear linear) : NetworkLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public override string? LinearName => name;

    public override T[] Apply(T[] x, int batch, Draw draw)
    {
        var y = new float[batch * linear.Outputs];
        linear.Apply(Cast<T, float>(x), batch, y);
        return Cast<float, T>(y);
    }

    /// <summary>The numbers in another precision; the same array where it is the same.</summary>
    internal static TTo[] Cast<TFrom, TTo>(TFrom[] values)
        where TFrom : unmanaged, IFloatingPointIeee754<TFrom>
        where TTo : unmanaged, IFloatingPointIeee754<TTo>
    {
        if (values is TTo[] same)
        {
            return same;
        }

        var result = new TTo[values.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = TTo.CreateTruncating(values[i]);
        }

        return result;
    }
}
