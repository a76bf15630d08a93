// SPDX-License-Identifier: Apache-2.0
using Qusp.Inference;
using TorchSharp;
using static TorchSharp.torch;

namespace Qusp.Torch.Tests;

public sealed class HybridModelTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Theory]
    [InlineData("seed_training_basic.json", "basic", 0)]
    [InlineData("seed_training_basic.json", "basic", 1)]
    [InlineData("seed_training_advanced.json", "advanced", 0)]
    [InlineData("seed_training_advanced.json", "advanced", 1)]
    public void A_seed_draws_the_parameters_that_PyTorch_draws_from_it(string file, string kind, int seed)
    {
        var golden = GoldenTraining.Load(file).Single(run => run.Seed == seed && run.Precision == Precision.Single);
        using var model = HybridModels.Create(kind, new() { Seed = (ulong)seed });
        var state = model.state_dict();
        Assert.Equal(golden.InitialParameters.Keys, state.Keys);
        foreach (var (name, expected) in golden.InitialParameters)
        {
            Near.Equal(expected, state[name], 0);
        }
    }

    [Fact]
    public void State_dict_has_the_names_and_the_order_of_the_document()
    {
        using var basic = new HybridQuantumSparseNN();
        Assert.Equal(["classical_layer.weight", "classical_layer.bias", "classical_output.weight", "classical_output.bias"], basic.state_dict().Keys);
        using var advanced = new AdvancedQuantumSparseNN(new() { Features = 7, Wires = 3, Outputs = 5, Layers = 2 });
        Assert.Equal(
            ["alpha", "classical_layer.weight", "classical_layer.bias", "quantum_layer.weights", "classical_output.weight", "classical_output.bias"],
            advanced.state_dict().Keys);
        Assert.Equal([3, 7], advanced.state_dict()["classical_layer.weight"].shape);
        Assert.Equal([2, 3, 3], advanced.state_dict()["quantum_layer.weights"].shape);
        Assert.Equal([], advanced.state_dict()["alpha"].shape);
        Assert.Equal([6, 5], advanced.call(rand(6, 7)).shape);
    }

    [Fact]
    public void The_document_s_models_have_30_and_31_parameters()
    {
        using var basic = new HybridQuantumSparseNN();
        using var advanced = new AdvancedQuantumSparseNN();
        Assert.Equal(30, basic.parameters().Sum(parameter => parameter.numel()));
        Assert.Equal(31, advanced.parameters().Sum(parameter => parameter.numel()));
    }

    [Theory]
    [InlineData("basic")]
    [InlineData("advanced")]
    public void The_forward_pass_is_that_of_the_script(string kind)
    {
        using var model = HybridModels.Create(kind, new() { Precision = Precision.Double, Seed = 4 });
        var state = model.state_dict();
        var input = rand(20, 4, dtype: ScalarType.Float64);
        var x = nn.functional.linear(input, state["classical_layer.weight"], state["classical_layer.bias"]).tanh();
        if (kind == "advanced")
        {
            x *= sigmoid(state["alpha"] * (x.abs() - 0.1));
        }

        var expected = nn.functional.linear(OriginCircuit.ClosedForm(x), state["classical_output.weight"], state["classical_output.bias"]);
        Near.Equal(expected, model.call(input), 1e-13);
    }

    [Fact]
    public void A_description_rebuilds_the_model_and_its_values()
    {
        using var model = new AdvancedQuantumSparseNN(new() { Features = 3, Wires = 5, Outputs = 2, Layers = 1, Threshold = 0.2, Alpha = 4, Seed = 9 });
        using var again = HybridModels.FromDescription(ModelDescription.Parse(model.Describe().ToJson()));
        again.load_state_dict(model.state_dict());
        var x = rand(8, 3);
        Near.Equal(model.call(x), again.call(x), 0);
        Assert.Equal("advanced", again.Kind);
        Assert.Equal(model.Quantum.Circuit, again.Quantum.Circuit);
    }

    [Fact]
    public void The_two_models_differ_at_the_threshold_in_float32()
    {
        using var basic = new HybridQuantumSparseNN();
        using var advanced = new AdvancedQuantumSparseNN();
        var at = full(1, 4, 0.1f);
        basic.Quantum.call(at);
        advanced.Quantum.call(at);
        Assert.Equal((8, 0), (basic.Quantum.Cost.Gates, advanced.Quantum.Cost.Gates));
    }

    [Fact]
    public void A_forward_pass_leaves_only_its_output_behind()
    {
        using var model = new AdvancedQuantumSparseNN();
        var x = rand(3, 4);
        model.call(x).Dispose();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        model.call(x).Dispose();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(9)]
    public void Any_number_of_wires_trains(int wires)
    {
        using var model = new AdvancedQuantumSparseNN(new() { Wires = wires, Layers = 1 });
        model.call(rand(5, 4)).sum().backward();
        Assert.All(model.parameters(), parameter => Assert.NotNull(parameter.grad));
    }

    [Fact]
    public void Sizes_below_one_and_unknown_names_are_refused()
    {
        Assert.Contains("wires is 0", Assert.Throws<ArgumentException>(() => new AdvancedQuantumSparseNN(new() { Wires = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("features is -1", Assert.Throws<ArgumentException>(() => new HybridQuantumSparseNN(new() { Features = -1 })).Message, StringComparison.Ordinal);
        Assert.Contains("'large'", Assert.Throws<ArgumentException>(() => HybridModels.Create("large")).Message, StringComparison.Ordinal);
        Assert.Contains("'abacus'", Assert.Throws<ArgumentException>(() => new HybridQuantumSparseNN(new() { Device = "abacus" })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Moving_to_another_precision_keeps_the_layers_working()
    {
        using var model = new AdvancedQuantumSparseNN(new() { Layers = 1 });
        var x = rand(4, 4);
        var before = model.call(x);
        model.to(ScalarType.Float64);
        Near.Equal(before, model.call(x.to(ScalarType.Float64)), 1e-6);
        Assert.All(model.parameters(), parameter => Assert.Equal(ScalarType.Float64, parameter.dtype));
    }
}
