// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;
using Qusp.Simulation.Lanes;
using Qusp.Simulation.StateVectors;
using StateTurns = Qusp.Simulation.StateVectors.TurnKernels<Qusp.Simulation.Lanes.Lanes512<double>, double>;
using V = Qusp.Simulation.Lanes.Lanes512<double>;

namespace Qusp.Benchmarks.Lost;

/// <summary>
/// RZ·RY·RZ on each wire above the lanes. Lost: the gates of k wires as one dense complex matrix of 2^k, a pass for each k
/// wires. Used: a real rotation of each wire, a factor left out, between one pass of phases before and one after; three
/// wires a pass over memory, those of a block while it is in the cache.
/// </summary>
public unsafe class DenseBlocks : TwoDesigns
{
    private const int LaneBits = 3;
    private const int BlockBits = 12;
    private Planes<V> state;
    private double[] start = [];
    private Gather<V, double> before = null!, after = null!;
    private TurnRounds<V, double> rounds = null!;
    private (int[] Bits, Complex[] Matrix)[] blocks = [];

    [Params(12, 21)]
    public int Wires { get; set; }

    /// <summary>k.</summary>
    [Params(1, 2, 3, 4, 5)]
    public int Fused { get; set; }

    private static (double First, double Turn, double Last) Angles(int bit) => (0.3 + bit, 0.7 + (0.4 * bit), 1.1 - bit);

    [GlobalSetup]
    public void Check()
    {
        state = NewState(Wires);
        start = Copy(state, Wires);
        int[] all = [.. Enumerable.Range(LaneBits, Wires - LaneBits)];
        rounds = new TurnRounds<V, double>(all.Select(bit => new Turn(bit, -1, Angles(bit).Turn / 2)), Math.Min(Wires, BlockBits));
        rounds.Fill([], [], inverse: false);
        before = new Gather<V, double>(IndexMap.Identity(Wires), all.Select(bit => new PhaseWord((nint)1 << bit, -1, -Angles(bit).First / 2)), Wires, Keep(new PhaseMemory<double>()));
        after = new Gather<V, double>(IndexMap.Identity(Wires), all.Select(bit => new PhaseWord((nint)1 << bit, -1, -Angles(bit).Last / 2)), Wires, Keep(new PhaseMemory<double>()));
        before.Table.Fill([], 1, 1);
        after.Table.Fill([], 1, rounds.Scale);
        blocks = [.. all.Chunk(Fused).Select(bits => (bits, bits.Aggregate((Complex[])[1], (matrix, bit) => Kronecker(Gate(bit), matrix))))];

        RotationsBetweenPhases();
        var used = Copy(state, Wires);
        Restore(start, state, Wires);
        DenseMatrices();
        RequireEqual(used, Copy(state, Wires));
        Restore(start, state, Wires);
    }

    [Benchmark(Baseline = true)]
    public void RotationsBetweenPhases()
    {
        Phases(before);
        Turns(state.Re);
        Turns(state.Im);
        Phases(after);
    }

    [Benchmark]
    public void DenseMatrices()
    {
        foreach (var (bits, matrix) in blocks)
        {
            Apply(bits, matrix);
        }
    }

    private void Phases(Gather<V, double> phases) =>
        phases.Run<ComplexField>(state, state, 0, (nint)1 << (Wires - phases.Table.LowBits), 1, null);

    private void Turns(V* plane)
    {
        var count = (nint)1 << (Math.Min(Wires, BlockBits) - LaneBits);
        for (nint first = 0; first < (nint)1 << (Wires - LaneBits); first += count)
        {
            foreach (ref readonly var round in rounds.Rounds[..rounds.InnerRounds])
            {
                StateTurns.Round(plane + first, round, 0, count >> round.Count);
            }
        }

        foreach (ref readonly var round in rounds.Rounds[rounds.InnerRounds..])
        {
            StateTurns.Round(plane, round, 0, (nint)1 << (Wires - LaneBits - round.Count));
        }
    }

    private static Complex[] Gate(int bit)
    {
        var (first, turn, last) = Angles(bit);
        var (sin, cos) = Math.SinCos(turn / 2);
        return
        [
            cos * Complex.Exp(new Complex(0, -(first + last) / 2)), -sin * Complex.Exp(new Complex(0, (first - last) / 2)),
            sin * Complex.Exp(new Complex(0, (last - first) / 2)), cos * Complex.Exp(new Complex(0, (first + last) / 2)),
        ];
    }

    private static Complex[] Kronecker(Complex[] high, Complex[] low)
    {
        var (rows, size) = ((int)Math.Sqrt(low.Length), 2 * (int)Math.Sqrt(low.Length));
        var product = new Complex[size * size];
        for (var row = 0; row < size; row++)
        {
            for (var column = 0; column < size; column++)
            {
                product[(row * size) + column] = high[(row / rows * 2) + (column / rows)] * low[(row % rows * rows) + (column % rows)];
            }
        }

        return product;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Apply(int[] bits, Complex[] matrix)
    {
        if (bits.Length == 1)
        {
            One(bits[0] - LaneBits, matrix);
            return;
        }

        var size = 1 << bits.Length;
        V* re = stackalloc V[size], im = stackalloc V[size];
        nint* offsets = stackalloc nint[size];
        for (var k = 0; k < size; k++)
        {
            offsets[k] = ((nint)k) << (bits[0] - LaneBits); // the wires are neighbours
        }

        fixed (Complex* rows = matrix)
        {
            for (nint i = 0; i < (nint)1 << (Wires - LaneBits - bits.Length); i++)
            {
                var low = bits[0] - LaneBits;
                var at = ((i >> low) << (low + bits.Length)) | (i & (((nint)1 << low) - 1));
                for (var k = 0; k < size; k++)
                {
                    (re[k], im[k]) = (state.Re[at + offsets[k]], state.Im[at + offsets[k]]);
                }

                for (var row = 0; row < size; row += 2)
                {
                    V a = default, b = default, c = default, d = default;
                    var first = (double*)(rows + (row * size));
                    var second = first + (2 * size);
                    for (var k = 0; k < size; k++)
                    {
                        var (x, y) = (re[k], im[k]);
                        var (u, v) = (V.LoadBroadcast(first + (2 * k)), V.LoadBroadcast(first + (2 * k) + 1));
                        (a, b) = (V.MultiplyAdd(-v, y, V.MultiplyAdd(u, x, a)), V.MultiplyAdd(v, x, V.MultiplyAdd(u, y, b)));
                        (u, v) = (V.LoadBroadcast(second + (2 * k)), V.LoadBroadcast(second + (2 * k) + 1));
                        (c, d) = (V.MultiplyAdd(-v, y, V.MultiplyAdd(u, x, c)), V.MultiplyAdd(v, x, V.MultiplyAdd(u, y, d)));
                    }

                    (state.Re[at + offsets[row]], state.Im[at + offsets[row]]) = (a, b);
                    (state.Re[at + offsets[row + 1]], state.Im[at + offsets[row + 1]]) = (c, d);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void One(int bit, Complex[] matrix)
    {
        V Re(int k) => V.Broadcast(matrix[k].Real);
        V Im(int k) => V.Broadcast(matrix[k].Imaginary);
        var (ar, ai, br, bi) = (Re(0), Im(0), Re(1), Im(1));
        var (cr, ci, dr, di) = (Re(2), Im(2), Re(3), Im(3));
        var half = (nint)1 << bit;
        for (nint i = 0; i < (nint)1 << (Wires - LaneBits - 1); i++)
        {
            var re = state.Re + StateTurns.Spread(i, bit);
            var im = state.Im + StateTurns.Spread(i, bit);
            var (p, q, r, s) = (re[0], im[0], re[half], im[half]);
            re[0] = V.MultiplyAdd(-bi, s, V.MultiplyAdd(br, r, V.MultiplyAdd(-ai, q, ar * p)));
            im[0] = V.MultiplyAdd(bi, r, V.MultiplyAdd(br, s, V.MultiplyAdd(ai, p, ar * q)));
            re[half] = V.MultiplyAdd(-di, s, V.MultiplyAdd(dr, r, V.MultiplyAdd(-ci, q, cr * p)));
            im[half] = V.MultiplyAdd(di, r, V.MultiplyAdd(dr, s, V.MultiplyAdd(ci, p, cr * q)));
        }
    }
}
