// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>
/// Minimises <c>L = Σ_b Σ_k g[b, k] O_k(b)</c> one weight after the other, without gradients and without a learning rate (Ostaszewski, Grant, Benedetti
/// 2021, arXiv:1905.09692; with several frequencies Wierichs et al. 2021, arXiv:2107.12390, appendix B). As a function of one weight L is a trigonometric polynomial of known
/// frequencies: 2R + 1 values, in one batch, fix it, and it is brought to its lowest point; for one frequency in closed form.
/// </summary>
public sealed class Rotosolve : IDisposable
{
    private const int MostFrequencies = 64;
    private const double Tiny = 1e-9;

    private readonly IProgram<double> program;
    private readonly ImmutableArray<ExposedAngle> angles;
    private readonly double[][] frequencies; // of each weight

    /// <summary>Compiles the circuit with an input for each varying angle.</summary>
    /// <param name="device">The device; with a sampled one L is estimated.</param>
    /// <param name="circuit">The circuit; its outputs are expectation values, probabilities or density matrices.</param>
    /// <param name="options">How to run it; its differentiation is not used.</param>
    /// <exception cref="NotSupportedException">
    /// The device cannot run it, an output is not linear in the density matrix, a weight is inside of an expression or has more than 64 frequencies.
    /// </exception>
    public Rotosolve(IDevice device, Circuit circuit, ProgramOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(circuit);
        if (circuit.Measurements.FirstOrDefault(measurement => measurement is StateVector or DerivedMeasurement) is { } other)
        {
            throw new NotSupportedException($"Rotosolve does not minimise {other}; measure expectation values, probabilities or a density matrix.");
        }

        Circuit = circuit;
        var exposed = circuit.ExposeAnglesOfWeights();
        angles = exposed.Angles;
        frequencies = [.. Enumerable.Range(0, circuit.Weights).Select(Frequencies)];
        program = device.Compile<double>(exposed.Circuit, (options ?? new ProgramOptions()) with { Differentiation = Differentiation.None });
    }

    /// <summary>The circuit as given.</summary>
    public Circuit Circuit { get; }

    /// <summary>What was executed.</summary>
    public Cost Cost => program.Cost;

    /// <summary>Brings each weight to its best value, once in order.</summary>
    /// <param name="weights">The weights, <c>[W]</c>, changed in place.</param>
    /// <param name="cotangents">g, <c>[B, K]</c>; all 1 if empty.</param>
    /// <param name="batch">The number B of samples.</param>
    /// <param name="inputs">The samples, <c>[B, I]</c>.</param>
    /// <param name="draw">The randomness of sampled devices.</param>
    /// <returns>L at the end; on exact devices never above L at the start.</returns>
    /// <exception cref="ArgumentException">A span's length is not what the circuit and the batch ask for.</exception>
    public double Step(Span<double> weights, ReadOnlySpan<double> cotangents = default, int batch = 1, ReadOnlySpan<double> inputs = default, Draw draw = default)
    {
        var g = cotangents.IsEmpty ? Enumerable.Repeat(1.0, batch * Circuit.Outputs).ToArray() : cotangents;
        Call.CheckPullback(Circuit, batch, inputs.Length, weights.Length, g.Length, 0, 0);
        var lowest = double.NaN;
        for (var weight = 0; weight < weights.Length; weight++)
        {
            var omega = frequencies[weight];
            if (omega.Length == 0)
            {
                continue;
            }

            // As many nodes as coefficients, over the period of the smallest difference.
            double[] all = [0, .. omega];
            var gap = all.Zip(omega, (a, b) => b - a).Min();
            double[] nodes = [.. Enumerable.Range(0, (2 * omega.Length) + 1).Select(k => 2 * Math.PI * k / (((2 * omega.Length) + 1) * gap))];
            var values = Values(weights, weight, nodes, g, batch, inputs, draw with { Seed = draw.Seed + ((ulong)weight << 32) });
            var (move, value) = Lowest(omega, Fit(omega, nodes, values), values[0]);
            weights[weight] += move;
            lowest = value;
        }

        return double.IsNaN(lowest) ? Values(weights, -1, [0], g, batch, inputs, draw)[0] : lowest;
    }

    /// <inheritdoc/>
    public void Dispose() => program.Dispose();

    // Sums and differences of the frequencies of all angles that the weight turns.
    private double[] Frequencies(int weight)
    {
        HashSet<double> sums = [0];
        foreach (var angle in angles.Where(angle => angle.Angle.Source == AngleSource.Weight && angle.Angle.Index == weight))
        {
            double[] steps = [0, .. angle.Gate.Frequencies[angle.Parameter].SelectMany(f => (double[])[f * angle.Angle.Scale, -f * angle.Angle.Scale])];
            sums = [.. sums.SelectMany(sum => steps.Select(step => Math.Round(sum + step, 9)))];
            if (sums.Count > (2 * MostFrequencies) + 1)
            {
                throw new NotSupportedException($"Weight {weight} turns so many gates that L has over {MostFrequencies} frequencies in it; give gates weights of their own, or use gradients.");
            }
        }

        return [.. sums.Where(sum => sum > 0).Order()];
    }

    private double[] Values(ReadOnlySpan<double> weights, int moved, double[] nodes, ReadOnlySpan<double> g, int batch, ReadOnlySpan<double> inputs, Draw draw)
    {
        var (inputCount, width, outputs) = (Circuit.Inputs, Circuit.Inputs + angles.Length, Circuit.Outputs);
        var rows = new double[nodes.Length * batch * width];
        var results = new double[nodes.Length * batch * outputs];
        for (var node = 0; node < nodes.Length; node++)
        {
            for (var sample = 0; sample < batch; sample++)
            {
                var data = inputs.Slice(sample * inputCount, inputCount);
                var row = rows.AsSpan(((node * batch) + sample) * width, width);
                data.CopyTo(row);
                for (var a = 0; a < angles.Length; a++)
                {
                    var angle = angles[a].Angle;
                    row[inputCount + a] = angle.Value(data, weights) + (angle.Source == AngleSource.Weight && angle.Index == moved ? angle.Scale * nodes[node] : 0);
                }
            }
        }

        program.Evaluate(nodes.Length * batch, rows, [], results, draw);
        var values = new double[nodes.Length];
        for (var k = 0; k < results.Length; k++)
        {
            values[k / (batch * outputs)] += g[k % (batch * outputs)] * results[k];
        }

        return values;
    }

    // The constant, then cosine and sine coefficients of each frequency.
    private static double[] Fit(double[] omega, double[] nodes, double[] values)
    {
        var system = new double[nodes.Length, nodes.Length];
        for (var row = 0; row < nodes.Length; row++)
        {
            system[row, 0] = 1;
            for (var r = 0; r < omega.Length; r++)
            {
                (system[row, (2 * r) + 2], system[row, (2 * r) + 1]) = Math.SinCos(omega[r] * nodes[row]);
            }
        }

        return Gradients.LinearSystem.Solve(system, values)
            ?? throw new NotSupportedException($"The frequencies {string.Join(", ", omega)} are not told apart by evenly spaced values; give gates weights of their own.");
    }

    private static (double Move, double Value) Lowest(double[] omega, double[] c, double here)
    {
        if (omega.Length == 1)
        {
            return (Math.Atan2(-c[2], -c[1]) / omega[0], c[0] - Math.Sqrt((c[1] * c[1]) + (c[2] * c[2])));
        }

        // A grid finer than the highest frequency, then Newton's steps from its lowest point.
        double[] all = [0, .. omega];
        var period = 2 * Math.PI / all.Zip(omega, (a, b) => b - a).Min();
        var count = (int)Math.Clamp(16 * omega[^1] * period / (2 * Math.PI), 32, 1 << 16);
        var best = Enumerable.Range(0, count).Select(k => period * k / count).MinBy(t => At(t).Value);
        for (var k = 0; k < 20; k++)
        {
            var (_, slope, curvature) = At(best);
            if (curvature <= Tiny)
            {
                break;
            }

            best -= slope / curvature;
        }

        var lowest = At(best).Value;
        return lowest < here ? (Math.IEEERemainder(best, period), lowest) : (0, here);

        (double Value, double Slope, double Curvature) At(double t)
        {
            var (value, slope, curvature) = (c[0], 0.0, 0.0);
            for (var r = 0; r < omega.Length; r++)
            {
                var (sin, cos) = Math.SinCos(omega[r] * t);
                var (even, odd) = (c[(2 * r) + 1], c[(2 * r) + 2]);
                value += (even * cos) + (odd * sin);
                slope += omega[r] * ((odd * cos) - (even * sin));
                curvature -= omega[r] * omega[r] * ((even * cos) + (odd * sin));
            }

            return (value, slope, curvature);
        }
    }
}
