// SPDX-License-Identifier: Apache-2.0
using Qusp.Inference;
using Xunit;

namespace Qusp.Tests.Inference;

public sealed class TrainedModelTests
{
    public static TheoryData<string> Runs => [.. Models.Runs.Select(run => run.Name)];

    private static TrainingRun Trained => Models.Runs.Single(run => run.Name == "advanced, seed 0, Single, final");

    [Theory]
    [MemberData(nameof(Runs))]
    public void Predictions_are_those_of_PyTorch_and_PennyLane(string name)
    {
        var run = Models.Runs.Single(run => run.Name == name);
        using var directory = new TemporaryDirectory();
        Models.Save(directory.Path, run.Model, run.Parameters);
        using var model = TrainedModel.Load(directory.Path);
        AssertClose(run.Predictions, model.Predict(run.X, 10), run.Model.Precision == Precision.Double ? 1e-12 : 1e-6);
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData("reference")]
    public void Circuits_run_where_one_asks(string device)
    {
        using var model = TrainedModel.From(Trained.Model, Trained.Parameters, device: Devices.Find(device));
        AssertClose(Trained.Predictions, model.Predict(Trained.X, 10), 1e-6);
    }

    [Theory]
    [InlineData(GuardComparison.Item, Precision.Single, Precision.Double, 0.1, true)]
    [InlineData(GuardComparison.Tensor, Precision.Single, Precision.Double, 0.1, false)]
    [InlineData(GuardComparison.Item, Precision.Single, Precision.Single, 0.1, true)]
    [InlineData(GuardComparison.Tensor, Precision.Single, Precision.Single, 0.1, false)]
    [InlineData(GuardComparison.Item, Precision.Double, Precision.Double, 0.1, false)]
    [InlineData(GuardComparison.Tensor, Precision.Double, Precision.Double, 0.1, false)]
    [InlineData(GuardComparison.Item, Precision.Single, Precision.Single, 0.1000001, true)]
    [InlineData(GuardComparison.Tensor, Precision.Single, Precision.Double, 0.1000001, true)]
    [InlineData(GuardComparison.Item, Precision.Single, Precision.Single, 0.0999999, false)]
    [InlineData(GuardComparison.Item, Precision.Single, Precision.Double, 0.0999999, false)]
    public void At_the_threshold_the_comparison_decides(GuardComparison comparison, Precision network, Precision circuit, double x, bool fires)
    {
        var description = new ModelDescription
        {
            Model = "custom",
            Precision = network,
            Layers = [new QuantumDescription("quantum_layer", GoldenSeed.Circuit(), comparison, circuit)],
        };
        using var model = TrainedModel.From(description, new SafetensorsFile([]));
        Assert.Equal(fires, model.Predict([x, 0, 0, 0], 1)[0] != 1);
    }

    [Fact]
    public void Weights_of_circuits_are_parameters_of_their_layer()
    {
        var builder = new CircuitBuilder(2);
        var x = builder.Inputs(2);
        var w = builder.Weights("weights", 2, 1);
        var v = builder.Weights("more", 1);
        var circuit = builder.RY(x[0], 0).RY(w[0, 0], 0).RX(2 * x[1], 1).RX(w[1, 0], 1).CNOT(0, 1).RY(v[0], 1).ExpectZ().Build();
        var description = new ModelDescription { Model = "custom", Precision = Precision.Double, Layers = [new QuantumDescription("q", circuit)] };
        var parameters = new SafetensorsFile([NamedTensor.Of<double>("q.more", [0.7], 1), NamedTensor.Of<double>("q.weights", [0.3, -0.4], 2, 1)]);
        using var model = TrainedModel.From(description, parameters);
        using var program = new ReferenceDevice().Compile<double>(circuit);
        AssertClose(program.Evaluate([0.1, 0.2, 0.5, -1], [0.3, -0.4, 0.7]), model.Predict([0.1, 0.2, 0.5, -1], 2), 1e-14);
    }

    [Fact]
    public void Features_are_standardized_in_double()
    {
        var standardization = new Standardization([1e9, 5], [3, 0.5]);
        var description = new ModelDescription { Model = "custom", Standardization = standardization, Layers = [new LinearDescription("l", 2, 1)] };
        var parameters = new SafetensorsFile([NamedTensor.Of<float>("l.weight", [1, 10], 1, 2), NamedTensor.Of<float>("l.bias", [0.25f], 1)]);
        using var model = TrainedModel.From(description, parameters);
        Assert.Equal([1 + 20 + 0.25, -1 - 10 + 0.25], model.Predict([1e9 + 3, 6, 1e9 - 3, 4.5], 2));
    }

    [Fact]
    public void Wide_layers_are_exact_too()
    {
        var random = new Random(1);
        double[] weight = [.. Enumerable.Range(0, 37 * 3).Select(_ => random.NextDouble() - 0.5)];
        double[] x = [.. Enumerable.Range(0, 37 * 2).Select(_ => random.NextDouble() - 0.5)];
        var description = new ModelDescription { Model = "custom", Precision = Precision.Double, Layers = [new LinearDescription("l", 37, 3)] };
        using var model = TrainedModel.From(description, new SafetensorsFile([NamedTensor.Of<double>("l.weight", weight, 3, 37), NamedTensor.Of<double>("l.bias", [1, 2, 3], 3)]));
        double[] expected = [.. Enumerable.Range(0, 6).Select(i => (i % 3) + 1 + Enumerable.Range(0, 37).Sum(k => x[(i / 3 * 37) + k] * weight[(i % 3 * 37) + k]))];
        AssertClose(expected, model.Predict(x, 2), 1e-13);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void A_feature_that_is_no_number_is_named_and_not_answered(double bad)
    {
        using var model = TrainedModel.From(Trained.Model, Trained.Parameters);
        var error = Assert.Throws<ArgumentException>(() => model.Predict([1, 2, 3, 4, 1, 2, bad, 4], 2));
        Assert.Contains($"feature 2 of sample 1 is {bad}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_of_none_gives_nothing_and_a_wrong_number_of_features_is_named()
    {
        using var model = TrainedModel.From(Trained.Model, Trained.Parameters);
        Assert.Empty(model.Predict([], 0));
        Assert.Contains("2 samples of 4 features are 8 numbers, not 7", Assert.Throws<ArgumentException>(() => model.Predict(new double[7], 2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_model_is_named()
    {
        using var directory = new TemporaryDirectory();
        Assert.Contains("model.json", Assert.Throws<FileNotFoundException>(() => TrainedModel.Load(directory.Path)).Message, StringComparison.Ordinal);
        Models.Advanced.Save(directory.File("model.json"));
        Assert.Contains("model.safetensors", Assert.Throws<FileNotFoundException>(() => TrainedModel.Load(directory.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("the model is not quantized; run `qusp quantize", Assert.Throws<InvalidDataException>(() => TrainedModel.Load(directory.Path, int8: true)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing", "classical_layer.weight: the parameter is missing")]
    [InlineData("extra", "other: model.json has no layer with this parameter")]
    [InlineData("shape", "classical_layer.weight F32[16]: model.json asks for floats [4, 4]")]
    [InlineData("type", "classical_layer.weight I8[4, 4]: model.json asks for floats [4, 4]")]
    [InlineData("nan", "classical_layer.weight: it holds a number that is not finite")]
    public void Parameters_that_do_not_fit_are_named(string fault, string message)
    {
        const string Name = "classical_layer.weight";
        var others = Trained.Parameters.Tensors.Where(tensor => tensor.Name != Name);
        NamedTensor[] instead = fault switch
        {
            "missing" => [],
            "extra" => [Trained.Parameters[Name], NamedTensor.Of<float>("other", [1], 1)],
            "shape" => [NamedTensor.Of<float>(Name, new float[16], 16)],
            "type" => [NamedTensor.Of<sbyte>(Name, new sbyte[16], 4, 4)],
            _ => [NamedTensor.Of<float>(Name, [.. Enumerable.Repeat(float.NaN, 16)], 4, 4)],
        };
        using var directory = new TemporaryDirectory();
        Models.Save(directory.Path, Trained.Model, new SafetensorsFile(others.Concat(instead)));
        var error = Assert.Throws<InvalidDataException>(() => TrainedModel.Load(directory.Path));
        Assert.StartsWith($"{directory.File("model.safetensors")}:{message}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scalar_may_have_the_shape_of_one()
    {
        var parameters = new SafetensorsFile(Trained.Parameters.Tensors.Select(tensor =>
            tensor.Name == "alpha" ? NamedTensor.Of<float>("alpha", tensor.As<float>(), 1) : tensor));
        using var model = TrainedModel.From(Trained.Model, parameters);
        AssertClose(Trained.Predictions, model.Predict(Trained.X, 10), 1e-6);
    }

    [Theory]
    [InlineData(QuantizationScheme.PerChannelPerRow, 0.003)]
    [InlineData(QuantizationScheme.PyTorch, 0.03)]
    public void A_quantized_model_predicts_nearly_the_same(QuantizationScheme scheme, double tolerance)
    {
        using var directory = new TemporaryDirectory();
        Models.Save(directory.Path, Trained.Model, Trained.Parameters);
        var report = ModelQuantization.Quantize(directory.Path, Trained.X, 10, scheme);
        Assert.Equal(["classical_layer", "classical_output"], report.Select(layer => layer.Name));
        Assert.All(report, layer => Assert.InRange(layer.MaxAbsError, 1e-9, tolerance));
        Assert.Equal([80L, 40], report.Select(layer => layer.BytesBefore));

        using var quantized = TrainedModel.Load(directory.Path, int8: true);
        Assert.Equal(scheme, quantized.Description.Quantization!.Scheme);
        AssertClose(Trained.Predictions, quantized.Predict(Trained.X, 10), tolerance);
        Assert.NotEqual(Trained.Predictions, quantized.Predict(Trained.X, 10));

        // The floats are still there, and a model is quantized again from them.
        ModelQuantization.Quantize(directory.Path);
        using var floats = TrainedModel.Load(directory.Path);
        AssertClose(Trained.Predictions, floats.Predict(Trained.X, 10), 1e-6);
    }

    [Fact]
    public void A_model_without_linear_layers_is_not_quantized()
    {
        using var directory = new TemporaryDirectory();
        Models.Save(directory.Path, new ModelDescription { Model = "custom", Layers = [new QuantumDescription("q", GoldenSeed.Circuit())] }, new SafetensorsFile([]));
        Assert.Contains("no linear layer to quantize", Assert.Throws<InvalidDataException>(() => ModelQuantization.Quantize(directory.Path)).Message, StringComparison.Ordinal);
    }

    private static void AssertClose(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.InRange(expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max(), 0, tolerance);
    }
}
