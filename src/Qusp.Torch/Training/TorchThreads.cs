// SPDX-License-Identifier: Apache-2.0
using static TorchSharp.torch;

namespace Qusp.Torch;

/// <summary>
/// While a small model runs, libtorch works on one thread: its threads wait for one another by spinning, which costs a
/// network of a few wires more than they save (up to tenfold where other programs want the cores too). The number that
/// was set before is set again. Circuits have threads of their own.
/// </summary>
internal readonly struct TorchThreads : IDisposable
{
    private const long SmallStep = 4_000_000; // multiplications of a step, about a millisecond of one core
    private readonly int before;

    private TorchThreads(int before) => this.before = before;

    /// <summary>One thread if a step of the model is small.</summary>
    /// <param name="model">The model.</param>
    /// <param name="rows">Samples of a step.</param>
    public static TorchThreads For(nn.Module model, long rows)
    {
        var parameters = model.parameters().Sum(parameter => parameter.numel());
        if (parameters * rows > SmallStep)
        {
            return default;
        }

        var threads = new TorchThreads(get_num_threads());
        set_num_threads(1);
        return threads;
    }

    public void Dispose()
    {
        if (before > 0)
        {
            set_num_threads(before);
        }
    }
}
