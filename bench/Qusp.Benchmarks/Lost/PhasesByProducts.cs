// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using BenchmarkDotNet.Attributes;
using Qusp.Cli.Bench;
using Qusp.Simulation;
using Qusp.Simulation.Lanes;

namespace Qusp.Benchmarks.Lost;

/// <summary>
/// The tables of phases of a small circuit whose weights are all new. As Qusp does it: the angle of each basis state is a sum, rows of a matrix, and has one sine and
/// cosine; the way of its larger tables, a product of a phase for each wire; and a product of a phase for each gate, which asks for the sine and cosine of every angle.
/// </summary>
public unsafe class PhasesByProducts : TwoDesigns
{
    private readonly double[][] weights = new double[2][];
    private Plan plan = null!;
    private Schedule schedule = null!;
    private SharedPhases<double> phases = null!;
    private double[] arguments = [], table = [], scratch = [];
    private Complex[] turns = [], products = [], before = [];
    private int call;

    [Params(3, 4, 6)]
    public int Wires { get; set; }

    [GlobalSetup]
    public void Check()
    {
        var circuit = BenchCircuits.Ansatz(Wires, 4, encoded: false).ExpectZ().Build();
        plan = Lowering.Lower(circuit);
        schedule = new Schedule(plan, new Readout(circuit));
        phases = new SharedPhases<double>(plan, schedule);
        (weights[0], weights[1]) = (BenchCircuits.Weights<double>(circuit.Weights), [.. BenchCircuits.Weights<double>(2 * circuit.Weights).Skip(circuit.Weights)]);
        arguments = new double[LaneMath.Whole(plan.Angles.Length)];
        (table, scratch) = (new double[2 << Wires], new double[2 << Wires]);
        (turns, products, before) = (new Complex[plan.Angles.Length], new Complex[1 << Wires], new Complex[1 << Wires]);

        call = 0;
        ProductsOfGates();
        var last = schedule.Passes.Last(pass => pass.Table >= 0).Table;
        var used = phases.Fill(weights[0]).Turns + last;
        RequireEqual([.. new Span<double>(used, 1 << Wires), .. new Span<double>(used + schedule.Places, 1 << Wires)], [.. products.Select(phase => phase.Real), .. products.Select(phase => phase.Imaginary)]);
        call = 0;
        ProductsOfWires();
        RequireEqual(new(used, 1 << Wires), table.AsSpan(0, 1 << Wires));
    }

    [Benchmark(Baseline = true)]
    public void AngleSums() => phases.Fill(weights[call++ & 1]);

    [Benchmark]
    public void ProductsOfWires()
    {
        Load();
        fixed (double* argument = arguments, to = table, before = scratch)
        {
            foreach (var pass in schedule.Passes.Where(pass => pass.Table >= 0))
            {
                MonomialTables.Phases(pass, schedule, new Shared<double>(null, argument), MonomialTables.At(pass.Source), to, to + (1 << Wires), before);
            }
        }
    }

    [Benchmark]
    public void ProductsOfGates()
    {
        Load();
        fixed (double* angles = arguments)
        {
            var sines = stackalloc double[arguments.Length];
            LaneMath.Turn(angles, sines, arguments.Length);
            for (var a = 0; a < turns.Length; a++)
            {
                turns[a] = new(angles[a], sines[a]);
            }
        }

        foreach (var pass in schedule.Passes.Where(pass => pass.Table >= 0))
        {
            Product(pass.After, products);
            Product(pass.Steps, before);
            for (var b = 0; b < products.Length; b++)
            {
                products[b] *= before[pass.Source![b]];
            }
        }
    }

    private void Load()
    {
        var from = weights[call++ & 1];
        for (var a = 0; a < plan.Angles.Length; a++)
        {
            arguments[a] = plan.Angles[a].GeneratorScale * from[plan.Angles[a].Angle.Index];
        }
    }

    // By doubling.
    private void Product(Step[] steps, Complex[] to)
    {
        Span<Complex> single = stackalloc Complex[2 * Wires];
        single.Fill(1);
        foreach (var step in steps)
        {
            single[(2 * step.Bits[0]) + (step.Offsets[0] == 0 ? 0 : 1)] *= step.Factor < 0 ? Complex.Conjugate(turns[step.Angle]) : turns[step.Angle];
        }

        to[0] = 1;
        for (var bit = 0; bit < Wires; bit++)
        {
            for (var b = 0; b < 1 << bit; b++)
            {
                to[(1 << bit) + b] = to[b] * single[(2 * bit) + 1];
                to[b] *= single[2 * bit];
            }
        }
    }
}
