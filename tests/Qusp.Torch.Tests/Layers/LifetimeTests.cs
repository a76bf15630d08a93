// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using static TorchSharp.torch;

namespace Qusp.Torch.Tests;

public sealed class LifetimeTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Ten_thousand_steps_leave_no_tensor_behind(bool inScope)
    {
        using var layer = new QuantumLayer(TrainableCircuit.Build(2, 1), new() { Threads = 1 });
        using var x = ones(3, 2, requires_grad: true);
        var before = 0L;
        for (var step = 0; step < 10_000; step++)
        {
            if (step == 10)
            {
                before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            }

            using var scope = inScope ? NewDisposeScope() : null;
            using var y = layer.call(x);
            using var loss = y.sum();
            loss.backward();
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Second_derivatives_leave_no_tensor_behind_in_a_scope()
    {
        using var layer = new QuantumLayer(TrainableCircuit.Build(2, 1), new() { Threads = 1 });
        using var x = ones(3, 2, requires_grad: true);
        var before = 0L;
        for (var step = 0; step < 200; step++)
        {
            if (step == 10)
            {
                before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            }

            using var scope = NewDisposeScope();
            var slope = autograd.grad([layer.call(x).sum()], [x], retain_graph: true, create_graph: true)[0];
            slope.pow(2).sum().backward();
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void An_input_changed_in_place_fails_the_backward_call_and_not_the_process()
    {
        using var scope = NewDisposeScope();
        using var layer = new QuantumLayer(OriginCircuit.Build(4));
        var x = ones(2, 4, requires_grad: true);
        var h = x * 1;
        var y = layer.call(h);
        h.mul_(2);
        var (before, told) = (Console.Error, new StringWriter());
        Console.SetError(told);
        var error = Record.Exception(() => y.sum().backward());
        Console.SetError(before);
        Assert.Contains("invalid gradient", error?.Message, StringComparison.Ordinal);
        Assert.Contains("modified by an inplace operation", told.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void A_call_allocates_nothing_for_each_sample(ScalarType dtype)
    {
        using var layer = new QuantumLayer(OriginCircuit.Build(4), new() { Threads = 1 });
        long Allocated(int batch)
        {
            using var scope = NewDisposeScope();
            var x = (rand(batch, 4, dtype: dtype) + 0.2).requires_grad_();
            var least = long.MaxValue;
            for (var repeat = 0; repeat < 20; repeat++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                layer.call(x).backward([x]);
                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            }

            return least;
        }

        Assert.InRange(Allocated(20_000) - Allocated(20), -2000, 2000);
    }

    [Fact]
    public void A_graph_that_is_retained_is_walked_again()
    {
        using var scope = NewDisposeScope();
        using var layer = new QuantumLayer(OriginCircuit.Build(4));
        var x = (rand(3, 4) + 0.2).requires_grad_();
        var loss = layer.call(x).sum();
        loss.backward(retain_graph: true);
        var once = x.grad!.clone();
        loss.backward();
        Near.Equal(2 * once, x.grad!, 1e-6);
    }

    [Fact]
    public void A_layer_works_on_several_threads_at_once()
    {
        using var layer = new QuantumLayer(OriginCircuit.Build(4));
        Parallel.For(0, 8, _ =>
        {
            for (var step = 0; step < 50; step++)
            {
                using var scope = NewDisposeScope();
                var x = (rand(7, 4, dtype: ScalarType.Float64) + 0.2).requires_grad_();
                layer.call(x).sum().backward();
                Near.Equal(autograd.grad([OriginCircuit.ClosedForm(x).sum()], [x])[0], x.grad!, 1e-12);
            }
        });
    }
}
