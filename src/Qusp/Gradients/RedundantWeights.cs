// SPDX-License-Identifier: Apache-2.0

namespace Qusp;

/// <summary>
/// Removes weights that others can stand in for. Along a null vector of the quantum Fisher information the state does not change (Haug,
/// Bharti, Kim 2021, arXiv:2102.01659): the weights are moved along one until a rotation is the identity, and it goes. Where the state is curved the move
/// is not exact, so each is kept only if the outputs of all samples stay.
/// </summary>
public static class RedundantWeights
{
    private const double NullShare = 1e-9; // of the largest diagonal entry
    private const double Allowed = 1e-10; // change of an output

    /// <summary>The circuit without redundant rotations, and the weights that give the same outputs on these samples to 1e-10.</summary>
    /// <param name="circuit">The circuit, of pure states.</param>
    /// <param name="device">An exact device that reads state vectors, such as <c>cpu</c>.</param>
    /// <param name="batch">The number B of samples, at least 1.</param>
    /// <param name="inputs">The samples, <c>[B, I]</c>: of each pattern of guards that occurs there should be one.</param>
    /// <param name="weights">The weights, <c>[W]</c>.</param>
    /// <exception cref="ArgumentException">A span's length is not what the circuit and the batch ask for.</exception>
    /// <exception cref="NotSupportedException">As for <see cref="QuantumFisher"/>.</exception>
    public static CompactCircuit RemoveRedundant(this Circuit circuit, IDevice device, int batch, ReadOnlySpan<double> inputs, ReadOnlySpan<double> weights)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        ArgumentNullException.ThrowIfNull(device);
        var samples = inputs.ToArray();
        var expected = Outputs(device, circuit, batch, samples, weights.ToArray());
        var compact = circuit.Compact(weights);
        while (compact.Weights.Length > 0 && Smaller(device, compact, batch, samples, expected) is { } smaller)
        {
            compact = smaller with { Kept = [.. smaller.Kept.Select(index => compact.Kept[index])] };
        }

        return compact;
    }

    private static CompactCircuit? Smaller(IDevice device, CompactCircuit from, int batch, double[] samples, double[] expected)
    {
        using var fisher = new QuantumFisher(device, from.Circuit);
        var information = fisher.Evaluate(batch, samples, from.Weights.AsSpan());
        foreach (var direction in NullVectors(information))
        {
            var nearest = from.Circuit.NearestIdentity(from.Weights.AsSpan());
            var moves = Enumerable.Range(0, direction.Length)
                .Where(w => Math.Abs(direction[w]) > 1e-6 && double.IsFinite(nearest[w].Distance))
                .Select(w => (Weight: w, Step: (nearest[w].Value - from.Weights[w]) / direction[w]))
                .OrderBy(move => Math.Abs(move.Step));
            foreach (var (weight, step) in moves)
            {
                double[] moved = [.. from.Weights.Select((value, w) => value + (step * direction[w]))];
                moved[weight] = nearest[weight].Value; // exactly
                if (Outputs(device, from.Circuit, batch, samples, moved).Zip(expected).All(pair => Math.Abs(pair.First - pair.Second) <= Allowed))
                {
                    return from.Circuit.Compact(moved);
                }
            }
        }

        return null;
    }

    private static double[] Outputs(IDevice device, Circuit circuit, int batch, double[] samples, double[] weights)
    {
        using var program = device.Compile<double>(circuit, new ProgramOptions { Differentiation = Differentiation.None });
        var outputs = new double[batch * circuit.Outputs];
        program.Evaluate(batch, samples, weights, outputs);
        return outputs;
    }

    // A basis of the null space of a symmetric matrix, by reduction with the largest pivot of each column.
    private static IEnumerable<double[]> NullVectors(double[,] matrix)
    {
        var n = matrix.GetLength(0);
        var m = (double[,])matrix.Clone();
        var least = NullShare * Math.Max(1e-3, Enumerable.Range(0, n).Max(k => m[k, k]));
        var (pivots, row) = (new List<int>(), 0);
        for (var column = 0; column < n; column++)
        {
            var best = Enumerable.Range(row, n - row).DefaultIfEmpty(-1).MaxBy(r => r < 0 ? 0 : Math.Abs(m[r, column]));
            if (best < 0 || Math.Abs(m[best, column]) <= least)
            {
                continue;
            }

            for (var c = 0; c < n; c++)
            {
                (m[row, c], m[best, c]) = (m[best, c], m[row, c]);
            }

            for (var r = 0; r < n; r++)
            {
                var factor = r == row ? 0 : m[r, column] / m[row, column];
                for (var c = 0; c < n && factor != 0; c++)
                {
                    m[r, c] -= factor * m[row, c];
                }
            }

            pivots.Add(column);
            row++;
        }

        foreach (var free in Enumerable.Range(0, n).Except(pivots))
        {
            var vector = new double[n];
            vector[free] = 1;
            foreach (var (r, column) in pivots.Index())
            {
                vector[column] = -m[r, free] / m[r, column];
            }

            yield return vector;
        }
    }
}
