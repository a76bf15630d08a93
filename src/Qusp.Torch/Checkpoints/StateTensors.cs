// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using static TorchSharp.torch;

namespace Qusp.Torch;

/// <summary>Tensors of a state_dict to and from files.</summary>
internal static class StateTensors
{
    public static NamedTensor ToFile(string name, Tensor tensor)
    {
        using var values = tensor.detach().cpu().contiguous();
        var type = values.dtype switch
        {
            ScalarType.Float32 => TensorType.Float32,
            ScalarType.Float64 => TensorType.Float64,
            var other => throw new InvalidOperationException($"{name} is {other}; float32 and float64 are saved"),
        };
        return new NamedTensor(name, type, [.. values.shape.Select(size => checked((int)size))], values.bytes.ToArray());
    }

    /// <summary>Why a tensor of a file cannot be that of the module; null if it can.</summary>
    public static string? Fault(NamedTensor source, Tensor target)
    {
        // PyTorch saves a scalar with the empty shape; others write [1].
        var fits = source.Shape.Select(size => (long)size).SequenceEqual(target.shape) || (target.dim() == 0 && source.Shape is [1]);
        if (!fits || source.Type is not (TensorType.Float64 or TensorType.Float32 or TensorType.Float16))
        {
            return $"{source} should be floats [{string.Join(", ", target.shape)}]";
        }

        return Array.TrueForAll(source.ToDoubles(), double.IsFinite) ? null : $"{source.Name} holds a number that is not finite";
    }

    public static void CopyTo(NamedTensor source, Tensor target)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var values = target.dtype == ScalarType.Float32 ? tensor(source.ToSingles()) : tensor(source.ToDoubles());
        target.copy_(values.reshape(target.shape));
    }
}
