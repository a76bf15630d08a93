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
    public static Work Of(bool quantum, WorkloadSize size)
    {
        var batch = size.Batch;
        var options = new HybridOptions { Threads = size.Threads, CircuitPrecision = size.Single ? Inference.Precision.Single : Inference.Precision.Double };
        nn.Module<Tensor, Tensor> model = quantum ? new AdvancedQuantumSparseNN(options) : new CosineModel();
        var optimizer = optim.Adam(model.parameters(), lr: 0.01);
        var x = tensor(BenchCircuits.Inputs<float>(4 * batch)).reshape(batch, 4);
        var y = (x.narrow(1, 0, 2) > 3).to(float32);
        var first = nn.functional.mse_loss(model.call(x), y);
        return new(
            () =>
            {
                using var scope = NewDisposeScope();
                optimizer.zero_grad();
                var error = nn.functional.mse_loss(model.call(x), y);
                error.backward();
                optimizer.step();
            },
            () => [first.item<float>()],
            first, y, x, optimizer, model, new TorchThreads(size.Threads));
    }

    /// <summary>libtorch's threads are the process's; they are put back.</summary>
    private sealed class TorchThreads : IDisposable
    {
        private readonly int before = get_num_threads();

        public TorchThreads(int threads) => set_num_threads(Math.Min(threads, Environment.ProcessorCount));

        public void Dispose() => set_num_threads(before);
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
