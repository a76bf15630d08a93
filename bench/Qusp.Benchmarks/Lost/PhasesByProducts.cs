// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using BenchmarkDotNet.Attributes;
using Qusp.Cli.Bench;
using Qusp.Simulation;
using Qusp.Simulation.Lanes;

namespace Qusp.Benchmarks.Lost;

/// <summary>
/// The tables of phases of a circuit whose weights are all new: the phase of each basis state as a product of complex numbers, which asks for the sine and cosine of
/// every angle; its angle as a sum, then one sine and cosine a basis state; and, as Qusp does it where the tables are small, the sums as rows of a matrix.
/// </summary>
public unsafe class PhasesByProducts : TwoDesigns
{
    private readonly double[][] weights = new double[2][];
    private Plan plan = null!;
    private Schedule schedule = null!;
    private SharedPhases<double> phases = null!;
    private double[] arguments = [], table = [];
    private Complex[] turns = [], products = [], before = [];
    private int call;

    [Params(4, 8)]
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
        table = new double[2 * LaneMath.Whole(1 << Wires)];
        (turns, products, before) = (new Complex[plan.Angles.Length], new Complex[1 << Wires], new Complex[1 << Wires]);

        call = 0;
        Products();
        var last = schedule.Passes.Last(pass => pass.Table >= 0).Table;
        var used = phases.Fill(weights[0]).Turns + last;
        RequireEqual([.. new Span<double>(used, 1 << Wires), .. new Span<double>(used + schedule.Places, 1 << Wires)], [.. products.Select(phase => phase.Real), .. products.Select(phase => phase.Imaginary)]);
        call = 0;
        Sums();
        RequireEqual(new(used, 1 << Wires), table.AsSpan(0, 1 << Wires));
    }

    [Benchmark(Baseline = true)]
    public void Used() => phases.Fill(weights[call++ & 1]);

    [Benchmark]
    public void Sums()
    {
        Load();
        fixed (double* argument = arguments, to = table)
        {
            foreach (var pass in schedule.Passes.Where(pass => pass.Table >= 0))
            {
                MonomialTables.Angles(pass, Wires, argument, MonomialTables.At(pass.Source), to, to + (table.Length / 2));
                LaneMath.Turn(to, to + (table.Length / 2), table.Length / 2);
            }
        }
    }

    [Benchmark]
    public void Products()
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
