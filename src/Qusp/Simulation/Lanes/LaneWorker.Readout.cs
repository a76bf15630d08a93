// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Qusp.Simulation.Lanes;

// From the final state to outputs, and from cotangents of the outputs to the cotangent of the state.
internal sealed unsafe partial class LaneWorker<V, T>
{
    private void Read<F>()
        where F : IField
    {
        NativeMemory.Clear(columns, (nuint)plan.Circuit.Outputs * (nuint)sizeof(V));

        foreach (var term in readout.General)
        {
            var sum = V.Broadcast(T.Zero);
            for (nint b = 0; b < size; b++)
            {
                var (re, im) = Flipped<F>(term, b);
                sum = V.MultiplyAdd(state.Re[b], re, sum);
                if (!F.IsReal)
                {
                    sum = V.MultiplyAdd(state.Im[b], im, sum);
                }
            }

            columns[term.Output] = V.MultiplyAdd(V.Broadcast(T.CreateChecked(term.Coefficient)), sum, columns[term.Output]);
        }

        if (readout.NeedsProbabilities)
        {
            ReadProbabilities<F>();
        }

        foreach (var density in readout.Densities)
        {
            Read<F>(density);
        }

        foreach (var first in readout.States)
        {
            for (nint b = 0; b < size; b++)
            {
                columns[first + (2 * b)] = state.Re[b];
                columns[first + (2 * b) + 1] = F.IsReal ? V.Broadcast(T.Zero) : state.Im[b];
            }
        }
    }

    // ρ[r, c] = Σ_e ψ[r, e] ψ[c, e]*, half of it: the other is its conjugate.
    private void Read<F>(ReducedDensity density)
        where F : IField
    {
        for (var r = 0; r < density.Offsets.Length; r++)
        {
            for (var c = 0; c <= r; c++)
            {
                var (re, im) = (V.Broadcast(T.Zero), V.Broadcast(T.Zero));
                for (nint e = 0; e < size; e = density.Next(e))
                {
                    var (left, right) = (e | density.Offsets[r], e | density.Offsets[c]);
                    re = V.MultiplyAdd(state.Re[left], state.Re[right], re);
                    if (!F.IsReal)
                    {
                        re = V.MultiplyAdd(state.Im[left], state.Im[right], re);
                        im = V.MultiplyAdd(state.Im[left], state.Re[right], im);
                        im = V.MultiplyAdd(-state.Re[left], state.Im[right], im);
                    }
                }

                (columns[density.At(r, c)], columns[density.At(r, c) + 1]) = (re, im);
                (columns[density.At(c, r)], columns[density.At(c, r) + 1]) = (re, r == c ? im : -im);
            }
        }
    }

    private void ReadProbabilities<F>()
        where F : IField
    {
        for (nint b = 0; b < size; b++)
        {
            var at = Place(b);
            var square = state.Re[at] * state.Re[at];
            diagonal[b] = F.IsReal ? square : V.MultiplyAdd(state.Im[at], state.Im[at], square);
        }

        foreach (var (first, bits) in readout.Probabilities)
        {
            for (nint b = 0; b < size; b++)
            {
                columns[first + Readout.Local(b, bits)] += diagonal[b];
            }
        }

        foreach (var term in readout.Diagonal)
        {
            var sum = V.Broadcast(T.Zero);
            for (nint b = 0; b < size; b++)
            {
                sum = IsOdd(b & term.Sign) ? sum - diagonal[b] : sum + diagonal[b];
            }

            columns[term.Output] = V.MultiplyAdd(V.Broadcast(T.CreateChecked(term.Coefficient)), sum, columns[term.Output]);
        }

        if (readout.Single.IsEmpty)
        {
            return;
        }

        Fold(diagonal);
        foreach (var term in readout.Single)
        {
            columns[term.Output] = V.MultiplyAdd(V.Broadcast(T.CreateChecked(term.Coefficient)), byWire[term.Wire], columns[term.Output]);
        }
    }

    // For every wire the sum over the lower half minus that over the upper half, into byWire, in 2·2^n additions: halves
    // against each other, then the wire is folded away. The sum over all is left at 0.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fold(V* numbers)
    {
        var half = size;
        for (var wire = 0; wire < wires; wire++)
        {
            half >>= 1;
            var difference = V.Broadcast(T.Zero);
            for (nint b = 0; b < half; b++)
            {
                difference += numbers[b] - numbers[b + half];
                numbers[b] += numbers[b + half];
            }

            byWire[wire] = difference;
        }
    }

    /// <summary>λ from the cotangents, with d(Σ_k g_k·output_k) = Re⟨λ|dψ⟩.</summary>
    private void Seed<F>()
        where F : IField
    {
        SeedDiagonal();
        for (nint b = 0; b < size; b++)
        {
            var at = Place(b);
            adjoint.Re[at] = diagonal[b] * state.Re[at];
            if (!F.IsReal)
            {
                adjoint.Im[at] = diagonal[b] * state.Im[at];
            }
        }

        foreach (var term in readout.General)
        {
            var factor = V.Broadcast(T.CreateChecked(2 * term.Coefficient)) * columns[term.Output];
            for (nint b = 0; b < size; b++)
            {
                var (re, im) = Flipped<F>(term, b);
                adjoint.Re[b] = V.MultiplyAdd(factor, re, adjoint.Re[b]);
                if (!F.IsReal)
                {
                    adjoint.Im[b] = V.MultiplyAdd(factor, im, adjoint.Im[b]);
                }
            }
        }

        foreach (var density in readout.Densities)
        {
            Seed<F>(density);
        }

        foreach (var first in readout.States)
        {
            for (nint b = 0; b < size; b++)
            {
                adjoint.Re[b] += columns[first + (2 * b)];
                adjoint.Im[b] += columns[first + (2 * b) + 1];
            }
        }
    }

    // 2 M_S|ψ⟩ with M_S = (G + G†)/2; see DensityMatrix.Observable.
    private void Seed<F>(ReducedDensity density)
        where F : IField
    {
        for (var r = 0; r < density.Offsets.Length; r++)
        {
            for (var c = 0; c < density.Offsets.Length; c++)
            {
                var (here, there) = (density.At(r, c), density.At(c, r));
                var (re, im) = (columns[here] + columns[there], columns[here + 1] - columns[there + 1]);
                for (nint e = 0; e < size; e = density.Next(e))
                {
                    var (to, from) = (e | density.Offsets[r], e | density.Offsets[c]);
                    adjoint.Re[to] = V.MultiplyAdd(re, state.Re[from], adjoint.Re[to]);
                    if (!F.IsReal)
                    {
                        adjoint.Re[to] = V.MultiplyAdd(-im, state.Im[from], adjoint.Re[to]);
                        adjoint.Im[to] = V.MultiplyAdd(re, state.Im[from], adjoint.Im[to]);
                        adjoint.Im[to] = V.MultiplyAdd(im, state.Re[from], adjoint.Im[to]);
                    }
                }
            }
        }
    }

    // Twice the diagonal observable that the cotangents fold into.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SeedDiagonal()
    {
        if (readout.Single.IsEmpty)
        {
            NativeMemory.Clear(diagonal, (nuint)size * (nuint)sizeof(V));
        }
        else
        {
            for (var wire = 0; wire < wires; wire++)
            {
                byWire[wire] = V.Broadcast(T.Zero);
            }

            foreach (var term in readout.Single)
            {
                byWire[term.Wire] = V.MultiplyAdd(
                    V.Broadcast(T.CreateChecked(2 * term.Coefficient)), columns[term.Output], byWire[term.Wire]);
            }

            // Σ_w ±g_w over all sign patterns by doubling: 2·2^n additions for any number of wires.
            diagonal[0] = V.Broadcast(T.Zero);
            nint count = 1;
            for (var wire = 0; wire < wires; wire++, count <<= 1)
            {
                var g = byWire[wire];
                for (var b = count - 1; b >= 0; b--)
                {
                    var d = diagonal[b];
                    diagonal[2 * b] = d + g;
                    diagonal[(2 * b) + 1] = d - g;
                }
            }
        }

        foreach (var term in readout.Diagonal)
        {
            var g = V.Broadcast(T.CreateChecked(2 * term.Coefficient)) * columns[term.Output];
            for (nint b = 0; b < size; b++)
            {
                diagonal[b] = IsOdd(b & term.Sign) ? diagonal[b] - g : diagonal[b] + g;
            }
        }

        foreach (var (first, bits) in readout.Probabilities)
        {
            var two = V.Broadcast(T.CreateChecked(2));
            for (nint b = 0; b < size; b++)
            {
                diagonal[b] = V.MultiplyAdd(two, columns[first + Readout.Local(b, bits)], diagonal[b]);
            }
        }
    }

    /// <summary>(Pψ) at a basis state.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (V Re, V Im) Flipped<F>(in ReadoutTerm term, nint index)
        where F : IField
    {
        var from = index ^ term.Flip;
        var (re, im) = (state.Re[from], F.IsReal ? default : state.Im[from]);
        if (IsOdd(from & term.Sign))
        {
            (re, im) = (-re, -im);
        }

        return term.CountY switch
        {
            1 => (-im, re),
            2 => (-re, -im),
            3 => (im, -re),
            _ => (re, im),
        };
    }

    // Of a basis state's amplitude, after permutations that were left out.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private nint Place(nint index) => last is null ? index : last[index];

    private static bool IsOdd(nint bits) => (BitOperations.PopCount((nuint)bits) & 1) != 0;
}
