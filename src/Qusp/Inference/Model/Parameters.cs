// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp.Inference;

/// <summary>The parameters of a network, taken from a file one by one; what is missing, of another shape or left over is named.</summary>
internal sealed class Parameters(SafetensorsFile file, string source)
{
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);

    /// <summary>A floating-point parameter in the network's precision.</summary>
    public T[] Take<T>(string name, params ImmutableArray<int> shape)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!file.TryGet(name, out var tensor))
        {
            throw new InvalidDataException($"{source}:{OneLine.Of(name)}: the parameter is missing; save the model again");
        }

        taken.Add(name);
        var isFloat = tensor.Type is TensorType.Float64 or TensorType.Float32 or TensorType.Float16;

        // PyTorch saves a scalar with the empty shape; others write [1].
        if (!isFloat || !(tensor.Shape.SequenceEqual(shape) || (shape.IsEmpty && tensor.Shape is [1])))
        {
            throw new InvalidDataException(
                $"{source}:{OneLine.Of(tensor.ToString())}: {ModelDescription.FileName} asks for floats [{string.Join(", ", shape)}]; save both files again together");
        }

        T[] values = [.. tensor.ToDoubles().Select(T.CreateTruncating)];
        return values.All(T.IsFinite)
            ? values
            : throw new InvalidDataException($"{source}:{OneLine.Of(name)}: it holds a number that is not finite; train again with a smaller learning rate");
    }

    /// <summary>The quantized layer of a name.</summary>
    public Int8Linear TakeLinear(string name, QuantizationScheme scheme)
    {
        var layer = Int8Linear.FromTensors(file, name, scheme, source);
        taken.UnionWith(layer.ToTensors(name).Select(tensor => tensor.Name));
        return layer;
    }

    /// <summary>Refuses a file that holds more than was taken.</summary>
    public void RequireAllTaken()
    {
        if (file.Tensors.FirstOrDefault(tensor => !taken.Contains(tensor.Name)) is { } extra)
        {
            throw new InvalidDataException(
                $"{source}:{OneLine.Of(extra.Name)}: {ModelDescription.FileName} has no layer with this parameter; save both files again together");
        }
    }
}
