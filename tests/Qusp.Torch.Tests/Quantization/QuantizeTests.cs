// SPDX-License-Identifier: Apache-2.0
using Qusp.Inference;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Qusp.Torch.Tests.Quantization;

public sealed class QuantizeTests
{
    [Theory]
    [InlineData(QuantizationScheme.PerChannelPerRow)]
    [InlineData(QuantizationScheme.PyTorch)]
    [InlineData(QuantizationScheme.PyTorchReduceRange)]
    public void A_bare_linear_is_replaced_where_PyTorch_changes_nothing(QuantizationScheme scheme)
    {
        using var scope = NewDisposeScope();
        using var linear = nn.Linear(7, 3);
        var x = randn(20, 7);
        var expected = linear.call(x);
        var result = Quantize.Dynamic(linear, scheme, x);
        var quantized = Assert.IsType<QuantizedLinear>(result.Module);
        var layer = Assert.Single(result.Layers);
        Assert.Equal(("", scheme), (layer.Name, layer.Scheme));
        Assert.True(layer.BytesAfter < layer.BytesBefore);
        Assert.InRange(layer.MaxAbsError, 1e-9, 0.2);
        var actual = quantized.call(x);
        Assert.Equal(layer.MaxAbsError, (actual - expected).abs().max().item<float>(), 1e-5);
        Assert.Equal(ScalarType.Int8, quantized.state_dict()["weight"].dtype);
    }

    [Theory]
    [InlineData(QuantizationScheme.PerChannelPerRow)]
    [InlineData(QuantizationScheme.PyTorch)]
    public void What_load_state_dict_brings_is_what_is_computed_with(QuantizationScheme scheme)
    {
        using var scope = NewDisposeScope();
        var (one, other) = (Quantize.Dynamic(nn.Linear(7, 3), scheme).Module, Quantize.Dynamic(nn.Linear(7, 3), scheme).Module);
        var x = randn(20, 7);
        Assert.NotEqual(0, (one.call(x) - other.call(x)).abs().max().item<float>());
        other.load_state_dict(one.state_dict());
        Assert.Equal(0, (one.call(x) - other.call(x)).abs().max().item<float>());
        Assert.Equal(0, (one.call(x) - one.to(ScalarType.Float64).call(x.to(ScalarType.Float64))).abs().max().item<double>(), 1e-5);
    }

    [Fact]
    public void A_whole_tree_is_walked_and_names_its_layers()
    {
        using var scope = NewDisposeScope();
        using var model = new Nested();
        var x = randn(16, 4);
        var expected = model.call(x);
        var result = Quantize.Dynamic(model, sample: x);
        Assert.Same(model, result.Module);
        Assert.Equal(["first", "inner.0", "inner.2"], result.Layers.Select(layer => layer.Name));
        Assert.True((model.call(x) - expected).abs().max().item<float>() < 0.05);
        Assert.Equal(["first", "inner"], model.named_children().Select(child => child.name));
        Assert.DoesNotContain(model.named_modules(), child => child.module is Linear);
        Assert.Empty(model.parameters());
        Assert.Contains("inner.2.weight_scale", model.state_dict().Keys);
    }

    [Fact]
    public void A_sequential_root_is_returned_anew()
    {
        using var scope = NewDisposeScope();
        var model = nn.Sequential(("a", nn.Linear(4, 4)), ("t", nn.Tanh()), ("b", nn.Linear(4, 2)));
        var result = Quantize.Dynamic(model);
        Assert.Equal(["a", "b"], result.Layers.Select(layer => layer.Name));
        Assert.Equal([3, 2], result.Module.call(rand(3, 4)).shape);
    }

    [Fact]
    public void Nothing_to_quantize_is_an_error()
    {
        using var model = nn.Sequential(nn.Tanh());
        Assert.Contains("no nn.Linear", Assert.Throws<InvalidOperationException>(() => Quantize.Dynamic(model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_that_cannot_hold_the_result_is_named_with_the_remedy()
    {
        using var model = new Narrow();
        var message = Assert.Throws<InvalidOperationException>(() => Quantize.Dynamic(model)).Message;
        Assert.Contains("Narrow.layer", message, StringComparison.Ordinal);
        Assert.Contains("nn.Module<Tensor, Tensor>", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Double_inputs_and_leading_dimensions_keep_their_kind()
    {
        using var scope = NewDisposeScope();
        using var quantized = new QuantizedLinear(nn.Linear(5, 2));
        Assert.Equal(ScalarType.Float64, quantized.call(rand(5, dtype: float64)).dtype);
        Assert.Equal([2, 3, 2], quantized.call(rand(2, 3, 5)).shape);
        Assert.Throws<ArgumentException>(() => quantized.call(rand(2, 4)));
    }

    [Fact]
    public void Calls_leave_no_tensor_behind()
    {
        using var quantized = new QuantizedLinear(nn.Linear(5, 2));
        using var x = rand(3, 5);
        quantized.call(x).Dispose();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var k = 0; k < 1000; k++)
        {
            quantized.call(x).Dispose();
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private sealed class Nested : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> first = nn.Linear(4, 6);
        private readonly nn.Module<Tensor, Tensor> inner = nn.Sequential(nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, 2, hasBias: false));

        public Nested()
            : base(nameof(Nested)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            using var hidden = first.call(input);
            return inner.call(hidden);
        }
    }

    private sealed class Narrow : nn.Module<Tensor, Tensor>
    {
        private readonly Linear layer = nn.Linear(2, 2);

        public Narrow()
            : base(nameof(Narrow)) => RegisterComponents();

        public override Tensor forward(Tensor input) => layer.call(input);
    }
}
