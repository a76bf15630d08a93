// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.StateVectors;

/// <summary>
/// A rotation by (c, s) up to a factor, so that each amplitude costs one fused operation: where |c| ≥ |s|,
/// <c>c·(a − tb, b + ta)</c> with t = s/c; else <c>s·(ka − b, kb + a)</c> with k = c/s. The factors of many rotations are
/// one number, which a later pass multiplies by.
/// </summary>
/// <param name="Ratio">t or k, within ±1.</param>
/// <param name="IsCotangent">Which of the two.</param>
/// <param name="Scale">c or s.</param>
internal readonly record struct ScaledTurn(double Ratio, bool IsCotangent, double Scale)
{
    public static ScaledTurn Of(double cos, double sin) =>
        Math.Abs(cos) >= Math.Abs(sin) ? new(sin / cos, false, cos) : new(cos / sin, true, sin);
}

/// <summary>Up to three rotations on whole vectors, done while eight of them are in registers.</summary>
internal struct TurnRound<T>
    where T : unmanaged
{
    /// <summary>How many, and how many of them, the first, are cotangents.</summary>
    public int Count, Cotangents;

    /// <summary>The wires' bits in an index of vectors: in the order of the ratios, and rising.</summary>
    public (int First, int Second, int Third) Bits, Rising;

    public (T First, T Second, T Third) Ratios;

    /// <summary>Which of the pass's turns they are, in the order of the ratios.</summary>
    public (int First, int Second, int Third) Turns;

    /// <summary>The factor that the amplitudes lack before this round, of those that this pass has left out.</summary>
    public double Scale;
}

/// <summary>A rotation of a wire whose bit is within the lanes: <c>v ← own·v + other·(v exchanged)</c>.</summary>
internal struct LaneTurn<V>
{
    public V Own, Other, Exchange;

    public int Turn;

    public double Scale;
}

/// <summary>
/// The rotations of a pass, ready to run in one direction: first those within a vector, then three at a time, those within
/// a block of 2^blockBits amplitudes before the others.
/// </summary>
internal sealed unsafe class TurnRounds<V, T>
    where V : unmanaged, IAmplitudeLanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int PerRound = 3;

    private readonly Turn[] turns;
    private readonly int[] laneTurns;
    private readonly int[][] rounds; // the turns of each round
    private readonly ScaledTurn[] scaled;
    private readonly (double Cos, double Sin)[] filled;
    private readonly LaneTurn<V>[] lanes;
    private readonly TurnRound<T>[] prepared;

    public TurnRounds(IEnumerable<Turn> turns, int blockBits)
    {
        this.turns = [.. turns.OrderBy(turn => turn.Bit)];
        var laneBits = LaneConstants<V, T>.Bits;
        var numbered = this.turns.Select((turn, k) => (turn.Bit, k)).ToArray();
        laneTurns = [.. numbered.Where(turn => turn.Bit < laneBits).Select(turn => turn.k)];
        var inner = Even(numbered.Where(turn => turn.Bit >= laneBits && turn.Bit < blockBits).Select(turn => turn.k).ToArray());
        rounds = [.. inner, .. Even(numbered.Where(turn => turn.Bit >= laneBits && turn.Bit >= blockBits).Select(turn => turn.k).ToArray())];
        InnerRounds = inner.Length;
        scaled = new ScaledTurn[this.turns.Length];
        filled = new (double, double)[this.turns.Length];
        lanes = new LaneTurn<V>[laneTurns.Length];
        prepared = new TurnRound<T>[rounds.Length];
    }

    /// <summary>The turns, by rising bits.</summary>
    public ReadOnlySpan<Turn> Turns => turns;

    /// <summary>The rotations within a vector, cotangents first.</summary>
    public ReadOnlySpan<LaneTurn<V>> Lanes => lanes;

    public int LaneCotangents { get; private set; }

    public ReadOnlySpan<TurnRound<T>> Rounds => prepared;

    /// <summary>How many of the rounds, the first, stay within a block.</summary>
    public int InnerRounds { get; }

    /// <summary>The factor that the amplitudes lack after the pass.</summary>
    public double Scale { get; private set; } = 1;

    /// <summary>
    /// Computes the numbers for a call from the arguments' cosines and sines; the inverse turns back. Nothing to do if
    /// nothing has changed since the last call.
    /// </summary>
    public void Fill(ReadOnlySpan<double> cosines, ReadOnlySpan<double> sines, bool inverse)
    {
        var changed = false;
        for (var k = 0; k < turns.Length; k++)
        {
            var (cos, sin) = turns[k].At(cosines, sines);
            if (filled[k] != (cos, sin))
            {
                changed = true;
                filled[k] = (cos, sin);
                scaled[k] = ScaledTurn.Of(cos, inverse ? -sin : sin);
            }
        }

        if (!changed)
        {
            return;
        }

        Scale = 1;
        FillLanes();
        for (var r = 0; r < rounds.Length; r++)
        {
            prepared[r] = Prepare(rounds[r]);
        }
    }

    private void FillLanes()
    {
        var next = 0;
        foreach (var cotangent in (ReadOnlySpan<bool>)[true, false])
        {
            foreach (var k in laneTurns)
            {
                if (scaled[k].IsCotangent == cotangent)
                {
                    var (bit, ratio, sign) = (turns[k].Bit, V.Broadcast(T.CreateTruncating(scaled[k].Ratio)), -LaneConstants<V, T>.Sign(turns[k].Bit));
                    lanes[next++] = new LaneTurn<V>
                    {
                        Own = ratio,
                        Other = cotangent ? sign : ratio * sign,
                        Exchange = LaneConstants<V, T>.Exchange(bit),
                        Turn = k,
                        Scale = Scale,
                    };
                    Scale *= scaled[k].Scale;
                }
            }

            LaneCotangents = cotangent ? next : LaneCotangents;
        }
    }

    private TurnRound<T> Prepare(int[] round)
    {
        int Bit(int k) => turns[round[k]].Bit - LaneConstants<V, T>.Bits;
        var (last, cotangents) = (round.Length - 1, 0);
        Span<int> order = stackalloc int[PerRound];
        var next = 0;
        foreach (var cotangent in (ReadOnlySpan<bool>)[true, false])
        {
            for (var k = 0; k < round.Length; k++)
            {
                if (scaled[round[k]].IsCotangent == cotangent)
                {
                    order[next++] = k;
                }
            }

            cotangents = cotangent ? next : cotangents;
        }

        var (first, second, third) = (order[0], order[Math.Min(1, last)], order[last]);
        var prepared = new TurnRound<T>
        {
            Count = round.Length,
            Cotangents = cotangents,
            Bits = (Bit(first), Bit(second), Bit(third)),
            Rising = (Bit(0), Bit(Math.Min(1, last)), Bit(last)),
            Ratios = (Ratio(round[first]), Ratio(round[second]), Ratio(round[third])),
            Turns = (round[first], round[second], round[third]),
            Scale = Scale,
        };
        foreach (var k in round)
        {
            Scale *= scaled[k].Scale;
        }

        return prepared;
    }

    private T Ratio(int turn) => T.CreateTruncating(scaled[turn].Ratio);

    // Rounds of nearly the same size: 3 + 2 + 2 rather than 3 + 3 + 1.
    private static int[][] Even(int[] turns)
    {
        var count = (turns.Length + PerRound - 1) / PerRound;
        return [.. Enumerable.Range(0, count).Select(r => turns[(r * turns.Length / count)..((r + 1) * turns.Length / count)])];
    }
}
