// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Qusp.Simulation.Sampling;

namespace Qusp;

/// <summary>How large gradients are over random weights.</summary>
/// <param name="Wires">The number of wires.</param>
/// <param name="Group">The group of weights.</param>
/// <param name="Variance">The variance of ∂C/∂w over the draws, averaged over the group's weights; the mean of a gradient is 0 in deep circuits.</param>
/// <param name="Largest">The largest variance of a weight of the group.</param>
public sealed record GradientVariance(int Wires, string Group, double Variance, double Largest);

/// <summary>
/// Whether gradients vanish as circuits grow (McClean, Boixo, Smelyanskiy, Babbush, Neven 2018, arXiv:1803.11173): their variance over random
/// weights for rising numbers of wires, and how it decays.
/// </summary>
public sealed class BarrenPlateau
{
    private const int RowsPerCall = 1024;

    private BarrenPlateau(ImmutableArray<GradientVariance> rows)
    {
        Rows = rows;
        // Least squares of ln Var = a + b n.
        var points = rows.GroupBy(row => row.Wires).Select(group => (X: (double)group.Key, Y: Math.Log(group.Average(row => row.Variance)))).ToList();
        var (x, y) = (points.Average(point => point.X), points.Average(point => point.Y));
        var spread = points.Sum(point => (point.X - x) * (point.X - x));
        FactorPerWire = spread == 0 ? 1 : Math.Exp(points.Sum(point => (point.X - x) * (point.Y - y)) / spread);
    }

    /// <summary>One row for each number of wires and group of weights.</summary>
    public ImmutableArray<GradientVariance> Rows { get; }

    /// <summary>
    /// The factor by which the mean variance changes with each further wire, by an exponential fit: about 1/2 to 1/4 on a barren plateau, near 1
    /// without. The fit of two or three sizes says little; look at the rows.
    /// </summary>
    public double FactorPerWire { get; }

    /// <summary>Draws weights, and inputs if there are any, uniformly from 0 to 2π and differentiates the first output.</summary>
    /// <param name="device">The device, with a differentiation method.</param>
    /// <param name="family">The circuit for a number of wires; its first output is the cost C.</param>
    /// <param name="wires">The numbers of wires.</param>
    /// <param name="samples">The draws for each.</param>
    /// <param name="seed">The seed; the same seed gives the same rows.</param>
    /// <exception cref="ArgumentException">There is no number of wires, fewer than two draws, or a circuit without weights or outputs.</exception>
    /// <exception cref="NotSupportedException">The device cannot run a circuit, or a weight is inside of an expression.</exception>
    public static BarrenPlateau Diagnose(IDevice device, Func<int, Circuit> family, ImmutableArray<int> wires, int samples = 200, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(family);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 2);
        return wires.IsDefaultOrEmpty
            ? throw new ArgumentException("Name the numbers of wires to look at.", nameof(wires))
            : new BarrenPlateau([.. wires.SelectMany(n => Variances(device, family(n), samples, seed))]);
    }

    /// <summary>The rows as a table, and the fit.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{"wires",5}  {"weights",-16}{"variance of gradient",22}{"largest",14}\n");
        foreach (var row in Rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"{row.Wires,5}  {row.Group,-16}{row.Variance,22:E3}{row.Largest,14:E3}\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"times {FactorPerWire:0.###} with each wire\n").ToString();
    }

    private static IEnumerable<GradientVariance> Variances(IDevice device, Circuit circuit, int samples, ulong seed)
    {
        if (circuit.Weights == 0 || circuit.Outputs == 0)
        {
            throw new ArgumentException($"A circuit of {circuit.Wires} wires has no weights or no outputs; there is no gradient to look at.", nameof(circuit));
        }

        // Every draw of the weights is a row of the batch.
        var exposed = circuit.ExposeAnglesOfWeights();
        using var program = device.Compile<double>(exposed.Circuit);
        var (inputs, width) = (circuit.Inputs, circuit.Inputs + exposed.Angles.Length);
        var gradients = new double[samples, circuit.Weights];
        var capacity = Math.Min(RowsPerCall, samples);
        var (rows, slopes, cotangents) = (new double[capacity * width], new double[capacity * width], new double[capacity * circuit.Outputs]);
        for (var first = 0; first < samples; first += capacity)
        {
            var count = Math.Min(capacity, samples - first);
            for (var r = 0; r < count; r++)
            {
                double[] Uniform(int length, uint stream) =>
                    [.. Enumerable.Range(0, length).Select(k => 2 * Math.PI * Philox.Uniform(seed, first + r, (uint)k, stream))];
                var (data, weights) = (Uniform(inputs, 0xDA7A), Uniform(circuit.Weights, 0x3E16));
                data.CopyTo(rows.AsSpan(r * width));
                for (var a = 0; a < exposed.Angles.Length; a++)
                {
                    rows[(r * width) + inputs + a] = exposed.Angles[a].Angle.Value(data, weights);
                }

                cotangents[r * circuit.Outputs] = 1;
            }

            program.Pullback(
                count, rows.AsSpan(0, count * width), [], cotangents.AsSpan(0, count * circuit.Outputs), slopes.AsSpan(0, count * width), [], new Draw(seed, first));
            for (var r = 0; r < count; r++)
            {
                for (var a = 0; a < exposed.Angles.Length; a++)
                {
                    if (exposed.Angles[a].Angle is { Source: AngleSource.Weight } angle)
                    {
                        gradients[first + r, angle.Index] += angle.Scale * slopes[(r * width) + inputs + a];
                    }
                }
            }
        }

        foreach (var group in circuit.WeightGroups)
        {
            double[] variances = [.. Enumerable.Range(group.Offset, group.Count).Select(weight => Variance(gradients, samples, weight))];
            yield return new GradientVariance(circuit.Wires, group.Name, variances.Average(), variances.Max());
        }
    }

    private static double Variance(double[,] gradients, int samples, int weight)
    {
        var values = Enumerable.Range(0, samples).Select(s => gradients[s, weight]).ToArray();
        var mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean)) / (samples - 1);
    }
}
