// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using Qusp.Simulation.Sampling;

namespace Qusp;

/// <summary>
/// A classical shadow (Huang, Kueng, Preskill 2020, arXiv:2002.08953): snapshots of a state, each wire read in a basis X, Y or Z of its own
/// chosen at random. From one shadow come estimates of many observables of few wires that were not chosen beforehand.
/// </summary>
/// <remarks>
/// A snapshot of a wire that gave |s⟩ stands for <c>3|s⟩⟨s| − 1</c>, whose mean over bases and outcomes is the wire's state. A word of w letters
/// has a standard error of at most √(3^w/N) from N snapshots. Bases and outcomes are functions of (seed, sample, snapshot).
/// </remarks>
public sealed class ClassicalShadow
{
    private const uint OutcomeStream = 0x8000_0000, BasisStream = 0x8000_0001; // wires' bases follow; bases of expectations count from 0

    private readonly byte[] states; // [N, n]: basis (0 = X, 1 = Y, 2 = Z) times 2 plus the bit

    private ClassicalShadow(ImmutableArray<int> wires, byte[] states) => (Wires, this.states) = (wires, states);

    /// <summary>The wires read.</summary>
    public ImmutableArray<int> Wires { get; }

    /// <summary>The number N of snapshots.</summary>
    public int Snapshots => states.Length / Wires.Length;

    /// <summary>Takes snapshots of a circuit's final state; its own measurements are not looked at.</summary>
    /// <param name="device">An exact device, such as <c>cpu</c>.</param>
    /// <param name="circuit">The circuit.</param>
    /// <param name="snapshots">How many.</param>
    /// <param name="inputs">The sample, <c>[I]</c>.</param>
    /// <param name="weights">The weights, <c>[W]</c>.</param>
    /// <param name="draw">The randomness.</param>
    /// <param name="wires">The wires to read; all if none is named, at most 30.</param>
    /// <exception cref="NotSupportedException">The device cannot run the circuit, or its probabilities are estimates themselves.</exception>
    public static ClassicalShadow Collect(
        IDevice device,
        Circuit circuit,
        int snapshots,
        ReadOnlySpan<double> inputs = default,
        ReadOnlySpan<double> weights = default,
        Draw draw = default,
        ImmutableArray<int> wires = default)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(circuit);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(snapshots);
        var read = new Probabilities(wires.IsDefaultOrEmpty ? [.. Enumerable.Range(0, circuit.Wires)] : wires);
        using var program = device.Compile<double>(Turned(circuit, read), new ProgramOptions { Differentiation = Differentiation.None });
        if (program.IsStochastic)
        {
            throw new NotSupportedException($"{device.Name} gives estimates of probabilities, not probabilities; give an exact device, such as cpu.");
        }

        var (n, size, key) = (read.OfWires.Length, 1 << read.OfWires.Length, draw.Sample(0));
        var states = new byte[snapshots * n];
        for (var k = 0; k < states.Length; k++)
        {
            states[k] = (byte)(2 * (int)(3 * Philox.Uniform(draw.Seed, key, (uint)(k / n), BasisStream + (uint)(k % n))));
        }

        // Snapshots in the same bases share a run; the runs are rows of batches.
        var runs = Enumerable.Range(0, snapshots).GroupBy(s => Convert.ToHexString(states, s * n, n)).Select(group => group.ToArray()).ToArray();
        var (sampler, outcome) = (new ShotSampler(threads: 1), new uint[1]);
        foreach (var chunk in runs.Chunk(Math.Max(1, (1 << 20) / size)))
        {
            var rows = new List<double>(chunk.Length * program.Circuit.Inputs);
            foreach (var run in chunk)
            {
                rows.AddRange(inputs);
                foreach (var basis in states.AsSpan(run[0] * n, n))
                {
                    rows.AddRange(basis == 2 ? Math.PI / 2 : 0, basis == 0 ? -Math.PI / 2 : 0);
                }
            }

            var probabilities = new double[chunk.Length * size];
            program.Evaluate(chunk.Length, rows.ToArray(), weights, probabilities);
            for (var r = 0; r < chunk.Length; r++)
            {
                sampler.Load<double>(probabilities.AsSpan(r * size, size), chunk[r].Length);
                foreach (var snapshot in chunk[r])
                {
                    sampler.Draw(outcome, draw, 0, OutcomeStream, (uint)snapshot);
                    for (var k = 0; k < n; k++)
                    {
                        states[(snapshot * n) + k] += (byte)((outcome[0] >> (n - 1 - k)) & 1);
                    }
                }
            }
        }

        return new ClassicalShadow(read.OfWires, states);
    }

    /// <summary>
    /// The expectation value of an observable: the median of the means of groups of snapshots, which few wild snapshots cannot
    /// spoil. Its standard error is that of the mean, times √(π/2) for a median of several.
    /// </summary>
    /// <param name="observable">Words on the wires read.</param>
    /// <param name="groups">The number of groups, 1 (the plain mean) to <see cref="Snapshots"/>; 2 log(2M/δ) for M observables all good but with probability δ.</param>
    /// <exception cref="ArgumentException">A wire was not read.</exception>
    public Estimate Expectation(PauliSum observable, int groups = 9)
    {
        ArgumentNullException.ThrowIfNull(observable);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(groups);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(groups, Snapshots);
        (double Coefficient, (int Place, int Basis)[] Letters)[] terms =
            [.. observable.Terms.Select(term => (term.Coefficient, term.Word.Letters.ToArray().Select(letter => (Place(letter.Wire), letter.Pauli - 'X')).ToArray()))];
        var (means, sum, squares) = (new double[groups], 0.0, 0.0);
        for (var group = 0; group < groups; group++)
        {
            var (first, end) = ((int)((long)group * Snapshots / groups), (int)((group + 1L) * Snapshots / groups));
            for (var snapshot = first; snapshot < end; snapshot++)
            {
                var value = terms.Sum(term => term.Coefficient * Sees(snapshot, term.Letters));
                means[group] += value / (end - first);
                (sum, squares) = (sum + value, squares + (value * value));
            }
        }

        Array.Sort(means);
        var error = Estimate.OfMean(Snapshots, sum, squares).StandardError;
        return new((means[(groups - 1) / 2] + means[groups / 2]) / 2, groups > 2 ? error * Math.Sqrt(Math.PI / 2) : error);
    }

    /// <summary>An unbiased estimate of the reduced density matrix of some wires, <c>[2^m, 2^m]</c>; it may have negative eigenvalues.</summary>
    /// <param name="wires">The wires, read, at most 6; the first is the most significant bit.</param>
    /// <exception cref="ArgumentException">A wire was not read, or they are too many.</exception>
    public Complex[,] DensityMatrix(params ReadOnlySpan<int> wires)
    {
        var patterns = Patterns(wires);
        var size = 1 << wires.Length;
        var sum = new Complex[size, size];
        foreach (var (pattern, count) in patterns)
        {
            var state = pattern.Aggregate(MatrixAlgebra.Identity(1), (product, one) => MatrixAlgebra.Kron(product, Snapshot(one)));
            sum = MatrixAlgebra.Add(sum, state, (double)count / Snapshots);
        }

        return sum;
    }

    /// <summary>
    /// An unbiased estimate of the purity Tr ρ² of some wires, from all pairs of snapshots: <c>Tr ρ_i ρ_j</c> is a product over wires of 5 (same basis and
    /// bit), −4 (same basis, other bit) or ½ (other basis).
    /// </summary>
    /// <param name="wires">The wires, read, at most 6.</param>
    /// <exception cref="ArgumentException">A wire was not read, or they are too many.</exception>
    /// <exception cref="InvalidOperationException">There is only one snapshot.</exception>
    public Estimate Purity(params ReadOnlySpan<int> wires)
    {
        if (Snapshots < 2)
        {
            throw new InvalidOperationException("Purity needs pairs of snapshots; take more than one.");
        }

        var patterns = Patterns(wires);
        var (sum, squares) = (0.0, 0.0);
        foreach (var (one, count) in patterns)
        {
            // The mean over all partners of a snapshot of this pattern, itself left out.
            var partners = patterns.Sum(other => other.Count * Overlap(one, other.Pattern)) - Overlap(one, one);
            var mean = partners / (Snapshots - 1);
            (sum, squares) = (sum + (count * mean), squares + (count * mean * mean));
        }

        // A mean over pairs has twice the error of a mean over its halves, to first order (Hoeffding 1948).
        var (value, error) = Estimate.OfMean(Snapshots, sum, squares);
        return new(value, 2 * error);
    }

    private static Circuit Turned(Circuit circuit, Probabilities read)
    {
        var operations = circuit.Operations.ToBuilder();
        var next = circuit.Inputs;
        foreach (var wire in read.OfWires)
        {
            operations.Add(new Operation(Gates.RX, [wire], [Angle.Input(next++)])); // π/2: Y becomes Z
            operations.Add(new Operation(Gates.RY, [wire], [Angle.Input(next++)])); // −π/2: X becomes Z
        }

        return new Circuit(circuit.Wires, next, circuit.WeightGroups, operations.ToImmutable(), [read], circuit.Bits);
    }

    private static double Overlap(byte[] one, byte[] other)
    {
        var product = 1.0;
        for (var k = 0; k < one.Length; k++)
        {
            product *= one[k] == other[k] ? 5 : one[k] >> 1 == other[k] >> 1 ? -4 : 0.5;
        }

        return product;
    }

    /// <summary>3|s⟩⟨s| − 1 = (1 ± 3P)/2.</summary>
    private static Complex[,] Snapshot(byte state)
    {
        var pauli = Gates.Find(((char)('X' + (state >> 1))).ToString()).Matrix();
        return MatrixAlgebra.Add(MatrixAlgebra.Scale(MatrixAlgebra.Identity(2), 0.5), pauli, (state & 1) == 0 ? 1.5 : -1.5);
    }

    private double Sees(int snapshot, (int Place, int Basis)[] letters)
    {
        var product = 1.0;
        foreach (var (place, basis) in letters)
        {
            var state = states[(snapshot * Wires.Length) + place];
            if (state >> 1 != basis)
            {
                return 0;
            }

            product *= (state & 1) == 0 ? 3 : -3;
        }

        return product;
    }

    // What these wires showed, each pattern of bases and bits once, with how often.
    private List<(byte[] Pattern, int Count)> Patterns(ReadOnlySpan<int> wires)
    {
        const int most = 6;
        if (wires.IsEmpty || wires.Length > most)
        {
            throw new ArgumentException($"A shadow gives the state of 1 to {most} wires.", nameof(wires));
        }

        int[] places = [.. wires.ToArray().Select(Place)];
        return
        [
            .. Enumerable.Range(0, Snapshots).Select(snapshot => places.Select(place => states[(snapshot * Wires.Length) + place]).ToArray())
                .GroupBy(Convert.ToHexString).Select(group => (group.First(), group.Count())),
        ];
    }

    private int Place(int wire) => Wires.IndexOf(wire) is >= 0 and var place
        ? place
        : throw new ArgumentException($"Wire {wire} was not read; this shadow is of the wires {string.Join(", ", Wires)}.");
}
