// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.Lanes;

/// <summary>
/// A d×d matrix, constant or differing by lane, on the d amplitudes of each group. The general case: correct for any
/// gate; the special kernels are proved against it.
/// </summary>
internal readonly unsafe ref struct DenseKernel<V, T>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly V* entries; // [d, d] real parts, then imaginary parts
    private readonly V* gathered; // d real parts, d imaginary parts
    private readonly int size;

    public DenseKernel(V* scratch, int size)
    {
        entries = scratch;
        gathered = scratch + (2 * size * size);
        this.size = size;
    }

    /// <summary>Numbers of scratch that a kernel of this size needs.</summary>
    public static int Scratch(int size) => (2 * size * size) + (2 * size);

    /// <summary>The same matrix in every lane; its conjugate transpose if <paramref name="inverse"/>.</summary>
    public void Load(Complex[] matrix, bool inverse)
    {
        for (var r = 0; r < size; r++)
        {
            for (var c = 0; c < size; c++)
            {
                var entry = inverse ? Complex.Conjugate(matrix[(c * size) + r]) : matrix[(r * size) + c];
                Set(r, c, V.Broadcast(T.CreateChecked(entry.Real)), V.Broadcast(T.CreateChecked(entry.Imaginary)));
            }
        }
    }

    /// <summary>1 + (cos − 1)·square + i·sin·unit, lane by lane; the inverse turns by −sin.</summary>
    public void LoadRotation(Complex[] unit, Complex[] square, V cos, V sin)
    {
        var less = cos - V.Broadcast(T.One);
        for (var k = 0; k < size * size; k++)
        {
            var identity = V.Broadcast(k / size == k % size ? T.One : T.Zero);
            var (ur, ui) = (V.Broadcast(T.CreateChecked(unit[k].Real)), V.Broadcast(T.CreateChecked(unit[k].Imaginary)));
            var (sr, si) = (V.Broadcast(T.CreateChecked(square[k].Real)), V.Broadcast(T.CreateChecked(square[k].Imaginary)));
            Set(k / size, k % size, identity + V.MultiplyAdd(less, sr, -(sin * ui)), V.MultiplyAdd(less, si, sin * ur));
        }
    }

    /// <summary>Applies the matrix where the mask holds, everywhere if there is none.</summary>
    public void Apply(in Step step, int wires, Planes<V> state, bool guarded, V mask)
    {
        var visit = new GroupStarts(step, wires);
        while (visit.Next(out var start))
        {
            for (var c = 0; c < size; c++)
            {
                gathered[c] = state.Re[start + step.Offsets[c]];
                gathered[size + c] = state.Im is null ? default : state.Im[start + step.Offsets[c]];
            }

            for (var r = 0; r < size; r++)
            {
                var (re, im) = Row(r);
                var at = start + step.Offsets[r];
                state.Re[at] = guarded ? V.Select(mask, re, gathered[r]) : re;
                if (state.Im is not null)
                {
                    state.Im[at] = guarded ? V.Select(mask, im, gathered[size + r]) : im;
                }
            }
        }
    }

    /// <summary>Σ Re⟨λ|iMψ⟩ over the groups.</summary>
    public V Overlap(in Step step, int wires, Planes<V> state, Planes<V> adjoint)
    {
        var sum = V.Broadcast(T.Zero);
        var visit = new GroupStarts(step, wires);
        while (visit.Next(out var start))
        {
            for (var c = 0; c < size; c++)
            {
                gathered[c] = state.Re[start + step.Offsets[c]];
                gathered[size + c] = state.Im[start + step.Offsets[c]];
            }

            for (var r = 0; r < size; r++)
            {
                var (re, im) = Row(r);
                var at = start + step.Offsets[r];
                sum += V.MultiplyAdd(adjoint.Im[at], re, -(adjoint.Re[at] * im));
            }
        }

        return sum;
    }

    private (V Re, V Im) Row(int row)
    {
        var (re, im) = (V.Broadcast(T.Zero), V.Broadcast(T.Zero));
        for (var c = 0; c < size; c++)
        {
            var (mr, mi) = (entries[(row * size) + c], entries[(size * size) + (row * size) + c]);
            re = V.MultiplyAdd(mr, gathered[c], V.MultiplyAdd(-mi, gathered[size + c], re));
            im = V.MultiplyAdd(mr, gathered[size + c], V.MultiplyAdd(mi, gathered[c], im));
        }

        return (re, im);
    }

    private void Set(int row, int column, V re, V im)
    {
        entries[(row * size) + column] = re;
        entries[(size * size) + (row * size) + column] = im;
    }
}

/// <summary>The first index of each group of a step, one after the other.</summary>
internal ref struct GroupStarts(in Step step, int wires)
{
    private readonly int[] bits = step.Bits;
    private readonly nint count = (nint)1 << (wires - step.Bits.Length);
    private nint next;

    public bool Next(out nint start)
    {
        start = next++;
        foreach (var bit in bits)
        {
            start = ((start >> bit) << (bit + 1)) | (start & (((nint)1 << bit) - 1));
        }

        return next <= count;
    }
}
