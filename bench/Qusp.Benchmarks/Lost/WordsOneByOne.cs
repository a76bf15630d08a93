// SPDX-License-Identifier: Apache-2.0
using BenchmarkDotNet.Attributes;
using Qusp.Cli.Bench;

namespace Qusp.Benchmarks.Lost;

/// <summary>
/// The n words X_q X_{q+1} of one basis after the ansatz: a pass over the state for each word, against Hadamards on all
/// wires and one pass for all words, which are words of Z then.
/// </summary>
public class WordsOneByOne : TwoDesigns
{
    private double[] w = [], outputs = [];
    private IProgram<double> oneByOne = null!, inTheirBasis = null!;

    [Params(12, 16, 20)]
    public int Wires { get; set; }

    [GlobalSetup]
    public void Check()
    {
        (w, outputs) = (BenchCircuits.Weights<double>(12 * Wires), new double[Wires]);
        var (plain, turned) = (BenchCircuits.Ansatz(Wires, 4, encoded: false), BenchCircuits.Ansatz(Wires, 4, encoded: false));
        for (var q = 0; q < Wires; q++)
        {
            turned.H(q);
        }

        for (var q = 0; q < Wires; q++)
        {
            var next = (q + 1) % Wires;
            plain.Expect(PauliWord.X(q) * PauliWord.X(next));
            turned.Expect(PauliWord.Z(q) * PauliWord.Z(next));
        }

        IProgram<double> Compile(CircuitBuilder circuit) =>
            Keep(new CpuDevice().Compile<double>(circuit.Build(), new ProgramOptions { Threads = 1, Differentiation = Differentiation.None }));
        (oneByOne, inTheirBasis) = (Compile(plain), Compile(turned));
        AWordAPass();
        var used = outputs.ToArray();
        AllInTheirBasis();
        RequireEqual(used, outputs);
    }

    [Benchmark(Baseline = true)]
    public void AWordAPass() => oneByOne.Evaluate(1, [], w, outputs);

    [Benchmark]
    public void AllInTheirBasis() => inTheirBasis.Evaluate(1, [], w, outputs);
}
