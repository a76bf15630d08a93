// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using CsCheck;
using Qusp.Simulation;
using Qusp.Simulation.Lanes;
using Qusp.Simulation.Lanes.Code;
using Qusp.Tests.Conformance;
using Xunit;

namespace Qusp.Tests.Simulation;

/// <summary>Code made at run time against the interpreter that it is traced from, and both against the reference.</summary>
public sealed class LaneCodeTests
{
    private static readonly Gen<Circuit> Any = Gen.Int[1, 5].SelectMany(wires => Gen.Int.Array[1, 12].Select(seeds => Draw(wires, seeds)));

    [Theory]
    [InlineData(512)]
    [InlineData(256)]
    [InlineData(128)]
    public void Generated_code_gives_the_bits_of_the_interpreter_and_the_numbers_of_the_reference(int bits)
    {
        Any.Sample(
            circuit =>
            {
                const int batch = 19;
                var (code, plain) = (Run<double>(new CodeDevice(CodeUse.AtOnce, bits), circuit, batch), Run<double>(new CodeDevice(CodeUse.Never, bits), circuit, batch));
                Assert.Equal(plain, code);
                Near(Run<double>(new ReferenceDevice(), circuit, batch), code, 1e-12);
                var (single, plainSingle) = (Run<float>(new CodeDevice(CodeUse.AtOnce, bits), circuit, batch), Run<float>(new CodeDevice(CodeUse.Never, bits), circuit, batch));
                Assert.Equal(plainSingle, single);
            },
            iter: 60,
            threads: 1,
            print: circuit => string.Join("; ", circuit.Operations));
    }

    [Theory]
    [InlineData(512)]
    [InlineData(256)]
    [InlineData(128)]
    public void In_single_precision_the_reference_is_near(int bits)
    {
        Any.Sample(
            circuit => Near(Run<float>(new ReferenceDevice(), circuit, 19), Run<float>(new CodeDevice(CodeUse.AtOnce, bits), circuit, 19), 1e-5),
            iter: 20,
            threads: 1,
            print: circuit => string.Join("; ", circuit.Operations));
    }

    [Fact]
    public void Constant_phases_of_a_circuit_without_angles_are_in_the_code()
    {
        var builder = new CircuitBuilder(1);
        var x = builder.Inputs(1);
        var circuit = builder.H(0).If(x[0] > 0.1, then => then.Y(0)).S(0).T(0).Z(0).T(0).Expect(PauliWord.X(0)).Expect(PauliWord.Y(0)).Build();
        Near(Run<double>(new ReferenceDevice(), circuit, 19), Run<double>(new CodeDevice(CodeUse.AtOnce), circuit, 19), 1e-15);
    }

    [Fact]
    public void Small_circuits_have_code_and_long_ones_do_not()
    {
        Assert.NotNull(Make(4, 1));
        Assert.Null(Make(5, 60));
        Assert.False(LaneCode.IsPossible<double>(Lowering.Lower(Ladder(6, 1)), 8));
        Assert.False(LaneCode.IsPossible<double>(Lowering.Lower(Ladder(2, 1)), 1));
    }

    [Fact]
    public void A_block_with_an_angle_beyond_the_fast_reduction_runs_by_the_interpreter()
    {
        var circuit = new CircuitBuilder(1);
        var x = circuit.Inputs(1);
        using var program = new CodeDevice(CodeUse.AtOnce).Compile<double>(circuit.RY(x[0], 0).ExpectZ().Build());
        double[] values = [.. Enumerable.Range(0, 32).Select(k => k == 20 ? 1e9 : 0.1 * k)];
        var outputs = program.Evaluate<double>(values);
        Near([.. values.Select(Math.Cos)], outputs, 1e-15);
    }

    [Fact]
    public void Code_that_comes_during_use_changes_no_bit()
    {
        using var program = new CpuDevice().Compile<double>(Ladder(3, 1), new ProgramOptions { Threads = 1 });
        double[] x = [.. Enumerable.Range(0, 3 * 4096).Select(k => 0.37 * k % 7)];
        double[] w = [0.3, -1.2, 2.5];
        var first = program.Evaluate<double>(x, w);
        for (var call = 0; call < 200; call++)
        {
            Assert.Equal(first, program.Evaluate<double>(x, w));
        }
    }

    private static LaneCode? Make(int wires, int layers)
    {
        Assert.SkipUnless(RuntimeFeature.IsDynamicCodeSupported && LaneMath.IsFused<double>(), "no code is made here");
        var circuit = Ladder(wires, layers);
        var plan = Lowering.Lower(circuit);
        return LaneCode.Make<Lanes512<double>, double>(plan, new Schedule(plan, new Readout(circuit)), new Readout(circuit), differentiates: true);
    }

    private static Circuit Ladder(int wires, int layers)
    {
        var circuit = new CircuitBuilder(wires);
        var (x, w) = (circuit.Inputs(wires), circuit.Weights("w", wires));
        for (var k = 0; k < layers; k++)
        {
            for (var wire = 0; wire < wires; wire++)
            {
                circuit.RX(x[wire], wire).Rot(w[wire], x[wire], 0.1 * k, wire);
                if (wires > 1)
                {
                    circuit.CNOT(wire, (wire + 1) % wires);
                }
            }
        }

        return circuit.ExpectZ().Build();
    }

    // Every number of a circuit comes from a seed, so that a failing one shrinks.
    private static Circuit Draw(int wires, int[] seeds)
    {
        var circuit = new CircuitBuilder(wires);
        var (x, w) = (circuit.Inputs(5), circuit.Weights("w", 3));
        Angle[] sources = [x[0], x[1], x[2], x[3], x[4], w[0], w[1], w[2]];
        foreach (var seed in seeds)
        {
#pragma warning disable CA5394 // a test's choice
            var random = new Random(seed);
            var choices = GateSamples.All.Where(gate => gate.Wires <= wires && (gate.Parameters == 0 || gate.Generator is not null || gate.Decomposition.Length > 0)).ToArray();
            var gate = choices[random.Next(choices.Length)];
            int[] on = [.. Enumerable.Range(0, wires).OrderBy(_ => random.Next()).Take(gate.Wires)];
            Angle[] angles = [.. Enumerable.Range(0, gate.Parameters).Select(_ => random.Next(5) == 0 ? 0.7 : ((random.NextDouble() - 0.5) * sources[random.Next(sources.Length)]) + random.NextDouble())];
            Guard? guard = random.Next(3) == 0 ? random.Next(2) == 0 ? x[random.Next(5)] > 0.3 : x[random.Next(5)].Abs() > 0.8 : default(Guard?);
#pragma warning restore CA5394
            Add(circuit, gate, on, angles, guard);
        }

        var word = "XYZ"[wires % 3];
        return circuit.ExpectZ().Expect(PauliSum.Parse($"0.5*{word}0-0.3*Z{wires - 1}+1")).Probabilities(0).Build();
    }

    private static void Add(CircuitBuilder circuit, Gate gate, int[] on, Angle[] angles, Guard? guard)
    {
        if (guard is { } condition)
        {
            circuit.If(condition, then => then.Apply(gate, [.. on], [.. angles]));
        }
        else
        {
            circuit.Apply(gate, [.. on], [.. angles]);
        }
    }

    private static double[] Run<T>(IDevice device, Circuit circuit, int batch)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var program = device.Compile<T>(circuit.RoundThresholds<T>(), new ProgramOptions { Threads = 1 });
        T[] Numbers(int count, double step) => [.. Enumerable.Range(0, count).Select(k => T.CreateTruncating(Math.Sin(step * (k + 1)) * 3))];
        var (x, w, g) = (Numbers(batch * circuit.Inputs, 0.53), Numbers(circuit.Weights, 0.37), Numbers(batch * circuit.Outputs, 0.3));
        var (outputs, byInputs, byWeights) = (new T[batch * circuit.Outputs], new T[x.Length], new T[w.Length]);
        program.Evaluate(batch, x, w, outputs);
        program.Pullback(batch, x, w, g, byInputs, byWeights);
        return [.. outputs.Concat(byInputs).Concat(byWeights).Select(double.CreateTruncating)];
    }

    private static void Near(double[] expected, double[] actual, double tolerance)
    {
        var scale = expected.Select(Math.Abs).Append(1).Max();
        for (var k = 0; k < expected.Length; k++)
        {
            Tolerance.Near(expected[k], actual[k], tolerance * scale, $"number {k}");
        }
    }
}
