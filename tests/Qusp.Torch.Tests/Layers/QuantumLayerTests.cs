// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Qusp.Inference;
using TorchSharp;
using static TorchSharp.torch;

namespace Qusp.Torch.Tests;

public sealed class QuantumLayerTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Generator generator = new(7);

    public void Dispose()
    {
        scope.Dispose();
        generator.Dispose();
    }

    [Theory]
    [InlineData("cpu", Differentiation.Adjoint)]
    [InlineData("cpu", Differentiation.ParameterShift)]
    [InlineData("reference", Differentiation.Adjoint)]
    public void Values_and_gradients_are_those_of_the_closed_form(string device, Differentiation differentiation)
    {
        for (var n = 2; n <= 6; n++)
        {
            using var layer = new QuantumLayer(OriginCircuit.Build(n), new() { Device = device, Differentiation = differentiation });
            var x = (rand(33, n, dtype: ScalarType.Float64, generator: generator) * 3 - 1).requires_grad_();
            var upstream = rand(33, n, dtype: ScalarType.Float64, generator: generator);
            var y = layer.call(x);
            var expected = OriginCircuit.ClosedForm(x);
            Near.Equal(expected, y, 1e-12);
            Near.Equal(autograd.grad([expected], [x], [upstream])[0], autograd.grad([y], [x], [upstream])[0], 1e-12);
        }
    }

    [Fact]
    public void Gradients_of_inputs_and_weights_are_finite_differences()
    {
        using var layer = new QuantumLayer(TrainableCircuit.Build(3, 2)).to(ScalarType.Float64);
        var w = layer.get_parameter("weights")!;
        var x = rand(5, 3, dtype: ScalarType.Float64, generator: generator).requires_grad_();
        Tensor Loss() => (layer.call(x) * arange(1, 4)).sin().sum();
        Loss().backward();
        using var off = no_grad();
        foreach (var variable in new[] { x, w })
        {
            var flat = variable.view(-1);
            for (var k = 0; k < flat.shape[0]; k++)
            {
                var at = flat[k].item<double>();
                const double h = 1e-5;
                flat[k] = at + h;
                var above = Loss().item<double>();
                flat[k] = at - h;
                var below = Loss().item<double>();
                flat[k] = at;
                Assert.Equal((above - below) / (2 * h), variable.grad!.view(-1)[k].item<double>(), 1e-8);
            }
        }
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData("reference")]
    public void The_golden_float32_cases_come_out_in_both_comparisons(string device)
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "golden", "seed_forward.json")));
        foreach (var (comparison, key) in new[] { (GuardComparison.Item, "basic_backprop"), (GuardComparison.Tensor, "advanced_parameter_shift") })
        {
            using var layer = new QuantumLayer(OriginCircuit.Build(4), new() { Device = device, Guards = comparison });
            using var single = new QuantumLayer(OriginCircuit.Build(4), new() { Device = device, Guards = comparison, CircuitPrecision = Precision.Single });
            foreach (var golden in file.RootElement.GetProperty("float32_cases").EnumerateArray())
            {
                var inputs = golden.GetProperty("inputs_float32").EnumerateArray().Select(value => (float)value.GetDouble()).ToArray();
                var x = tensor(inputs).requires_grad_(); // [4]
                var expected = golden.GetProperty(key);
                var output = expected.GetProperty("output").EnumerateArray().Select(value => value.GetDouble()).ToArray();
                var y = layer.call(x); // [4]
                Near.Equal(tensor(output), y, 1e-6);
                Near.Equal(tensor(output), single.call(x), 1e-6);
                var row = 0;
                foreach (var jacobian in expected.GetProperty("jacobian").EnumerateArray())
                {
                    var slopes = jacobian.EnumerateArray().Select(value => value.GetDouble()).ToArray();
                    var gradient = autograd.grad([y[row]], [x], retain_graph: true)[0];
                    Near.Equal(tensor(slopes), gradient, 1e-6);
                    row++;
                }
            }
        }
    }

    [Fact]
    public void A_float32_input_at_the_threshold_fires_by_item_and_not_by_tensor()
    {
        var at = full(1, 4, 0.1f);
        foreach (var precision in Enum.GetValues<Precision>())
        {
            using var item = new QuantumLayer(OriginCircuit.Build(4), new() { Guards = GuardComparison.Item, CircuitPrecision = precision });
            using var byTensor = new QuantumLayer(OriginCircuit.Build(4), new() { Guards = GuardComparison.Tensor, CircuitPrecision = precision });
            item.call(at);
            byTensor.call(at);
            Assert.Equal(8, item.Cost.Gates);
            Assert.Equal(0, byTensor.Cost.Gates);
            item.call(at.to(ScalarType.Float64) * 0 + 0.1);
            Assert.Equal(8, item.Cost.Gates);
        }
    }

    [Fact]
    public void Where_no_gate_fires_outputs_are_one_and_gradients_zero()
    {
        using var layer = new QuantumLayer(OriginCircuit.Build(4));
        var x = full(3, 4, -0.5f).requires_grad_();
        var y = layer.call(x);
        y.sum().backward();
        Assert.True(y.requires_grad);
        Assert.Equal(12, y.sum().item<float>());
        Assert.Equal(0, x.grad!.abs().sum().item<float>());
    }

    [Fact]
    public void Leading_dimensions_are_kept_and_strides_do_not_matter()
    {
        using var layer = new QuantumLayer(OriginCircuit.Build(4));
        var x = rand(4, 3, 2, generator: generator).permute(2, 1, 0).requires_grad_(); // [2, 3, 4], not contiguous
        var y = layer.call(x);
        Assert.Equal([2, 3, 4], y.shape);
        Near.Equal(layer.call(x[1, 2]), y[1, 2], 0);
        Assert.Equal([4], layer.call(x[1, 2]).shape);
        Assert.Equal([0, 4], layer.call(zeros(0, 4)).shape);
        y.sum().backward();
        Near.Equal(autograd.grad([OriginCircuit.ClosedForm(x.reshape(6, 4)).sum()], [x])[0], x.grad!, 1e-6);
    }

    [Fact]
    public void Dtype_of_the_input_is_dtype_of_the_output_and_others_are_refused()
    {
        using var layer = new QuantumLayer(TrainableCircuit.Build(2, 1));
        Assert.Equal(ScalarType.Float32, layer.call(zeros(2, 2)).dtype);
        Assert.Equal(ScalarType.Float64, layer.call(zeros(2, 2, dtype: ScalarType.Float64)).dtype);
        Assert.Contains("Float16", Assert.Throws<ArgumentException>(() => layer.call(zeros(2, 2, dtype: ScalarType.Float16))).Message, StringComparison.Ordinal);
        Assert.Contains("[*, 2], not [2, 3]", Assert.Throws<ArgumentException>(() => layer.call(zeros(2, 3))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    public void Weights_moved_to_half_precision_are_refused_and_work_again_when_moved_back(ScalarType half)
    {
        using var layer = new QuantumLayer(TrainableCircuit.Build(2, 1));
        var x = ones(2, 2);
        layer.to(half);
        Assert.Contains($"are {half}", Assert.Throws<InvalidOperationException>(() => layer.call(x)).Message, StringComparison.Ordinal);
        layer.to(ScalarType.Float32);
        Assert.True(layer.call(x).isfinite().all().item<bool>());
        Assert.Throws<ArgumentException>(() => new QuantumLayer(TrainableCircuit.Build(2, 1), new() { Initialization = null! }));
    }

    [Fact]
    public void Weight_groups_are_registered_parameters_that_move_with_the_module()
    {
        using var layer = new QuantumLayer(TrainableCircuit.Build(3, 2), new() { Seed = 5 });
        Assert.Equal(["weights"], layer.state_dict().Keys);
        Assert.Equal([2, 3, 3], layer.get_parameter("weights")!.shape);
        using var same = new QuantumLayer(TrainableCircuit.Build(3, 2), new() { Seed = 5 });
        Near.Equal(same.get_parameter("weights")!, layer.get_parameter("weights")!, 0);
        using var other = new QuantumLayer(TrainableCircuit.Build(3, 2), new() { Seed = 6 });
        Assert.NotEqual(0, (other.get_parameter("weights")! - layer.get_parameter("weights")!).abs().sum().item<float>());

        var before = layer.call(ones(1, 3));
        layer.to(ScalarType.Float64);
        Assert.Equal(ScalarType.Float64, layer.get_parameter("weights")!.dtype);
        Near.Equal(before, layer.call(ones(1, 3)), 1e-6);
    }

    [Fact]
    public void A_weight_group_may_not_have_the_name_of_a_property()
    {
        var circuit = new CircuitBuilder(1);
        var w = circuit.Weights("Cost", 1);
        Assert.Contains("'Cost'", Assert.Throws<ArgumentException>(() => new QuantumLayer(circuit.RX(w[0], 0).ExpectZ().Build())).Message, StringComparison.Ordinal);
        Assert.Contains("state vector", Assert.Throws<ArgumentException>(() => new QuantumLayer(new CircuitBuilder(1).State().Build())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Probabilities_are_differentiated_as_well()
    {
        var circuit = new CircuitBuilder(1);
        var x = circuit.Inputs(1);
        using var layer = new QuantumLayer(circuit.RX(x[0], 0).Probabilities().Build());
        var angle = tensor(new[,] { { 0.7 } }).requires_grad_();
        layer.call(angle)[0, 1].backward();
        Assert.Equal(Math.Sin(0.7) / 2, angle.grad!.item<double>(), 1e-12);
    }

    [Fact]
    public void Without_differentiation_values_work_and_gradients_are_refused_in_the_forward_call()
    {
        using var layer = new QuantumLayer(OriginCircuit.Build(4), new() { Differentiation = Differentiation.None });
        var x = rand(2, 4, generator: generator).requires_grad_();
        Assert.Contains("no_grad", Assert.Throws<NotSupportedException>(() => layer.call(x)).Message, StringComparison.Ordinal);
        using var off = no_grad();
        Near.Equal(OriginCircuit.ClosedForm(x), layer.call(x), 1e-6);
    }

    [Fact]
    public void The_ledger_counts_what_ran()
    {
        using var layer = new QuantumLayer(OriginCircuit.Build(4));
        var x = tensor(new double[,] { { 0.5, -1, 0.05, 2 }, { -1, -1, -1, 0.2 } }).requires_grad_();
        var y = layer.call(x);
        Assert.Equal(new Cost(2, 6, 3, 10, 0) { SimulatedWires = 8, LargestState = 4 }, layer.Cost);
        Assert.Equal(layer.Cost, layer.ForwardCost);
        y.sum().backward();
        Assert.Equal(new Cost(2, 6, 3, 10, 0) { SimulatedWires = 8, LargestState = 4 }, layer.ForwardCost);
        Assert.True(layer.Cost.Circuits >= 4);
    }
}
