// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using BenchmarkDotNet.Attributes;
using Qusp.Simulation;
using Qusp.Simulation.Lanes;
using Qusp.Simulation.StateVectors;
using V = Qusp.Simulation.Lanes.Lanes512<double>;

namespace Qusp.Benchmarks.Lost;

/// <summary>
/// A controlled gate on a large state in rising order, where the processor guesses what memory it will need, against asking for what a later group
/// needs, in an order of one distance where the control's bit is low.
/// </summary>
public unsafe class UnaskedBlocks : TwoDesigns
{
    private const int Wires = 24;
    private const int Target = 20;
    private Planes<V> state;
    private BlockKernel<V, double> kernel = null!;

    [Params(3, 4, 5, 8, 12, 22)]
    public int ControlBit { get; set; }

    [GlobalSetup]
    public void Check()
    {
        state = NewState(Wires);
        var (on, target) = ((nint)1 << ControlBit, (nint)1 << Target);
        int[] bits = [Math.Min(ControlBit, Target), Math.Max(ControlBit, Target)];
        Complex[] exchange = [0, 1, 1, 0];
        kernel = Keep(new BlockKernel<V, double>(BlockPass.Of(new Step(StepKind.Dense, bits, [on, on | target], -1, -1, 0, exchange, []))));
        kernel.Fill(exchange, inverse: false);
        var start = Copy(state, Wires);
        Asked();
        var used = Copy(state, Wires);
        Restore(start, state, Wires);
        Unasked();
        RequireEqual(used, Copy(state, Wires));
    }

    [Benchmark(Baseline = true)]
    public void Asked() => Apply(isCached: false);

    [Benchmark]
    public void Unasked() => Apply(isCached: true);

    private void Apply(bool isCached) =>
        kernel.Apply<ComplexField>(state, 0, (nint)1 << (Wires - LaneConstants<V, double>.Bits - kernel.GroupBits), null, isCached);
}
