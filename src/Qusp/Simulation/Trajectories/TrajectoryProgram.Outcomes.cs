// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Simulation.Trajectories;

/// <content>Bit strings, one a path.</content>
internal sealed unsafe partial class TrajectoryProgram<T>
{
    private const int MostShots = 1 << 24;

    public void Sample(int batch, int count, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, Measurement reading, Span<uint> outcomes, Draw draw)
    {
        Call.CheckEvaluate(Circuit, batch, inputs.Length, weights.Length, batch * Circuit.Outputs);
        using var running = calls.Take();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MostShots);
        if (!plan.KeepsTrace)
        {
            throw new NotSupportedException($"{Device}: paths given success of a post-selection have weights, and bit strings none; measure the bit, and keep the shots in which it is right.");
        }

        var samples = NumbersPerCall / 2 / PartsOf(count);
        fixed (T* data = inputs, shared = weights)
        {
            fixed (uint* results = outcomes)
            {
                for (var first = 0; first < batch; first += samples)
                {
                    call = new(TrajectoryTask.Outcomes, (nint)data, (nint)shared, first, draw) { Reading = reading, Shots = count, Outcomes = (nint)results };
                    crew.Run(Math.Min(samples, batch - first) * PartsOf(count), this, shared: true);
                }
            }
        }

        Count(batch, count, inputs);
    }
}
