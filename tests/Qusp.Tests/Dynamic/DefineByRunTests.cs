// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using CsCheck;
using Qusp.Tests.Conformance;
using Xunit;

namespace Qusp.Tests.Dynamic;

public sealed class DefineByRunTests
{
    [Theory]
    [MemberData(nameof(Contender.ByExactMethod), MemberType = typeof(Contender))]
    public void The_origins_circuit_written_with_if_is_the_one_with_guards_in_double(string device, Differentiation method) => Origin<double>(device, method);

    [Theory]
    [MemberData(nameof(Contender.ByExactMethod), MemberType = typeof(Contender))]
    public void The_origins_circuit_written_with_if_is_the_one_with_guards_in_single(string device, Differentiation method) => Origin<float>(device, method);

    [Fact]
    public void Gradients_flow_through_loops_to_inputs_and_weights()
    {
        // How often it turns depends on the data; the angle is a product that the loop made.
        using var program = Compile(new CpuDevice());
        double[] x = [0.9, 0.4, -0.3, 1.7, 2.3, 0.2];
        double[] w = [0.7, 1.1];
        double[] g = [1, -0.5, 0.3, 2, -1, 0.4];
        var (byInputs, byWeights) = (new double[6], new double[2]);
        program.Pullback(3, x, w, g, byInputs, byWeights);
        for (var j = 0; j < 6; j++)
        {
            var at = j;
            Assert.Equal(Slope(step => Loss([.. x.Select((value, k) => k == at ? value + step : value)], w)), byInputs[j], 1e-8);
        }

        for (var k = 0; k < 2; k++)
        {
            var at = k;
            Assert.Equal(Slope(step => Loss(x, [.. w.Select((value, i) => i == at ? value + step : value)])), byWeights[k], 1e-8);
        }

        double Loss(double[] inputs, double[] weights) => program.Evaluate<double>(inputs, weights).Zip(g, (value, factor) => value * factor).Sum();

        static double Slope(Func<double, double> f) => ((8 * (f(1e-3) - f(-1e-3))) - (f(2e-3) - f(-2e-3))) / 12e-3;
    }

    [Fact]
    public void Samples_of_one_structure_run_in_one_program_and_the_ledger_counts_what_ran()
    {
        var compiled = new List<Circuit>();
        using var program = new DefineByRun(new Watching(compiled), Loop).Compile<double>(Frame(2, 2, 2));
        compiled.Clear();
        program.Evaluate(3, [0.9, 0.4, 0.3, 1.7, 2.3, 0.2], [0.7, 1.1], new double[6]);
        Assert.Equal(2, compiled.Count); // one turn, one turn, three turns
        program.Evaluate(3, [0.8, 0.3, 0.2, 1.6, 2.2, 0.1], [0.2, 2.1], new double[6]);
        Assert.Equal(2, compiled.Count);
        var cost = program.Cost;
        Assert.Equal((6, 2 * (2 + 2 + 4), 6, 0), (cost.Circuits, cost.Gates, cost.TwoQubitGates, cost.SkippedGates));
    }

    [Fact]
    public void Structures_that_are_dropped_are_compiled_again_and_stay_in_the_ledger()
    {
        var compiled = new List<Circuit>();
        using var bounded = new DefineByRun(new Watching(compiled), Loop, structures: 1).Compile<double>(Frame(2, 2, 2));
        using var free = new DefineByRun(new CpuDevice(), Loop).Compile<double>(Frame(2, 2, 2));
        double[] x = [0.9, 0.4, 2.3, 0.2, 0.3, 1.7];
        compiled.Clear();
        for (var k = 0; k < 3; k++)
        {
            Assert.Equal(free.Evaluate<double>(x, [0.7, 1.1]), bounded.Evaluate<double>(x, [0.7, 1.1]));
        }

        Assert.Equal(6, compiled.Count);
        Assert.Equal(free.Cost, bounded.Cost);
    }

    [Fact]
    public void Shots_are_each_samples_own_whatever_runs_beside_it()
    {
        var options = new ProgramOptions { Shots = 200 };
        using var program = new DefineByRun(new SamplerDevice(), Loop).Compile<double>(Frame(2, 2, 2), options);
        double[] x = [0.9, 0.4, 2.3, 0.2, 0.3, 1.7];
        var together = program.Evaluate<double>(x, [0.7, 1.1], new Draw(9));
        var alone = new double[2];
        program.Evaluate(1, x.AsSpan(2, 2), [0.7, 1.1], alone, new Draw(9, FirstSample: 1));
        Assert.Equal(together[2..4], alone);
    }

    [Fact]
    public void Templates_and_blocks_take_traced_numbers()
    {
        var frame = new CircuitBuilder(3);
        frame.Inputs(3);
        var guarded = new CircuitBuilder(3);
        guarded.IQPEmbedding(guarded.Inputs(3)).Adjoint(block => block.CRX(0.4, 0, 1));
        var device = new DefineByRun(new CpuDevice(), (circuit, x, w) => circuit.IQPEmbedding(x.ToArray()).Adjoint(block => block.CRX(0.4, 0, 1)));
        using var program = device.Compile<double>(frame.ExpectZ().Build());
        using var direct = new CpuDevice().Compile<double>(guarded.ExpectZ().Build());
        Assert.Equal(direct.Evaluate<double>([0.1, 0.2, 0.3]), program.Evaluate<double>([0.1, 0.2, 0.3]));
    }

    [Fact]
    public void A_traced_number_computes_with_its_value_as_the_angle_does() => Gen.Select(Gen.Double[0.1, 2], Gen.Double[0.1, 2]).Sample((a, b) =>
    {
        var (x, y) = (new TracedNumber(a, Angle.Input(0), single: false), new TracedNumber(b, Angle.Weight(0), single: false));
        foreach (var number in (TracedNumber[])
            [
                x + y, x - y, -x, x * y, x / y, 2 * x, x + 1, TracedNumber.Abs(x - y), TracedNumber.Sin(x), TracedNumber.Cos(x), TracedNumber.Exp(x),
                TracedNumber.Log(x), TracedNumber.Sqrt(x), TracedNumber.Tanh(x), TracedNumber.Atan2(x, y),
            ])
        {
            Assert.Equal(number.Angle.Value([a], [b]), number.Value, 12);
        }

        Assert.Equal((a > b, a < b, a >= b, a <= b), (x > y, x < y, x >= y, x <= y));
        Assert.False(x > double.NaN || x < double.NaN || x >= double.NaN || x <= double.NaN);
    });

    [Fact]
    public void What_the_frame_must_say_is_refused_in_the_delegate()
    {
        Refuses((circuit, x, w) => circuit.Inputs(1));
        Refuses((circuit, x, w) => circuit.Weights("more", 1));
        Refuses((circuit, x, w) => circuit.ExpectZ(0));

        static void Refuses(SampleWriter write)
        {
            using var program = new DefineByRun(new CpuDevice(), write).Compile<double>(Frame(1, 1, 1));
            Assert.Contains("frame", Assert.Throws<InvalidOperationException>(() => program.Evaluate<double>([0.5], [0.1])).Message, StringComparison.Ordinal);
        }
    }

    private static void Origin<T>(string device, Differentiation method)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var builder = new CircuitBuilder(4);
        var inputs = builder.Inputs(4);
        for (var i = 0; i < 4; i++)
        {
            var wire = i;
            builder.If(inputs[wire] > 0.1, then => then.RY(inputs[wire], wire).CNOT(wire, (wire + 1) % 4));
        }

        var options = new ProgramOptions { Differentiation = method };
        using var guarded = Contender.Find(device).Compile<T>(builder.ExpectZ().Build(), options);
        using var run = new DefineByRun(Contender.Find(device), (circuit, x, w) =>
        {
            for (var i = 0; i < 4; i++)
            {
                if (x[i] > 0.1)
                {
                    circuit.RY(x[i], i).CNOT(i, (i + 1) % 4);
                }
            }
        }).Compile<T>(Frame(4, 4, 0), options);

        // 0.1 itself, in both precisions, is not beyond the threshold.
        Gen.OneOf(Gen.Const(0.1), Gen.Double[-1, 1]).Array[4 * 9].Sample(
            data =>
            {
                var x = Tolerance.Convert<T>(data);
                var tolerance = typeof(T) == typeof(float) ? 1e-6 : 1e-13;
                Near(guarded.Evaluate<T>(x), run.Evaluate<T>(x), tolerance);
                T[] g = [.. Enumerable.Range(0, 36).Select(k => T.CreateChecked(Math.Cos(k)))];
                var (expected, actual) = (new T[36], new T[36]);
                guarded.Pullback(9, x, [], g, expected, []);
                run.Pullback(9, x, [], g, actual, []);
                Near(expected, actual, tolerance);
            },
            iter: 3,
            threads: 1);

        static void Near(T[] expected, T[] actual, double tolerance)
        {
            for (var k = 0; k < expected.Length; k++)
            {
                Tolerance.Near(double.CreateChecked(expected[k]), double.CreateChecked(actual[k]), tolerance, $"number {k}");
            }
        }
    }

    private static IProgram<double> Compile(IDevice device) => new DefineByRun(device, Loop).Compile<double>(Frame(2, 2, 2));

    private static Circuit Frame(int wires, int inputs, int weights)
    {
        var frame = new CircuitBuilder(wires);
        frame.Inputs(inputs);
        if (weights > 0)
        {
            frame.Weights("w", weights);
        }

        return frame.ExpectZ().Build();
    }

    private static void Loop(CircuitBuilder circuit, ReadOnlySpan<TracedNumber> x, ReadOnlySpan<TracedNumber> w)
    {
        var angle = x[0] * w[0];
        circuit.RY(angle, 0);
        for (var turn = 0; turn < Math.Max(1, (int)Math.Ceiling(x[0].Value)) - 1; turn++)
        {
            angle = TracedNumber.Sin(angle) * x[1];
            circuit.RX(angle + w[1], 1);
        }

        circuit.CNOT(0, 1);
    }

    private sealed class Watching(List<Circuit> compiled) : IDevice
    {
        private readonly CpuDevice cpu = new();

        public string Name => "watching";

        public string Description => "counts what is compiled";

        public IReadOnlyList<Differentiation> Differentiations => cpu.Differentiations;

        public string? Refusal(Circuit? circuit) => cpu.Refusal(circuit);

        public IProgram<T> Compile<T>(Circuit circuit, ProgramOptions? options = null)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            compiled.Add(circuit);
            return cpu.Compile<T>(circuit, options);
        }
    }
}
