// SPDX-License-Identifier: Apache-2.0
using Qusp.Inference;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Qusp.Torch;

/// <summary>
/// A linear layer that holds 8-bit weights and quantizes its inputs at each call, <c>[*, in] → [*, out]</c>. Its state is
/// <c>weight</c> (int8), <c>weight_scale</c>, <c>weight_sum</c> (of our scheme) and <c>bias</c>. For inference: as in PyTorch, its output carries no gradient.
/// Computed on the CPU; tensors elsewhere are copied there and back.
/// </summary>
public sealed class QuantizedLinear : nn.Module<Tensor, Tensor>
{
    private IReadOnlyList<NamedTensor> state;

    /// <summary>The quantized copy of a layer.</summary>
    /// <param name="linear">The layer, of any float type; it is not changed.</param>
    /// <param name="scheme">How to quantize.</param>
    /// <exception cref="ArgumentException">A weight is not finite.</exception>
    public QuantizedLinear(Linear linear, QuantizationScheme scheme = QuantizationScheme.PerChannelPerRow)
        : base(nameof(QuantizedLinear))
    {
        ArgumentNullException.ThrowIfNull(linear);
        using var scope = NewDisposeScope();
        var shape = linear.weight!.shape; // [out, in]
        Kernel = new Int8Linear(Values(linear.weight), (int)shape[0], (int)shape[1], linear.bias is { } bias ? Values(bias) : [], scheme);
        state = Kernel.ToTensors("");
        foreach (var part in state)
        {
            var buffer = part.Type == TensorType.Int8
                ? tensor(part.As<sbyte>().ToArray(), shape, dtype: ScalarType.Int8)
                : tensor(part.As<float>().ToArray());
            register_buffer(part.Name[1..], buffer.DetachFromDisposeScope());
        }
    }

    /// <summary>The arithmetic, which also serves without libtorch.</summary>
    public Int8Linear Kernel { get; private set; }

    /// <summary>Applies the layer.</summary>
    /// <param name="input"><c>[*, in]</c>, float32 or float64.</param>
    /// <returns><c>[*, out]</c>, of the input's type, without gradient.</returns>
    /// <exception cref="ArgumentException">The last dimension is not the layer's, or the type is another.</exception>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var shape = input.shape;
        if (shape.Length == 0 || shape[^1] != Kernel.Inputs || input.dtype is not (ScalarType.Float32 or ScalarType.Float64))
        {
            throw new ArgumentException(
                $"a quantized linear layer takes float32 or float64 [*, {Kernel.Inputs}], not {input.dtype} [{string.Join(", ", shape)}]", nameof(input));
        }

        using var scope = NewDisposeScope();
        ReadState();
        var (inputs, outputs) = ((float[])[], (float[])[]); // for doubles
        var rows = input.detach().cpu().contiguous();
        var batch = (int)(rows.numel() / Kernel.Inputs);
        var result = empty([.. shape[..^1], Kernel.Outputs], dtype: input.dtype);
        var x = TensorMemory.Read(rows, batch * Kernel.Inputs, ref inputs);
        var y = TensorMemory.Begin(result, batch * Kernel.Outputs, ref outputs);
        Kernel.Apply(x, batch, y);
        TensorMemory.Finish<float>(result, y);
        return result.to(input.device).MoveToOuterDisposeScope();
    }

    // load_state_dict writes into the buffers; what they are no longer of is made anew.
    private void ReadState()
    {
        if (state.All(part => part.Bytes.Span.SequenceEqual(Buffer(part).bytes)))
        {
            return;
        }

        NamedTensor[] loaded = [.. state.Select(part => new NamedTensor(part.Name, part.Type, part.Shape, Buffer(part).bytes.ToArray()))];
        Kernel = Int8Linear.FromTensors(new SafetensorsFile(loaded), "", Kernel.Scheme, nameof(QuantizedLinear));
        state = loaded;
    }

    // As it is stored, wherever the module was moved to.
    private Tensor Buffer(NamedTensor part) =>
        get_buffer(part.Name[1..])!.cpu().to(part.Type == TensorType.Int8 ? ScalarType.Int8 : ScalarType.Float32).contiguous();

    internal static float[] Values(Tensor values)
    {
        using var flat = values.detach().cpu().to(ScalarType.Float32).contiguous();
        return [.. flat.data<float>()];
    }
}
