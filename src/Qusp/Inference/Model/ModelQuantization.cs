// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Inference;

/// <summary>Quantizes a model's linear layers, without libtorch.</summary>
public static class ModelQuantization
{
    /// <summary>
    /// Writes the quantized parameters of a model beside the others and notes them in its <c>model.json</c>; the others stay. What was
    /// there is replaced. Layers are those of <see cref="ModelDescription.Quantizable"/>.
    /// </summary>
    /// <param name="directory">The model directory.</param>
    /// <param name="features">Samples to measure the layers' errors with, <c>[B, F]</c>; without any the errors are 0.</param>
    /// <param name="batch">The number B of samples.</param>
    /// <param name="scheme">How to quantize.</param>
    /// <returns>What changed in each linear layer, given the inputs that the float network gives it.</returns>
    /// <exception cref="InvalidDataException">A file is broken, or the model has no linear layer.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static IReadOnlyList<LayerQuantization> Quantize(
        string directory,
        ReadOnlySpan<double> features = default,
        int batch = 0,
        QuantizationScheme scheme = QuantizationScheme.PerChannelPerRow)
    {
        using var model = TrainedModel.Load(directory);
        var path = Path.Combine(directory, ModelDescription.FileName);
        var parameters = SafetensorsFile.Load(Path.Combine(directory, ModelDescription.ParametersFileName));
        var linears = model.Description.Quantizable.ToDictionary(
            linear => linear.Name,
            linear => new Int8Linear(Floats(linear, "weight"), linear.Outputs, linear.Inputs, Floats(linear, "bias"), scheme));
        if (linears.Count == 0)
        {
            throw new InvalidDataException($"{path}:$.layers: there is no linear layer to quantize behind its gates; use the model as it is");
        }

        var inputs = linears.ToDictionary(entry => entry.Key, _ => Array.Empty<float>());
        model.Run(features, batch, default, (name, x) => inputs[name] = x);
        LayerQuantization[] report = [.. model.Description.Quantizable.Select(linear =>
            linears[linear.Name].Compare(linear.Name, Floats(linear, "weight"), inputs[linear.Name], batch))];

        string[] replaced = [.. linears.Keys.SelectMany(name => new[] { $"{name}.weight", $"{name}.bias" })];
        new SafetensorsFile(
            linears.SelectMany(entry => entry.Value.ToTensors(entry.Key)).Concat(parameters.Tensors.Where(tensor => !replaced.Contains(tensor.Name))),
            parameters.Metadata).Save(Path.Combine(directory, ModelDescription.QuantizedFileName));
        (model.Description with { Quantization = new QuantizationDescription(scheme, ModelDescription.QuantizedFileName) }).Save(path);
        return report;

        float[] Floats(LinearDescription linear, string part) => parameters[$"{linear.Name}.{part}"].ToSingles();
    }
}
