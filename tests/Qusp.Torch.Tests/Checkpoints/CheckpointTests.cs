// SPDX-License-Identifier: Apache-2.0
using Qusp.Inference;
using TorchSharp;
using static TorchSharp.torch;

namespace Qusp.Torch.Tests;

public sealed class CheckpointTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly string folder = Directory.CreateTempSubdirectory("qusp-checkpoint-").FullName;

    private string StateFile => Path.Combine(folder, ModelDescription.ParametersFileName);

    public void Dispose()
    {
        scope.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("basic", Precision.Single)]
    [InlineData("advanced", Precision.Single)]
    [InlineData("advanced", Precision.Double)]
    public void A_saved_model_comes_back_and_also_predicts_without_libtorch(string kind, Precision precision)
    {
        using var model = HybridModels.Create(kind, new() { Features = 3, Wires = 5, Layers = 1, Precision = precision, Seed = 1 });
        var x = rand(7, 3, dtype: model.Dtype);
        var report = new Trainer(model, new() { Epochs = 3 }).Fit(x, rand(7, 2, dtype: model.Dtype), cancellation: TestContext.Current.CancellationToken);
        var standardization = new Inference.Standardization([0, 0, 0], [1, 1, 1]);
        var files = Checkpoint.Save(folder, model, model.Describe() with { Standardization = standardization, Loss = "mse" }, report);
        Assert.Equal(["model", "description", "history"], files.Select(file => file.Name));
        Assert.All(files, file => Assert.True(File.Exists(file.Path)));

        using var again = Checkpoint.Load(folder, new() { Device = "reference" });
        var expected = model.call(x);
        Near.Equal(expected, again.call(x), precision == Precision.Single ? 1e-6 : 1e-13);
        Assert.Equal(standardization.Mean, again.Describe().Standardization!.Mean);
        using var alone = TrainedModel.Load(folder);
        var predicted = alone.Predict(x.to(ScalarType.Float64).data<double>().ToArray(), 7);
        Near.Equal(expected, tensor(predicted).reshape(7, 2), precision == Precision.Single ? 1e-6 : 1e-13);
        Assert.Equal(4, File.ReadAllLines(Path.Combine(folder, Checkpoint.HistoryFileName)).Length);
    }

    [Fact]
    public void The_state_has_PyTorch_s_names_order_shapes_and_bits()
    {
        using var model = new AdvancedQuantumSparseNN();
        Checkpoint.SaveState(model, StateFile);
        var file = SafetensorsFile.Load(StateFile);
        Assert.Equal(["alpha", "classical_layer.weight", "classical_layer.bias", "classical_output.weight", "classical_output.bias"], file.Tensors.Select(tensor => tensor.Name));
        Assert.Equal("alpha F32[]", file["alpha"].ToString());
        Assert.Equal(model.get_parameter("classical_layer.weight")!.data<float>().ToArray(), file["classical_layer.weight"].As<float>().ToArray());
        Assert.Equal("pt", file.Metadata["format"]);
    }

    [Fact]
    public void A_file_as_Python_writes_it_is_loaded_whatever_its_precision()
    {
        var golden = GoldenTraining.Load("seed_training_advanced.json")[0].InitialParameters;
        new SafetensorsFile(golden.Reverse().Select(entry =>
            NamedTensor.Of<double>(entry.Key, entry.Value.to(ScalarType.Float64).data<double>().ToArray(), [.. (entry.Key == "alpha" ? [1L] : entry.Value.shape).Select(size => (int)size)])))
            .Save(StateFile);
        using var model = new AdvancedQuantumSparseNN(new() { Seed = 3 });
        Checkpoint.LoadState(model, StateFile);
        foreach (var (name, value) in model.state_dict())
        {
            Near.Equal(golden[name], value, 0);
        }
    }

    [Fact]
    public void Every_name_and_shape_that_does_not_fit_is_named_and_nothing_is_changed()
    {
        using var model = new AdvancedQuantumSparseNN();
        new SafetensorsFile(
        [
            NamedTensor.Of<float>("alpha", [float.NaN]),
            NamedTensor.Of<float>("classical_layer.weight", new float[12], 4, 3),
            NamedTensor.Of<float>("classical_output.bias", new float[2], 2),
            NamedTensor.Of<float>("classical_output.wieght", new float[8], 2, 4),
            NamedTensor.Of<long>("classical_layer.bias", new long[4], 4),
        ]).Save(StateFile);
        var before = model.state_dict()["classical_output.bias"].clone();
        var message = Assert.Throws<InvalidDataException>(() => Checkpoint.LoadState(model, StateFile)).Message;
        foreach (var part in new[]
        {
            StateFile,
            "classical_output.weight is missing",
            "classical_output.wieght F32[2, 4] is not in the model",
            "classical_layer.weight F32[4, 3] should be floats [4, 4]",
            "classical_layer.bias I64[4] should be floats [4]",
            "alpha holds a number that is not finite",
        })
        {
            Assert.Contains(part, message, StringComparison.Ordinal);
        }

        Assert.DoesNotContain('\n', message);
        Near.Equal(before, model.state_dict()["classical_output.bias"], 0);
    }

    [Fact]
    public void A_quantized_model_is_not_saved_as_if_it_were_not()
    {
        using var model = new HybridQuantumSparseNN();
        Quantize.Dynamic(model);
        Assert.Contains("before Quantize.Dynamic", Assert.Throws<InvalidOperationException>(() => Checkpoint.Save(folder, model)).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact]
    public void Saving_again_leaves_no_quantized_parameters_of_the_model_before()
    {
        using var model = new HybridQuantumSparseNN();
        Checkpoint.Save(folder, model);
        ModelQuantization.Quantize(folder);
        Assert.True(File.Exists(Path.Combine(folder, ModelDescription.QuantizedFileName)));
        using var other = Checkpoint.Load(folder);
        Checkpoint.Save(folder, other);
        Assert.Equal([ModelDescription.FileName, ModelDescription.ParametersFileName], Directory.GetFiles(folder).Select(Path.GetFileName).Order());
        using var _ = TrainedModel.Load(folder);
    }

    [Fact]
    public void A_directory_whose_files_do_not_fit_together_is_refused()
    {
        using var model = new HybridQuantumSparseNN();
        Checkpoint.Save(folder, model);
        using var other = new HybridQuantumSparseNN(new() { Wires = 5 });
        Checkpoint.SaveState(other, StateFile);
        Assert.Contains("classical_layer.weight", Assert.Throws<InvalidDataException>(() => Checkpoint.Load(folder)).Message, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder, ModelDescription.FileName), "{}");
        Assert.Contains(ModelDescription.FileName, Assert.Throws<InvalidDataException>(() => Checkpoint.Load(folder)).Message, StringComparison.Ordinal);
    }
}
