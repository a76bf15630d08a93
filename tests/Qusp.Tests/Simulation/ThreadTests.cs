// SPDX-License-Identifier: Apache-2.0
using Qusp.Simulation;
using Xunit;

namespace Qusp.Tests.Simulation;

/// <summary>
/// Whatever threads share, one and two of them give the same bits, and once warm a call allocates nothing: samples in lanes, samples
/// of one state each, what is left of them, a state that is shared or not as pays, a large one, components, density matrices, trajectories, shots and
/// their standard errors, gradients from evaluations, matrix-product states, Pauli words.
/// </summary>
public sealed class ThreadTests
{
    private const int Enough = 1700; // calls until code for small circuits, made in the background, is there

    public static TheoryData<string, int> Workloads { get; } = new()
    {
        { "lanes", 1 },
        { "lanes", 9 },
        { "lanes", 400 },
        { "one state", 1 },
        { "one state", 5 },
        { "small state", 1 },
        { "small state", 3 },
        { "large state", 1 },
        { "large state", 3 },
        { "components", 1 },
        { "components", 300 },
        { "density matrix", 1 },
        { "density matrix", 2 },
        { "density matrix", 3 },
        { "density matrix", 14 },
        { "density matrix", 17 },
        { "trajectories", 1 },
        { "trajectories", 3 },
        { "shots", 1 },
        { "shots", 40 },
        { "many shots", 1 },
        { "many shots", 3 },
        { "shots by variance", 9 },
        { "shifts", 2 },
        { "Hadamard tests", 2 },
        { "one perturbation", 2 },
        { "mps", 1 },
        { "mps", 3 },
        { "pauli", 1 },
        { "pauli", 5 },
        { "pauli by maps", 2 },
        { "many words", 1 },
    };

    [Theory]
    [MemberData(nameof(Workloads))]
    public void Two_threads_give_the_bits_of_one(string workload, int batch)
    {
        Assert.Equal(Run<double>(workload, batch, threads: 1).Results, Run<double>(workload, batch, threads: 2).Results);
        Assert.Equal(Run<float>(workload, batch, threads: 1).Results, Run<float>(workload, batch, threads: 2).Results);
    }

    [Theory]
    [MemberData(nameof(Workloads))]
    public void A_call_allocates_nothing_once_warm(string workload, int batch)
    {
        Assert.Equal(0, Run<double>(workload, batch, threads: 1).Allocated);
        Assert.Equal(0, Run<double>(workload, batch, threads: 2).Allocated);
    }

    [Fact]
    public void While_a_program_finds_out_whether_sharing_a_state_pays_every_call_gives_the_same_bits()
    {
        using var program = Compile<double>("small state", threads: 2);
        var x = Enumerable.Range(0, program.Circuit.Inputs).Select(k => Math.Sin(k)).ToArray();
        var w = Enumerable.Range(0, program.Circuit.Weights).Select(k => Math.Cos(k)).ToArray();
        var results = Enumerable.Range(0, 40).Select(_ =>
        {
            var (z, byInputs, byWeights) = (new double[program.Circuit.Outputs], new double[x.Length], new double[w.Length]);
            program.Evaluate(1, x, w, z);
            program.Pullback(1, x, w, z, byInputs, byWeights);
            return (double[])[.. z, .. byInputs, .. byWeights];
        }).ToArray();
        Assert.All(results, result => Assert.Equal(results[0], result));
    }

    [Fact]
    public async Task Programs_on_several_threads_of_the_user_do_not_disturb_one_another()
    {
        var expected = Run<double>("one state", 5, threads: 1).Results;
        var runs = Enumerable.Range(0, 6).Select(k => Task.Run(() => Run<double>(k % 2 == 0 ? "one state" : "components", k % 2 == 0 ? 5 : 300, threads: 2).Results));
        var results = await Task.WhenAll(runs);
        Assert.All(results.Where((_, k) => k % 2 == 0), result => Assert.Equal(expected, result));
        Assert.All(results.Where((_, k) => k % 2 == 1), result => Assert.Equal(results[1], result));
    }

    [Fact]
    public void Every_chunk_runs_once_however_many_there_are_and_a_call_from_a_chunk_runs_where_it_is()
    {
        var crew = new Crew(2);
        var outer = new Tally(64) { Inside = () => new Tally(7) };
        for (var count = 0; count <= 64; count++)
        {
            outer.Reset(crew);
            crew.Run(count, outer, shared: true);
            Assert.Equal(Enumerable.Range(0, 64).Select(k => k < count ? 1 : 0), outer.Runs);
            Assert.True(outer.AreInnerWhole);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void What_the_first_chunk_that_fails_throws_reaches_the_caller_and_the_next_call_works(int threads)
    {
        var crew = new Crew(threads);
        for (var k = 0; k < 100; k++)
        {
            Assert.Equal("chunk 3", Assert.Throws<NotSupportedException>(() => crew.Run(8, new FailingFrom(3), shared: true)).Message);
        }

        var good = new Tally(8);
        crew.Run(8, good, shared: true);
        Assert.All(good.Runs, runs => Assert.Equal(1, runs));
    }

    private static (T[] Results, long Allocated) Run<T>(string workload, int batch, int threads)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        using var program = Compile<T>(workload, threads);
        var (inputs, outputs, weights) = (program.Circuit.Inputs, program.Circuit.Outputs, program.Circuit.Weights);
        T[] Numbers(int count, double step) => [.. Enumerable.Range(0, count).Select(k => T.CreateChecked(Math.Sin(step * k)))];
        var (x, w, g) = (Numbers(batch * inputs, 0.37), Numbers(weights, 0.53), Numbers(batch * outputs, 0.3));
        var (results, byInputs, byWeights) = (new T[batch * outputs], new T[batch * inputs], new T[weights]);
        double[] combinations = [.. Enumerable.Range(0, 2 * batch * outputs).Select(k => Math.Cos(0.7 * k))];
        var (errors, inputErrors, weightErrors) = (new double[2 * batch], new double[byInputs.Length], new double[weights]);
        void Call()
        {
            program.Evaluate(batch, x, w, results, new Draw(3));
            if (program.Differentiation != Differentiation.None)
            {
                program.Pullback(batch, x, w, g, byInputs, byWeights, new Draw(3));
            }

            if (program is IShotProgram<T> shots && program.IsStochastic)
            {
                shots.Variances(batch, x, w, combinations, errors, new Draw(3));
                if (program.Differentiation != Differentiation.None)
                {
                    shots.PullbackVariances(batch, x, w, g, inputErrors, weightErrors, new Draw(3));
                }
            }
        }

        for (var k = 0; k < (workload == "lanes" ? Enough : 3); k++)
        {
            Call();
        }

        double[] inDouble = [.. errors, .. inputErrors, .. weightErrors];
        return ([.. results, .. byInputs, .. byWeights, .. inDouble.Select(T.CreateChecked)], Allocation.Of(Call));
    }

    private static IProgram<T> Compile<T>(string workload, int threads)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        var options = new ProgramOptions { Threads = threads, Shots = 300 };
        return workload switch
        {
            "lanes" => new CpuDevice(0, CpuPath.Lanes).Compile<T>(Layers(4), options),
            "one state" => new CpuDevice(0, CpuPath.OneState).Compile<T>(Layers(10), options),
            "small state" => new CpuDevice(0, CpuPath.OneState).Compile<T>(Layers(12), options),
            "large state" => new CpuDevice(0, CpuPath.OneState).Compile<T>(Layers(14), options),
            "components" => new CpuDevice().Compile<T>(GoldenSeed.Circuit(64), options with { Components = true }),
            "density matrix" => new CpuDevice().Compile<T>(Layers(6, noise: true), options),
            "trajectories" => new TrajectoriesDevice().Compile<T>(Layers(3, noise: true), options),
            "shots" => new SamplerDevice().Compile<T>(Layers(4), options with { Differentiation = Differentiation.None }),
            "many shots" => new SamplerDevice().Compile<T>(Layers(16), options with { Differentiation = Differentiation.None, Shots = 70_000 }),
            "shots by variance" => new SamplerDevice().Compile<T>(
                Layers(4, words: "X0*X1-0.4*Y1*Y2+0.3*Z3"),
                options with { Differentiation = Differentiation.None, ShotAllocation = ShotAllocation.ByVariance, Shots = 3000 }),
            "shifts" => new SamplerDevice().Compile<T>(Layers(3), options with { Differentiation = Differentiation.ParameterShift }),
            "Hadamard tests" => new CpuDevice().Compile<T>(Layers(3), options with { Differentiation = Differentiation.HadamardTest }),
            "one perturbation" => new SamplerDevice().Compile<T>(Layers(3), options with { Differentiation = Differentiation.Spsa }),
            "mps" => new MpsDevice().Compile<T>(Layers(9, words: "X0*X1*Y5-0.4*Y1*Y2+0.3*Z3"), options),
            "pauli" => new PauliDevice().Compile<T>(Layers(6), options),
            "pauli by maps" => new PauliDevice().Compile<T>(Mapped(), options),
            "many words" => new PauliDevice().Compile<T>(Layers(8, words: "X0*X1*Y5-0.4*Y1*Y2+0.3*Z3"), options),
            _ => throw new ArgumentException($"No workload '{workload}'.", nameof(workload)),
        };
    }

    // A gate whose generator's words do not commute, one that has no angle, and a guard.
    private static Circuit Mapped()
    {
        var circuit = new CircuitBuilder(3);
        var (x, w) = (circuit.Inputs(1), circuit.Weights("w", 1));
        return circuit.H(0).T(0).H(0).RY(x[0], 1).If(x[0] > 0.1, then => then.FermionicSWAP(w[0], 0, 1)).FermionicSWAP(x[0], 1, 2).CSWAP(0, 1, 2).ExpectZ().Build();
    }

    private static Circuit Layers(int wires, bool noise = false, string words = "Z0")
    {
        var circuit = new CircuitBuilder(wires);
        var (x, w) = (circuit.Inputs(wires), circuit.Weights("w", 2, wires));
        for (var layer = 0; layer < 2; layer++)
        {
            for (var wire = 0; wire < wires; wire++)
            {
                circuit.RX(x[wire], wire).RZ(w[layer, wire], wire);
                if (noise)
                {
                    circuit.DepolarizingChannel(0.02, wire);
                }
            }

            for (var wire = 0; wire < wires; wire++)
            {
                circuit.CNOT(wire, (wire + 1) % wires);
            }
        }

        return circuit.ExpectZ().Expect(PauliSum.Parse(words)).Build();
    }

    private sealed class FailingFrom(int first) : IChunkedWork
    {
        public void Run(int chunk, int slot)
        {
            if (chunk >= first)
            {
                throw new NotSupportedException($"chunk {chunk}");
            }
        }
    }

    // Counts how often each chunk runs, and may run work of its own on the same crew.
    private sealed class Tally(int chunks) : IChunkedWork
    {
        private Crew? crew;
        private int notWhole;

        public Func<Tally>? Inside { get; init; }

        public int[] Runs { get; } = new int[chunks];

        public bool AreInnerWhole => notWhole == 0;

        public void Reset(Crew on)
        {
            crew = on;
            Array.Clear(Runs);
        }

        public void Run(int chunk, int slot)
        {
            Interlocked.Increment(ref Runs[chunk]);
            if (Inside?.Invoke() is { } inner)
            {
                crew!.Run(inner.Runs.Length, inner, shared: true);
                Interlocked.Add(ref notWhole, inner.Runs.Count(runs => runs != 1));
            }
        }
    }
}
