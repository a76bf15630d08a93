// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;
using Qusp.Simulation;
using Qusp.Simulation.Lanes;
using Qusp.Simulation.StateVectors;
using StateTurns = Qusp.Simulation.StateVectors.TurnKernels<Qusp.Simulation.Lanes.Lanes512<double>, double>;
using V = Qusp.Simulation.Lanes.Lanes512<double>;

namespace Qusp.Benchmarks.Lost;

/// <summary>A ring of CNOTs gate by gate, to another place or in place, against all of it as one affine map of indices.</summary>
public unsafe class RingGateByGate : TwoDesigns
{
    private Planes<V> state, spare;
    private Gather<V, double> ring = null!;
    private Gather<V, double>[] gates = [];
    private (int Control, int Target)[] bits = [];

    [Params(12, 16, 20, 24)]
    public int Wires { get; set; }

    [GlobalSetup]
    public void Check()
    {
        (state, spare) = (NewState(Wires), NewState(Wires));
        bits = [.. Enumerable.Range(0, Wires).Select(wire => (Wires - 1 - wire, Wires - 1 - ((wire + 1) % Wires)))];
        IndexMap[] maps = [.. bits.Select(bits => Cnot(bits.Control, bits.Target))];
        var tables = Keep(new PhaseMemory<double>()); // none: nothing here has phases
        gates = [.. maps.Select(map => new Gather<V, double>(map, [], Wires, tables))];
        ring = new Gather<V, double>(maps.Aggregate((all, next) => all.Then(next)).Inverse(), [], Wires, tables);

        var start = Copy(state, Wires);
        OneMap();
        var used = Copy(state, Wires);
        foreach (var lost in (Action[])[EachToAnotherPlace, EachInPlace])
        {
            Restore(start, state, Wires);
            lost();
            RequireEqual(used, Copy(state, Wires));
        }
    }

    [Benchmark(Baseline = true)]
    public void OneMap() => Move(ring);

    [Benchmark]
    public void EachToAnotherPlace()
    {
        foreach (var gate in gates)
        {
            Move(gate);
        }
    }

    [Benchmark]
    public void EachInPlace()
    {
        foreach (var (control, target) in bits)
        {
            Exchange(state.Re, control, target);
            Exchange(state.Im, control, target);
        }
    }

    private IndexMap Cnot(int control, int target)
    {
        var on = (nint)1 << control;
        var exchange = new Step(StepKind.Swap, [target, control], [on, on | ((nint)1 << target)], -1, -1, 0, [], []);
        return IndexMap.OfSwap(exchange, Wires)!;
    }

    private void Move(Gather<V, double> gather)
    {
        var lowBits = gather.Table.LowBits;
        for (nint k = 0; k < (nint)1 << (Wires - lowBits); k++)
        {
            var block = gather.BlockAt(k, lowBits);
            gather.Run<ComplexField>(spare, state, block, block + 1, 1, null);
        }

        (state, spare) = (spare, state);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Exchange(V* plane, int control, int target)
    {
        var lanes = LaneConstants<V, double>.Bits;
        var vectors = (nint)1 << (Wires - lanes);
        if (target >= lanes && control >= lanes)
        {
            var (on, other) = ((nint)1 << (control - lanes), (nint)1 << (target - lanes));
            var (low, high) = (Math.Min(control, target) - lanes, Math.Max(control, target) - lanes);
            for (nint i = 0; i < vectors / 4; i++)
            {
                var at = plane + (StateTurns.Spread(StateTurns.Spread(i, low), high) | on);
                (at[0], at[other]) = (at[other], at[0]);
            }
        }
        else if (target >= lanes)
        {
            var (mask, other) = (LaneConstants<V, double>.Mask(lane => ((lane >> control) & 1) != 0), (nint)1 << (target - lanes));
            for (nint i = 0; i < vectors / 2; i++)
            {
                var at = plane + StateTurns.Spread(i, target - lanes);
                (at[0], at[other]) = (V.Select(mask, at[other], at[0]), V.Select(mask, at[0], at[other]));
            }
        }
        else if (control >= lanes)
        {
            var (exchange, on) = (LaneConstants<V, double>.Exchange(target), (nint)1 << (control - lanes));
            for (nint i = 0; i < vectors / 2; i++)
            {
                var at = plane + (StateTurns.Spread(i, control - lanes) | on);
                at[0] = V.Shuffle(at[0], exchange);
            }
        }
        else
        {
            var exchange = LaneConstants<V, double>.Indices(lane => lane ^ (((lane >> control) & 1) << target));
            for (nint i = 0; i < vectors; i++)
            {
                plane[i] = V.Shuffle(plane[i], exchange);
            }
        }
    }
}
