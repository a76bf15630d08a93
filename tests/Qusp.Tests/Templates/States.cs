// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Xunit;

namespace Qusp.Tests.Templates;

/// <summary>What a circuit does to |0…0⟩ and as a matrix, by the reference device.</summary>
internal static class States
{
    public static Complex[] Of(Circuit circuit, double[]? inputs = null, double[]? weights = null)
    {
        using var program = new ReferenceDevice().Compile<double>(circuit);
        return [.. program.Evaluate<double>(inputs ?? [], weights ?? []).Chunk(2).Select(pair => new Complex(pair[0], pair[1]))];
    }

    /// <summary>The unitary that is written, column by column.</summary>
    public static Complex[,] Unitary(int wires, Action<CircuitBuilder> write)
    {
        var matrix = new Complex[1 << wires, 1 << wires];
        for (var column = 0; column < 1 << wires; column++)
        {
            var circuit = new CircuitBuilder(wires).BasisState([.. Enumerable.Range(0, wires).Select(k => ((column >> (wires - 1 - k)) & 1) == 1)]);
            write(circuit);
            var state = Of(circuit.State().Build());
            for (var row = 0; row < state.Length; row++)
            {
                matrix[row, column] = state[row];
            }
        }

        return matrix;
    }

    public static void AssertClose(Complex[] expected, Complex[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True((expected[i] - actual[i]).Magnitude < 1e-12, $"ψ[{i}] is {actual[i]}, not {expected[i]}");
        }
    }
}
