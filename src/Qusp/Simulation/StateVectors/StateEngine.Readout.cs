// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.StateVectors;

// From the final state to outputs, and from cotangents of the outputs to the adjoint state.
internal sealed unsafe partial class StateEngine<V, T>
{
    private void Read(T* results)
    {
        Array.Clear(outputs);
        var norm = scale * scale;
        if (program.Diagonal.Masks.Length > 0)
        {
            current.Masks = program.Diagonal.Masks;
            Sum(Work.Probabilities, program.Diagonal.Sums);
            Multiply(program.Diagonal.Sums, norm);
            program.Diagonal.AddTo(outputs);
        }

        Span<double> word = stackalloc double[1];
        foreach (var term in readout.General)
        {
            current.Term = term;
            Sum(Work.Word, word);
            outputs[term.Output] += norm * term.Coefficient * word[0];
        }

        foreach (var (first, of) in readout.Probabilities)
        {
            ReadProbabilities(outputs.AsSpan(first, 1 << of.Length), of, norm);
        }

        foreach (var density in readout.Densities)
        {
            Read(density, norm);
        }

        for (var k = 0; k < outputs.Length; k++)
        {
            results[k] = T.CreateTruncating(outputs[k]);
        }

        foreach (var first in readout.States)
        {
            var re = (T*)state.Re;
            var im = (T*)state.Im;
            var factor = T.CreateTruncating(scale);
            for (nint y = 0; y < (nint)1 << bits; y++)
            {
                results[first + (2 * y)] = factor * re[y];
                results[first + (2 * y) + 1] = plan.IsReal ? T.Zero : factor * im[y];
            }
        }
    }

    private void ReadProbabilities(Span<double> to, int[] of, double norm)
    {
        var re = (T*)state.Re;
        var im = (T*)state.Im;
        for (nint y = 0; y < (nint)1 << bits; y++)
        {
            var square = double.CreateTruncating(re[y] * re[y]) + (plan.IsReal ? 0 : double.CreateTruncating(im[y] * im[y]));
            to[Readout.Local(y, of)] += square;
        }

        Multiply(to, norm);
    }

    private static void Multiply(Span<double> numbers, double factor)
    {
        foreach (ref var number in numbers)
        {
            number *= factor;
        }
    }

    /// <summary>λ from the cotangents, with d(Σ_k g_k·output_k) = Re⟨λ|dψ⟩.</summary>
    private void Seed(ReadOnlySpan<T> cotangents)
    {
        program.Diagonal.TakeFrom(cotangents);
        Each(Work.SeedDiagonal);
        foreach (var term in readout.General)
        {
            (current.Term, current.Factor) = (term, 2 * term.Coefficient * double.CreateTruncating(cotangents[term.Output]));
            Each(Work.SeedWord);
        }

        foreach (var (first, of) in readout.Probabilities)
        {
            SeedProbabilities(cotangents[first..], of);
        }

        foreach (var density in readout.Densities)
        {
            Seed(density, cotangents);
        }

        foreach (var first in readout.States)
        {
            var re = (T*)adjoint.Re;
            var im = (T*)adjoint.Im;
            var factor = T.CreateTruncating(1 / scale);
            for (nint y = 0; y < (nint)1 << bits; y++)
            {
                re[y] += factor * cotangents[(int)(first + (2 * y))];
                im[y] += factor * cotangents[(int)(first + (2 * y) + 1)];
            }
        }
    }

    private void SeedProbabilities(ReadOnlySpan<T> cotangents, int[] of)
    {
        var two = T.CreateTruncating(2);
        var re = (T*)state.Re;
        var im = (T*)state.Im;
        var dualRe = (T*)adjoint.Re;
        var dualIm = (T*)adjoint.Im;
        for (nint y = 0; y < (nint)1 << bits; y++)
        {
            var factor = two * cotangents[Readout.Local(y, of)];
            dualRe[y] += factor * re[y];
            if (!plan.IsReal)
            {
                dualIm[y] += factor * im[y];
            }
        }
    }

    private void SeedDiagonal(int chunk, int slot)
    {
        var wordBits = Math.Min(bits, WordBits);
        var count = (nint)1 << (wordBits - LaneConstants<V, T>.Bits);
        var numbers = (V*)scratch[slot].Start;
        var (first, last) = Part(chunk, (nint)1 << (bits - wordBits));
        for (var block = first; block < last; block++)
        {
            WordSums<V, T>.Expand((T*)numbers, wordBits, block, program.Diagonal.Masks, program.Diagonal.Sums);
            var start = block * count;
            for (nint k = 0; k < count; k++)
            {
                adjoint.Re[start + k] = numbers[k] * state.Re[start + k];
            }

            for (nint k = 0; k < count && !plan.IsReal; k++)
            {
                adjoint.Im[start + k] = numbers[k] * state.Im[start + k];
            }
        }
    }

    // Re⟨ψ|P|ψ⟩ of a word P that flips bits.
    private void Word(int chunk)
    {
        var term = current.Term;
        var to = SumsOf(chunk);
        var (exchange, sign, apart) = Flips(term);
        var (first, last) = Part(chunk, vectors);
        for (var from = first; from < last; from += FlushGroups)
        {
            var sum = V.Broadcast(T.Zero);
            for (var i = from; i < Math.Min(last, from + FlushGroups); i++)
            {
                var (re, im) = Flipped(term, i ^ apart, exchange, sign);
                sum = V.MultiplyAdd(state.Re[i], re, sum);
                sum = plan.IsReal ? sum : V.MultiplyAdd(state.Im[i], im, sum);
            }

            to[0] += LaneConstants<V, T>.Sum(sum);
        }
    }

    private void SeedWord(int chunk)
    {
        var (term, factor) = (current.Term, V.Broadcast(T.CreateTruncating(current.Factor)));
        var (exchange, sign, apart) = Flips(term);
        var (first, last) = Part(chunk, vectors);
        for (var i = first; i < last; i++)
        {
            var (re, im) = Flipped(term, i ^ apart, exchange, sign);
            adjoint.Re[i] = V.MultiplyAdd(factor, re, adjoint.Re[i]);
            if (!plan.IsReal)
            {
                adjoint.Im[i] = V.MultiplyAdd(factor, im, adjoint.Im[i]);
            }
        }
    }

    // What a word does within a vector, lane by lane, and how far apart in vectors it exchanges them.
    private static (V Exchange, V Sign, nint Apart) Flips(in ReadoutTerm term)
    {
        var (flip, signs) = ((int)term.Flip & (V.Count - 1), (int)term.Sign & (V.Count - 1));
        V exchange = default, sign = V.Broadcast(T.One);
        for (var lane = 0; lane < V.Count; lane++)
        {
            if (sizeof(T) == sizeof(long))
            {
                ((long*)&exchange)[lane] = lane ^ flip;
            }
            else
            {
                ((int*)&exchange)[lane] = lane ^ flip;
            }

            ((T*)&sign)[lane] = IndexMap.Parity((lane ^ flip) & signs) == 0 ? T.One : -T.One;
        }

        return (exchange, sign, term.Flip >> LaneConstants<V, T>.Bits);
    }

    // Pψ, from the vector where its amplitudes are.
    private (V Re, V Im) Flipped(in ReadoutTerm term, nint from, V exchange, V sign)
    {
        sign = IndexMap.Parity((term.Sign >> LaneConstants<V, T>.Bits) & from) == 0 ? sign : -sign;
        var re = sign * V.Shuffle(state.Re[from], exchange);
        var im = plan.IsReal ? default : sign * V.Shuffle(state.Im[from], exchange);
        return term.CountY switch
        {
            1 => (-im, re),
            2 => (-re, -im),
            3 => (im, -re),
            _ => (re, im),
        };
    }
}
