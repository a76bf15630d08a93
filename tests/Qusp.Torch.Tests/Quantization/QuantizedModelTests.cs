// SPDX-License-Identifier: Apache-2.0
using Qusp.Inference;
using TorchSharp;
using static TorchSharp.torch;

namespace Qusp.Torch.Tests;

public sealed class QuantizedModelTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly string folder = Directory.CreateTempSubdirectory("qusp-quantized-").FullName;

    public void Dispose()
    {
        scope.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(QuantizationScheme.PerChannelPerRow)]
    [InlineData(QuantizationScheme.PyTorch)]
    [InlineData(QuantizationScheme.PyTorchReduceRange)]
    public void The_quantized_module_and_the_quantized_directory_answer_alike(QuantizationScheme scheme)
    {
        using var model = new AdvancedQuantumSparseNN(new() { Seed = 5 });
        var x = rand(40, 4, generator: new Generator(2)) * 4 - 1;
        var expected = model.call(x);
        Checkpoint.Save(folder, model);
        var features = x.to(ScalarType.Float64).data<double>().ToArray();
        var onDisk = ModelQuantization.Quantize(folder, features, 40, scheme);
        var inMemory = Quantize.Dynamic(model, scheme, x);

        Assert.Same(model, inMemory.Module);
        Assert.Equal(["classical_layer", "classical_output"], inMemory.Layers.Select(layer => layer.Name));
        foreach (var (left, right) in onDisk.Zip(inMemory.Layers))
        {
            Assert.Equal((left.Name, left.Scheme, left.BytesBefore, left.BytesAfter), (right.Name, right.Scheme, right.BytesBefore, right.BytesAfter));
            Assert.Equal(left.MaxAbsError, right.MaxAbsError, 1e-5);
        }

        var metrics = new Trainer(model).Evaluate(x, zeros(40, ScalarType.Int64)); // a quantized model is evaluated as it is
        Assert.Equal(40, metrics.Samples);
        using var alone = TrainedModel.Load(folder, int8: true);
        var answers = tensor(alone.Predict(features, 40)).reshape(40, 2);
        Near.Equal(answers, model.call(x), 1e-5);
        Near.Equal(expected, model.call(x), scheme == QuantizationScheme.PerChannelPerRow ? 0.02 : 0.1);
    }

    [Fact]
    public void A_model_quantized_in_a_scope_outlives_it()
    {
        using var model = new HybridQuantumSparseNN();
        using (NewDisposeScope())
        {
            Quantize.Dynamic(model);
        }

        Assert.Equal([4, 4], model.state_dict()["classical_layer.weight"].shape);
        Assert.Equal(ScalarType.Int8, model.state_dict()["classical_layer.weight"].dtype);
    }
}
