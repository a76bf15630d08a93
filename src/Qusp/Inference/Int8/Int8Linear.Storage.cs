// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Inference;

// From float weights, to and from tensors.
public sealed partial class Int8Linear
{
    /// <summary>The size of what is stored: codes, scales, sums and bias.</summary>
    public long Bytes => weights.Length + (4L * (scales.Length + (Scheme == QuantizationScheme.PerChannelPerRow ? Outputs : 0) + (hasBias ? Outputs : 0)));

    /// <summary>The layer as it is stored in a <see cref="SafetensorsFile"/>.</summary>
    /// <param name="name">The layer's name, such as <c>classical_layer</c>.</param>
    /// <returns>
    /// <c>name.weight</c> I8 <c>[outputs, inputs]</c>; <c>name.weight_scale</c> F32 <c>[1]</c> or <c>[outputs]</c>; in our scheme
    /// <c>name.weight_sum</c> F32 <c>[outputs]</c>, the rows' sums before quantization; <c>name.bias</c> F32 <c>[outputs]</c> if there is
    /// one. Every zero point of the weights is 0 and not stored.
    /// </returns>
    public IReadOnlyList<NamedTensor> ToTensors(string name)
    {
        List<NamedTensor> tensors =
        [
            NamedTensor.Of<sbyte>($"{name}.weight", weights, Outputs, Inputs),
            NamedTensor.Of<float>($"{name}.weight_scale", scales, scales.Length),
        ];
        if (Scheme == QuantizationScheme.PerChannelPerRow)
        {
            tensors.Add(NamedTensor.Of<float>($"{name}.weight_sum", weightSum.AsSpan(0, Outputs), Outputs));
        }

        if (hasBias)
        {
            tensors.Add(NamedTensor.Of<float>($"{name}.bias", Bias, Outputs));
        }

        return tensors;
    }

    /// <summary>The layer that <see cref="ToTensors"/> stored.</summary>
    /// <param name="file">The file that holds it.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="scheme">How it was quantized.</param>
    /// <param name="source">What messages call the file.</param>
    /// <exception cref="InvalidDataException">A tensor is missing or has another type or shape, in one line.</exception>
    public static Int8Linear FromTensors(SafetensorsFile file, string name, QuantizationScheme scheme, string source)
    {
        ArgumentNullException.ThrowIfNull(file);
        var weight = Get("weight", TensorType.Int8, null);
        if (weight.Shape is not [> 0, > 0 and <= Int8Kernel.MostInputs])
        {
            throw Fault(weight, $"[outputs, inputs], sizes from 1, at most {Int8Kernel.MostInputs} inputs");
        }

        var (outputs, inputs) = (weight.Shape[0], weight.Shape[1]);
        var ours = scheme == QuantizationScheme.PerChannelPerRow;
        var scales = Floats("weight_scale", ours ? outputs : 1);
        var sums = ours ? Floats("weight_sum", outputs) : [];
        var bias = file.TryGet($"{name}.bias", out _) ? Floats("bias", outputs) : [];
        return new Int8Linear(new Stored(scheme, outputs, inputs, weight.As<sbyte>().ToArray(), scales, sums, bias));

        float[] Floats(string part, int size)
        {
            var tensor = Get(part, TensorType.Float32, size);
            var values = tensor.As<float>().ToArray();
            return values.All(float.IsFinite) ? values : throw Fault(tensor, "finite numbers");
        }

        NamedTensor Get(string part, TensorType type, int? size)
        {
            if (!file.TryGet($"{name}.{part}", out var tensor))
            {
                throw new InvalidDataException($"{source}:{OneLine.Of($"{name}.{part}")}: the tensor is missing; quantize the model again with `qusp quantize`");
            }

            return tensor.Type == type && (size is null || tensor.Shape.AsSpan().SequenceEqual([size.Value]))
                ? tensor
                : throw Fault(tensor, $"{type.Name()}[{(size is null ? "outputs, inputs" : size)}]");
        }

        InvalidDataException Fault(NamedTensor tensor, string expected) =>
            new($"{source}:{OneLine.Of(tensor.ToString())}: scheme {scheme.Name()} wants {expected}; quantize the model again with `qusp quantize`");
    }

    /// <summary>What quantization changed.</summary>
    /// <param name="name">The layer's name.</param>
    /// <param name="before">The weights before, <c>[outputs, inputs]</c>.</param>
    /// <param name="x">Inputs to compare with, <c>[B, inputs]</c>, in one call.</param>
    /// <param name="batch">The number B of rows.</param>
    /// <exception cref="ArgumentException">A span's length is not what the layer and the batch ask for.</exception>
    public LayerQuantization Compare(string name, ReadOnlySpan<float> before, ReadOnlySpan<float> x, int batch)
    {
        if (before.Length != weights.Length)
        {
            throw new ArgumentException($"{name} has {Outputs} × {Inputs} weights, not {before.Length}.", nameof(before));
        }

        var after = new float[batch * Outputs];
        Apply(x, batch, after);
        var largest = 0.0;
        for (var b = 0; b < batch; b++)
        {
            for (var o = 0; o < Outputs; o++)
            {
                double exact = bias[o];
                for (var k = 0; k < Inputs; k++)
                {
                    exact += (double)before[(o * Inputs) + k] * x[(b * Inputs) + k];
                }

                largest = Math.Max(largest, Math.Abs(exact - after[(b * Outputs) + o]));
            }
        }

        return new LayerQuantization(name, Scheme, 4L * (weights.Length + (hasBias ? Outputs : 0)), Bytes, largest);
    }

    private static Stored Quantize(ReadOnlySpan<float> weights, int outputs, int inputs, ReadOnlySpan<float> bias, QuantizationScheme scheme)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(inputs, Int8Kernel.MostInputs);
        if (!Enum.IsDefined(scheme))
        {
            throw new ArgumentOutOfRangeException(nameof(scheme), scheme, "This is no quantization scheme.");
        }

        if (weights.Length != (long)outputs * inputs || (bias.Length != outputs && !bias.IsEmpty))
        {
            throw new ArgumentException(
                $"A layer {inputs} → {outputs} has {outputs} × {inputs} weights and {outputs} or no biases, not {weights.Length} and {bias.Length}.", nameof(weights));
        }

        RequireFinite(weights, nameof(weights));
        RequireFinite(bias, nameof(bias));
        var codes = new sbyte[weights.Length];
        if (scheme != QuantizationScheme.PerChannelPerRow)
        {
            var scale = WeightQuantization.PerTensor(weights, codes);
            return new Stored(scheme, outputs, inputs, codes, [scale], [], bias.ToArray());
        }

        var (scales, sums) = (new float[outputs], new float[outputs]);
        for (var o = 0; o < outputs; o++)
        {
            var row = weights.Slice(o * inputs, inputs);
            scales[o] = WeightQuantization.Channel(row, codes.AsSpan(o * inputs, inputs));
            var sum = 0.0;
            foreach (var weight in row)
            {
                sum += weight;
            }

            sums[o] = (float)sum;
        }

        return new Stored(scheme, outputs, inputs, codes, scales, sums, bias.ToArray());
    }

    private static void RequireFinite(ReadOnlySpan<float> values, string name)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                throw new ArgumentException($"{name}[{i}] is {values[i]}: only finite numbers can be quantized; look at the training.", name);
            }
        }
    }

    private sealed record Stored(QuantizationScheme Scheme, int Outputs, int Inputs, sbyte[] Weights, float[] Scales, float[] Sums, float[] Bias);
}
