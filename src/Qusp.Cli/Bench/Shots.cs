// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Cli.Bench;

/// <summary>A million shots from the final state of <c>forward</c>: from amplitudes to outcomes, the circuit itself not timed.</summary>
internal static class Shots
{
    private const int Count = 1_000_000;

    /// <summary>The check values are the shots' ⟨Z⟩ of the first wires, each with its distance from the exact one in standard errors.</summary>
    public static Work Of<T>(WorkloadSize size)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (wires, layers) = (size.Wires, size.Layers);
        var (real, imaginary) = State<T>(wires, layers, size.Threads);
        var (sampler, outcomes, draw) = (new ShotSampler(size.Threads), new uint[Count], 0UL);
        return new(
            () =>
            {
                sampler.Load<T>(real, imaginary);
                sampler.Draw(outcomes, new Draw(draw++));
            },
            () =>
            {
                sampler.Draw(outcomes, new Draw(Seed: 0));
                var samples = new Samples([.. Enumerable.Range(0, wires)], [.. outcomes]);
                return [.. Enumerable.Range(0, Math.Min(4, wires)).SelectMany(wire => Compared(samples.Expectation(PauliWord.Z(wire)), Exact(wires - 1 - wire, real, imaginary)))];
            })
        { CountsPasses = true };
    }

    private static double[] Compared(Estimate estimate, double exact) => [estimate.Value, (estimate.Value - exact) / estimate.StandardError];

    private static (T[] Real, T[] Imaginary) State<T>(int wires, int layers, int threads)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var program = new CpuDevice().Compile<T>(
            BenchCircuits.Ansatz(wires, layers, encoded: false).State().Build(),
            new ProgramOptions { Threads = threads, Differentiation = Differentiation.None });
        var amplitudes = program.Evaluate<T>([], BenchCircuits.Weights<T>(3 * layers * wires));
        return ([.. amplitudes.Where((_, k) => k % 2 == 0)], [.. amplitudes.Where((_, k) => k % 2 == 1)]);
    }

    private static double Exact<T>(int bit, T[] real, T[] imaginary)
        where T : IFloatingPointIeee754<T>
    {
        var sum = 0.0;
        for (var b = 0; b < real.Length; b++)
        {
            var square = double.CreateChecked(real[b] * real[b]) + double.CreateChecked(imaginary[b] * imaginary[b]);
            sum += ((b >> bit) & 1) == 0 ? square : -square;
        }

        return sum;
    }
}
