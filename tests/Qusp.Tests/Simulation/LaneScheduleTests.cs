// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using CsCheck;
using Qusp.Simulation;
using Qusp.Simulation.Lanes;
using Xunit;

namespace Qusp.Tests.Simulation;

/// <summary>Passes of many steps against the reference, which runs gate by gate.</summary>
public sealed class LaneScheduleTests
{
    // Gates whose pieces go to turns and monomials, between others that bar the way.
    private static readonly Gen<(int Kind, int First, int Second, int Angle)[]> Steps =
        Gen.Select(Gen.Int[0, 13], Gen.Int[0, 100], Gen.Int[0, 100], Gen.Int[0, 7]).Array[5, 60];

    [Theory]
    [InlineData(512)]
    [InlineData(128)]
    [InlineData(64)]
    public void Passes_give_the_numbers_of_the_steps_one_by_one(int bits)
    {
        Gen.Select(Gen.Int[3, 8], Steps).Sample(
            (wires, steps) =>
            {
                var circuit = Build(wires, steps);
                var (expected, actual) = (Run(new ReferenceDevice(), circuit), Run(new CpuDevice(bits), circuit));
                for (var k = 0; k < expected.Length; k++)
                {
                    Assert.True(Math.Abs(expected[k] - actual[k]) < 1e-11, $"number {k}: {actual[k]:R}, not {expected[k]:R}");
                }
            },
            iter: 40,
            threads: 1);
    }

    [Fact]
    public void A_layer_of_rotations_and_a_ring_of_CNOTs_is_two_passes()
    {
        // The first layer's rotations are a product, and the last permutation is left to the readout of probabilities.
        var schedule = Of(Layers(PauliSum.Parse("Z0*Z1+0.5*Z2")));
        Assert.Equal(6, schedule.Passes.Length);
        Assert.Equal(3, schedule.Passes.Count(pass => pass.Kind == PassKind.Turns));
        Assert.Equal(3, schedule.Passes.Count(pass => pass.Kind == PassKind.Monomial));
        Assert.NotNull(schedule.Last);
    }

    [Fact]
    public void What_reads_amplitudes_finds_them_in_their_place()
    {
        var schedule = Of(Layers(PauliSum.Parse("Z0*Z1+0.5*X2")));
        Assert.Equal(7, schedule.Passes.Length);
        Assert.Null(schedule.Last);
    }

    [Fact]
    public void A_circuit_whose_passes_are_too_many_to_keep_their_tables_gives_the_same_numbers()
    {
        var circuit = Long(12, 3000);
        Assert.False(Of(circuit).KeepsTables);
        var alone = Run(new CpuDevice(0, CpuPath.OneState), circuit);
        Near(Run(new CpuDevice(0, CpuPath.Lanes), circuit), 1e-9);
        Near([.. Run<float>(new CpuDevice(0, CpuPath.Lanes), circuit).Select(number => (double)number)], 1e-3); // after 3000 roundings, in sums over a batch

        void Near(double[] lanes, double tolerance)
        {
            for (var k = 0; k < alone.Length; k++)
            {
                Assert.True(Math.Abs(alone[k] - lanes[k]) < tolerance, $"number {k}: {lanes[k]:R}, not {alone[k]:R}");
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    public void What_was_computed_from_the_weights_of_a_call_is_of_no_account_in_the_next(int wires)
    {
        Same<double>();
        Same<float>();

        void Same<T>()
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            var circuit = Build(Math.Max(3, wires), [.. Enumerable.Range(0, 40).Select(k => (k % 13, k, 3 * k, k % 8))]);
            if (wires == 1)
            {
                var one = new CircuitBuilder(1);
                var w = one.Weights("w", 4);
                circuit = one.H(0).RZ(w[0], 0).T(0).RY(w[1], 0).RZ(w[2], 0).RX(w[3], 0).Expect(PauliWord.Y(0)).Build();
            }

            var (x, y, gradient) = (new T[circuit.Inputs], new T[circuit.Outputs], new T[4]);
            T[][] weights = [.. Enumerable.Range(0, 3).Select(k => Enumerable.Range(0, 4).Select(i => T.CreateChecked(Math.Sin(k + (4 * i)))).ToArray())];
            using var kept = Compile();
            foreach (var w in (T[][])[weights[0], weights[1], weights[1], weights[2], weights[0]])
            {
                using var fresh = Compile();
                Assert.Equal(Numbers(fresh, w), Numbers(kept, w));
            }

            IProgram<T> Compile() => new CpuDevice(0, CpuPath.Lanes).Compile<T>(circuit, new ProgramOptions { Threads = 1 });

            T[] Numbers(IProgram<T> program, T[] w)
            {
                program.Evaluate(1, x, w, y);
                program.Pullback(1, x, w, [.. y.Select(_ => T.One)], [], gradient);
                return [.. y, .. gradient];
            }
        }
    }

    [Fact]
    public void A_gate_of_a_long_circuit_takes_no_table_of_its_own()
    {
        const int few = 12_000, many = 24_000, bytesOfAGate = 1500; // a step, its share of a pass, and what finding them takes; a table is 20 kB
        var (short_, long_) = (Allocated(Long(10, few)), Allocated(Long(10, many)));
        Assert.InRange((long_ - short_) / (many - few), 0, bytesOfAGate);

        static long Allocated(Circuit circuit)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            using var program = new CpuDevice(0, CpuPath.Lanes).Compile<double>(circuit, new ProgramOptions { Threads = 1 });
            program.Evaluate(2, new double[2 * 3], new double[4], new double[2 * circuit.Outputs]);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(400)]
    public void A_step_joins_the_earliest_pass_that_it_can_reach(int repetitions)
    {
        // What happens on two wires does not keep a third wire's turn from the first pass of turns.
        var circuit = new CircuitBuilder(4).CNOT(0, 1).CNOT(2, 3);
        for (var k = 0; k < repetitions; k++)
        {
            circuit.RY(0.1, 0).RY(0.2, 1).CNOT(0, 1);
        }

        circuit.RY(0.3, 3).CNOT(2, 3).RY(0.4, 3);
        var turns = Of(circuit.Expect(PauliWord.X(0)).Build()).Passes.Where(pass => pass.Kind == PassKind.Turns).ToArray();
        Assert.Equal([0, 2, 3], turns[0].Steps.Select(step => step.Bits[0]));
        Assert.Equal([0, 2, 3], turns[1].Steps.Select(step => step.Bits[0]));
        Assert.Equal(repetitions, turns.Length);
    }

    private static Circuit Long(int wires, int gates)
    {
        var circuit = new CircuitBuilder(wires);
        var (x, w) = (circuit.Inputs(3), circuit.Weights("w", 4));
        for (var k = 0; k < gates; k++)
        {
            var (a, b) = (k * 7 % wires, (k * 7 + 1 + (k % (wires - 1))) % wires);
            _ = (k % 11) switch
            {
                0 or 6 => circuit.RY(w[k % 4], a),
                1 or 7 => circuit.RZ(w[(k + 1) % 4], a),
                2 => circuit.H(a),
                3 => circuit.RX(x[k % 3], a),
                4 => circuit.CZ(a, b),
                5 => circuit.T(a),
                8 => circuit.RZ(0.01 * k, b),
                _ => circuit.CNOT(a, b),
            };
        }

        return circuit.ExpectZ().Build();
    }

    private static Schedule Of(Circuit circuit) => new(Lowering.Lower(circuit), new Readout(circuit));

    private static Circuit Layers(PauliSum measured)
    {
        var circuit = new CircuitBuilder(10);
        var w = circuit.Weights("w", 4, 10, 3);
        for (var layer = 0; layer < 4; layer++)
        {
            for (var wire = 0; wire < 10; wire++)
            {
                circuit.RZ(w[layer, wire, 0], wire).RY(w[layer, wire, 1], wire).RZ(w[layer, wire, 2], wire);
            }

            for (var wire = 0; wire < 10; wire++)
            {
                circuit.CNOT(wire, (wire + 1) % 10);
            }
        }

        return circuit.Expect(measured).Build();
    }

    private static Circuit Build(int wires, (int Kind, int First, int Second, int Angle)[] steps)
    {
        var circuit = new CircuitBuilder(wires);
        var (x, w) = (circuit.Inputs(3), circuit.Weights("w", 4));
        Angle[] angles = [w[0], w[1], w[2], w[3], x[0], x[1], 0.8, 0.5 * w[0] + 0.2];
        for (var wire = 0; wire < wires; wire++)
        {
            circuit.RY(0.3 + wire, wire).RX(angles[wire], wire);
        }

        foreach (var (kind, first, second, of) in steps)
        {
            var (a, angle) = (first % wires, angles[of]);
            var b = (a + 1 + (second % (wires - 1))) % wires;
            var c = Enumerable.Range(0, wires).First(wire => wire != a && wire != b);
            _ = kind switch
            {
                0 or 1 => circuit.RY(angle, a),
                2 or 3 => circuit.RZ(angle, a),
                4 or 5 => circuit.CNOT(a, b),
                6 => circuit.PhaseShift(angle, a),
                7 => circuit.IsingZZ(angle, a, b),
                8 => circuit.CZ(a, b).S(b),
                9 => circuit.SWAP(a, b).X(a),
                10 => circuit.Toffoli(a, b, c),
                11 => circuit.CRZ(angle, a, b),
                12 => circuit.RX(angle, a),
                _ => circuit.If(x[2] > 0.1, then => then.CNOT(a, b).RY(angle, a).RZ(angle, b)),
            };
        }

        circuit.ExpectZ().Expect(PauliSum.Parse(steps.Length % 2 == 0 ? "X0*Z1+0.5*Y2" : "Z0*Z1+0.5*Z2"));
        return steps.Length % 3 == 0 ? circuit.Probabilities(1, 0).Build() : circuit.Build();
    }

    private static double[] Run(IDevice device, Circuit circuit) => Run<double>(device, circuit);

    private static T[] Run<T>(IDevice device, Circuit circuit)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        const int batch = 11;
        using var program = device.Compile<T>(circuit, new ProgramOptions { Threads = 1 });
        T[] Numbers(int count, double step) => [.. Enumerable.Range(0, count).Select(k => T.CreateChecked(3 * Math.Sin(step * (k + 1))))];
        var (x, w, g) = (Numbers(batch * 3, 0.53), Numbers(4, 0.37), Numbers(batch * circuit.Outputs, 0.3));
        var (outputs, byInputs, byWeights) = (new T[batch * circuit.Outputs], new T[x.Length], new T[4]);
        program.Evaluate(batch, x, w, outputs);
        program.Pullback(batch, x, w, g, byInputs, byWeights);
        return [.. outputs, .. byInputs, .. byWeights];
    }
}
