// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Xunit;

namespace Qusp.Tests;

/// <summary>The reader itself: every entry becomes a circuit that gives the golden state. What it says of them is true.</summary>
public sealed class GoldenReaderTests
{
    [Fact]
    public void Every_file_has_the_entries_that_its_readme_counts()
    {
        Assert.Equal(127, GoldenGates.All.Length);
        Assert.Equal(7, GoldenGates.Channels.Length);
        Assert.Equal(30, GoldenCircuits.All.Length);
        Assert.Equal(10, GoldenCircuits.Noisy.Length);
        Assert.Equal(34, GoldenTemplates.All.Length);
        Assert.Equal(29, GoldenSeed.Cases.Length);
        Assert.Equal(12, GoldenSeed.FloatCases.Length);
    }

    [Fact]
    public void Every_pure_circuit_gives_its_state_by_dense_matrices()
    {
        foreach (var golden in GoldenCircuits.All)
        {
            foreach (var source in Enum.GetValues<AngleSource>())
            {
                AssertState(golden.State, golden.ToCircuit(source), [.. golden.Values], golden.ToString());
            }
        }
    }

    [Fact]
    public void Every_template_gives_its_state_by_dense_matrices()
    {
        foreach (var golden in GoldenTemplates.All)
        {
            AssertState(golden.State, golden.ToCircuit(AngleSource.Constant), [], golden.ToString());
            if (golden.WeightsAreAngles)
            {
                AssertState(golden.State, golden.ToCircuit(AngleSource.Weight), [.. golden.Weights], golden.ToString());
                AssertState(golden.State, golden.ToCircuit(AngleSource.Input), [.. golden.Weights], golden.ToString());
            }
        }
    }

    [Fact]
    public void A_template_whose_weights_are_angles_uses_each_of_them()
    {
        foreach (var golden in GoldenTemplates.All.Where(template => template.WeightsAreAngles))
        {
            var used = golden.ToCircuit(AngleSource.Weight).Operations.SelectMany(operation => operation.Angles)
                .Where(angle => !angle.IsConstant).Select(angle => angle.Index).ToHashSet();
            Assert.True(used.SetEquals(Enumerable.Range(0, golden.Weights.Length)), golden.ToString());
        }
    }

    [Fact]
    public void Every_noisy_operation_is_a_gate_or_a_channel()
    {
        var operations = GoldenCircuits.Noisy.SelectMany(circuit => circuit.Operations).ToList();
        Assert.Equal(77, operations.Count(operation => operation.IsChannel));
        Assert.All(operations, operation => Assert.NotNull(operation.ToOperation()));
    }

    private static void AssertState(IReadOnlyList<Complex> expected, Circuit circuit, double[] values, string name)
    {
        var state = new Complex[expected.Count];
        state[0] = 1;
        foreach (var operation in circuit.Operations)
        {
            var angles = operation.Angles.Select(angle => angle.Value(values, values)).ToArray();
            var matrix = MatrixAlgebra.Embed(operation.Gate.Matrix(angles), operation.Wires.AsSpan(), circuit.Wires);
            state = [.. Enumerable.Range(0, state.Length).Select(r => state.Select((amplitude, c) => matrix[r, c] * amplitude).Aggregate(Complex.Add))];
        }

        for (var i = 0; i < expected.Count; i++)
        {
            Assert.True(Complex.Abs(expected[i] - state[i]) < 1e-12, $"{name}: amplitude {i} is {state[i]}, not {expected[i]}");
        }
    }
}
