// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Qusp.Tests.Conformance;
using Xunit;

namespace Qusp.Tests.Gradients;

public sealed class QuantumFisherTests
{
    [Fact]
    public void Of_a_product_of_rotations_it_is_the_identity()
    {
        // The metric tensor of RY on |0⟩ is 1/4 in PennyLane's convention: F = 4 g.
        var builder = new CircuitBuilder(3);
        var w = builder.Weights("w", 3);
        var circuit = builder.RY(w[0], 0).RY(w[1], 1).RX(w[2], 2).ExpectZ().Build();
        AssertEqual(new double[,] { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } }, Exact(circuit, [0.3, 1.2, -0.4]), 1e-12);
    }

    [Fact]
    public void Of_a_rotation_about_the_axis_that_the_state_has_it_is_nothing()
    {
        var builder = new CircuitBuilder(1);
        var w = builder.Weights("w", 3);
        var circuit = builder.RZ(w[0], 0).RY(w[1], 0).RZ(w[2], 0).ExpectZ().Build();
        var sin = Math.Sin(1.2);
        AssertEqual(new double[,] { { 0, 0, 0 }, { 0, 1, 0 }, { 0, 0, sin * sin } }, Exact(circuit, [0.3, 1.2, -0.4]), 1e-12); // the sphere's metric
    }

    [Fact]
    public void By_states_by_overlaps_and_by_differences_of_states_it_is_the_same_on_random_circuits() =>
        RandomCircuits.Of([.. RandomCircuits.All.Where(gate => gate.Wires <= 2)], 2, 7).Sample(
            circuit =>
            {
                double[] x = [0.7, -1.1, 2.3], w = [0.3, -1.7, 0.9];
                using var fisher = new QuantumFisher(new CpuDevice(), circuit);
                var expected = ByDifferences(circuit, x, w);
                AssertEqual(expected, fisher.Evaluate(1, x, w), 1e-6);
                AssertEqual(fisher.Evaluate(1, x, w), QuantumFisher.ByOverlaps(new CpuDevice(), circuit, x, w), 1e-8);
            },
            iter: 40);

    [Fact]
    public void Over_a_batch_it_is_the_mean()
    {
        var builder = new CircuitBuilder(2);
        var x = builder.Inputs(1);
        var w = builder.Weights("w", 2);
        var circuit = builder.RX(x[0], 0).RZ(w[0], 0).CNOT(0, 1).If(x[0] > 0.5, then => then.RY(w[1], 1)).ExpectZ().Build();
        using var fisher = new QuantumFisher(new CpuDevice(), circuit);
        var (one, two) = (fisher.Evaluate(1, [0.3], [0.1, 0.2]), fisher.Evaluate(1, [0.9], [0.1, 0.2]));
        Assert.Equal(0, one[1, 1], 1e-14); // the guard is off
        var mean = fisher.Evaluate(2, [0.3, 0.9], [0.1, 0.2]);
        Assert.Equal((one[0, 0] + two[0, 0]) / 2, mean[0, 0], 1e-14);
        Assert.Equal((one[1, 1] + two[1, 1]) / 2, mean[1, 1], 1e-14);
    }

    [Fact]
    public void The_block_diagonal_keeps_what_is_in_one_layer()
    {
        var builder = new CircuitBuilder(2);
        var w = builder.Weights("w", 4);
        var circuit = builder.RY(0.4, 0).RX(0.9, 1).CZ(0, 1).RX(w[0], 0).RY(w[1], 1).CNOT(0, 1).RY(w[2], 0).RX(w[3], 1).ExpectZ().Build();
        using var full = new QuantumFisher(new CpuDevice(), circuit);
        using var block = new QuantumFisher(new CpuDevice(), circuit, blockDiagonal: true);
        double[] weights = [0.3, 0.8, -0.5, 1.4];
        var (all, blocks) = (full.Evaluate(1, [], weights), block.Evaluate(1, [], weights));
        for (var i = 0; i < 4; i++)
        {
            for (var j = 0; j < 4; j++)
            {
                Assert.Equal(i / 2 == j / 2 ? all[i, j] : 0, blocks[i, j], 1e-14);
            }
        }

        Assert.Contains(Enumerable.Range(0, 2), i => Math.Abs(all[i, 2]) > 1e-3); // something was left out
    }

    [Fact]
    public void Noise_is_refused()
    {
        var circuit = new CircuitBuilder(1).Reset(0).ExpectZ().Build();
        Assert.Throws<NotSupportedException>(() => new QuantumFisher(new CpuDevice(), circuit));
    }

    private static double[,] Exact(Circuit circuit, double[] weights)
    {
        using var fisher = new QuantumFisher(new CpuDevice(), circuit);
        return fisher.Evaluate(1, [], weights);
    }

    private static double[,] ByDifferences(Circuit circuit, double[] x, double[] w)
    {
        using var program = new ReferenceDevice().Compile<double>(circuit.WithMeasurements(new StateVector()));
        System.Numerics.Complex[] State(int moved, double amount)
        {
            var weights = (double[])w.Clone();
            if (moved >= 0)
            {
                weights[moved] += amount;
            }

            return [.. program.Evaluate<double>(x, weights).Chunk(2).Select(pair => new System.Numerics.Complex(pair[0], pair[1]))];
        }

        const double Step = 1e-5;
        var state = State(-1, 0);
        var slopes = w.Select((_, k) => State(k, Step).Zip(State(k, -Step), (a, b) => (a - b) / (2 * Step)).ToArray()).ToArray();
        System.Numerics.Complex Inner(System.Numerics.Complex[] a, System.Numerics.Complex[] b) =>
            a.Zip(b, (p, q) => System.Numerics.Complex.Conjugate(p) * q).Aggregate(System.Numerics.Complex.Add);
        var result = new double[w.Length, w.Length];
        for (var i = 0; i < w.Length; i++)
        {
            for (var j = 0; j < w.Length; j++)
            {
                result[i, j] = 4 * (Inner(slopes[i], slopes[j]) - (Inner(slopes[i], state) * Inner(state, slopes[j]))).Real;
            }
        }

        return result;
    }

    private static void AssertEqual(double[,] expected, double[,] actual, double tolerance)
    {
        for (var k = 0; k < expected.Length; k++)
        {
            var (i, j) = (k / expected.GetLength(1), k % expected.GetLength(1));
            Tolerance.Near(expected[i, j], actual[i, j], tolerance, $"entry {i}, {j}");
        }
    }
}
