// SPDX-License-Identifier: Apache-2.0
using Qusp.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Qusp.Cli.Bench;

/// <summary>
/// One training step of the advanced model (forward, MSE, backward, Adam), and the same step with the quantum layer
/// replaced by a cosine: what TorchSharp costs without us.
/// </summary>
internal static class OriginEpoch
{
    public static WorkloadResult Run(string name, bool quantum, WorkloadSize size)
    {
        var batch = size.Batch ?? 10;
        var options = new HybridOptions { Threads = size.Threads, CircuitPrecision = size.Single ? Inference.Precision.Single : Inference.Precision.Double };
        using nn.Module<Tensor, Tensor> model = quantum ? new AdvancedQuantumSparseNN(options) : new CosineModel();
        using var optimizer = optim.Adam(model.parameters(), lr: 0.01);
        using var x = tensor(BenchCircuits.Inputs(4 * batch).Select(value => (float)value).ToArray()).reshape(batch, 4);
        using var y = (x.narrow(1, 0, 2) > 3).to(float32);
        using var first = nn.functional.mse_loss(model.call(x), y);
        var threads = get_num_threads();
        set_num_threads(size.Threads);
        try
        {
            var timing = Stopclock.Measure(() =>
            {
                using var scope = NewDisposeScope();
                optimizer.zero_grad();
                var error = nn.functional.mse_loss(model.call(x), y);
                error.backward();
                optimizer.step();
            });
            return new(name, 4, 0, batch, size.Single ? "single" : "double", size.Threads, timing, null, [first.item<float>()]);
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    private sealed class CosineModel : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> first = nn.Linear(4, 4);
        private readonly nn.Module<Tensor, Tensor> last = nn.Linear(4, 2);
        private readonly Parameter alpha = new(tensor(10f));

        public CosineModel()
            : base(nameof(CosineModel)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var h = first.call(input).tanh();
            return last.call((h * (alpha * (h.abs() - 0.1)).sigmoid()).cos()).MoveToOuterDisposeScope();
        }
    }
}
