// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Xunit;

namespace Qusp.Tests;

/// <summary>The table against PennyLane 0.41.1.</summary>
public sealed class GoldenGateTests
{
    public static TheoryData<int> Entries => [.. Enumerable.Range(0, GoldenGates.All.Length)];

    [Theory]
    [MemberData(nameof(Entries))]
    public void A_row_has_the_matrix_of_PennyLane(int entry)
    {
        var golden = GoldenGates.All[entry];
        Assert.Equal(golden.Wires, golden.Gate.Wires);
        GateSamples.AssertClose(golden.Matrix, golden.Gate.Matrix([.. golden.Parameters]), 1e-12, golden.ToString());
    }

    [Theory]
    [MemberData(nameof(Entries))]
    public void A_row_has_the_generator_of_PennyLane(int entry)
    {
        var golden = GoldenGates.All[entry];
        if (golden.Generator is not { } generator)
        {
            return;
        }

        if (golden.Gate.Generator is { } ours)
        {
            GateSamples.AssertClose(generator, ours, 1e-12, golden.ToString());
        }

        // Orbital rotations have five eigenvalues, so no generator of ours; dU/dθ = iGU holds all the same.
        Assert.True(golden.Gate.Generator is not null || golden.Name == "OrbitalRotation", golden.ToString());
        double[] angles = [.. golden.Parameters];
        var expected = MatrixAlgebra.Scale(MatrixAlgebra.Multiply(generator, golden.Matrix), Complex.ImaginaryOne);
        GateSamples.AssertClose(expected, golden.Gate.Derivative(0, angles), 1e-12, golden.ToString());
    }

    [Theory]
    [MemberData(nameof(Entries))]
    public void A_row_has_the_frequencies_of_PennyLane(int entry)
    {
        var golden = GoldenGates.All[entry];
        if (golden.Frequencies.IsDefault)
        {
            return;
        }

        Assert.Equal(golden.Frequencies.Length, golden.Gate.Frequencies.Length);
        for (var k = 0; k < golden.Frequencies.Length; k++)
        {
            Assert.Equal(golden.Frequencies[k], golden.Gate.Frequencies[k]);
        }
    }

    [Fact]
    public void PennyLane_tells_generators_and_frequencies_of_most_rotations()
    {
        // What the two tests above pass over must not grow unseen.
        Assert.Equal(70, GoldenGates.All.Count(golden => golden.Generator is not null));
        Assert.Equal(78, GoldenGates.All.Count(golden => !golden.Frequencies.IsDefault));
    }

    [Fact]
    public void Every_row_of_the_table_is_in_the_golden_data()
    {
        var seen = GoldenGates.All.Select(golden => golden.Gate).ToHashSet();
        Assert.Empty(Gates.All.Where(row => !seen.Contains(row)));
    }
}
