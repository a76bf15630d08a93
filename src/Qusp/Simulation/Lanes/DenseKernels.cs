// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Qusp.Simulation.Lanes;

/// <summary>
/// A d×d matrix, constant or differing by lane, on the d amplitudes of each group. The general case: correct for any
/// gate; the special kernels are proved against it.
/// </summary>
internal readonly unsafe ref struct DenseKernel<V, T>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Together = 4; // groups that share each entry while it is in a register

    private readonly V* entries; // [d, d] real parts, then imaginary parts
    private readonly V* gathered; // [d, groups] real parts, then imaginary parts
    private readonly int size;

    public DenseKernel(V* scratch, int size)
    {
        entries = scratch;
        gathered = scratch + (2 * size * size);
        this.size = size;
    }

    /// <summary>Numbers of scratch that a kernel of this size needs.</summary>
    public static int Scratch(int size) => (2 * size * size) + (2 * size * Together);

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

    /// <summary>The identity where a mask does not hold.</summary>
    public void Guard(V mask)
    {
        for (var k = 0; k < size * size; k++)
        {
            var identity = V.Broadcast(k / size == k % size ? T.One : T.Zero);
            Set(k / size, k % size, V.Select(mask, entries[k], identity), V.Select(mask, entries[(size * size) + k], V.Broadcast(T.Zero)));
        }
    }

    /// <summary>Applies the matrix.</summary>
    /// <param name="step">Where.</param>
    /// <param name="wires">n.</param>
    /// <param name="state">The amplitudes.</param>
    /// <param name="isReal">Whether the matrix is: then each plane is by itself.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Apply(Step step, int wires, Planes<V> state, bool isReal)
    {
        if (size == 2)
        {
            Apply2(step, wires, state, isReal);
            return;
        }

        var visit = new GroupStarts(step, wires);
        var starts = stackalloc nint[Together];
        for (var left = (nint)1 << (wires - step.Bits.Length); left > 0;)
        {
            var count = left >= Together ? Together : 1;
            for (var g = 0; g < count; g++)
            {
                visit.Next(out starts[g]);
                for (var c = 0; c < size; c++)
                {
                    gathered[(c * count) + g] = state.Re[starts[g] + step.Offsets[c]];
                    gathered[((size + c) * count) + g] = state.Im is null ? default : state.Im[starts[g] + step.Offsets[c]];
                }
            }

            for (var r = 0; r < size; r++)
            {
                var to = step.Offsets[r];
                if (count == 1)
                {
                    Put(state, starts[0] + to, Row(r));
                    continue;
                }

                Rows(r, out var a, out var b, out var c, out var d);
                Put(state, starts[0] + to, a);
                Put(state, starts[1] + to, b);
                Put(state, starts[2] + to, c);
                Put(state, starts[3] + to, d);
            }

            left -= count;
        }
    }

    /// <summary>Σ Re⟨λ|iMψ⟩ over the groups.</summary>
    public V Overlap(Step step, int wires, Planes<V> state, Planes<V> adjoint)
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

    // The commonest matrices, of one wire, with all numbers in registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Apply2(Step step, int wires, Planes<V> state, bool isReal)
    {
        if (!isReal)
        {
            var complex = new MatrixKernel<V, T, ComplexField>(state, entries);
            Groups.ForEach(step, wires, ref complex);
            return;
        }

        var real = new MatrixKernel<V, T, RealField>(state.Real, entries);
        Groups.ForEach(step, wires, ref real);
        if (state.Im is not null)
        {
            real = new MatrixKernel<V, T, RealField>(new Planes<V>(state.Im, null), entries);
            Groups.ForEach(step, wires, ref real);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Planes<V> state, nint at, (V Re, V Im) amplitude)
    {
        state.Re[at] = amplitude.Re;
        if (state.Im is not null)
        {
            state.Im[at] = amplitude.Im;
        }
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

    // The same of four groups.
    private void Rows(int row, out (V Re, V Im) a, out (V Re, V Im) b, out (V Re, V Im) c, out (V Re, V Im) d)
    {
        var (matrix, from, count) = (new Planes<V>(entries, entries + (size * size)).From(row * size), new Planes<V>(gathered, gathered + (size * Together)), size);
        var zero = V.Broadcast(T.Zero);
        var (ar, br, cr, dr) = (zero, zero, zero, zero);
        var (ai, bi, ci, di) = (zero, zero, zero, zero);
        for (nint k = 0; k < count; k++)
        {
            var (mr, mi) = (matrix.Re[k], matrix.Im[k]);
            var re = from.Re + (k * Together);
            var im = from.Im + (k * Together);
            ar = V.MultiplyAdd(mr, re[0], V.MultiplyAdd(-mi, im[0], ar));
            ai = V.MultiplyAdd(mr, im[0], V.MultiplyAdd(mi, re[0], ai));
            br = V.MultiplyAdd(mr, re[1], V.MultiplyAdd(-mi, im[1], br));
            bi = V.MultiplyAdd(mr, im[1], V.MultiplyAdd(mi, re[1], bi));
            cr = V.MultiplyAdd(mr, re[2], V.MultiplyAdd(-mi, im[2], cr));
            ci = V.MultiplyAdd(mr, im[2], V.MultiplyAdd(mi, re[2], ci));
            dr = V.MultiplyAdd(mr, re[3], V.MultiplyAdd(-mi, im[3], dr));
            di = V.MultiplyAdd(mr, im[3], V.MultiplyAdd(mi, re[3], di));
        }

        (a, b, c, d) = ((ar, ai), (br, bi), (cr, ci), (dr, di));
    }

    private void Set(int row, int column, V re, V im)
    {
        entries[(row * size) + column] = re;
        entries[(size * size) + (row * size) + column] = im;
    }
}

/// <summary>The first index of each group of a step, one after the other.</summary>
internal ref struct GroupStarts(Step step, int wires)
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
