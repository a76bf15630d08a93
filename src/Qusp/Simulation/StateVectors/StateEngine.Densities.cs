// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.StateVectors;

// Reduced density matrices, number by number: ρ[r, c] = Σ_e ψ[r, e] ψ[c, e]*.
internal sealed unsafe partial class StateEngine<V, T>
{
    private void Read(ReducedDensity density, double norm)
    {
        T* re = (T*)state.Re, im = (T*)state.Im;
        for (var r = 0; r < density.Offsets.Length; r++)
        {
            for (var c = 0; c <= r; c++)
            {
                var (real, imaginary) = (0.0, 0.0);
                for (nint e = 0; e < (nint)1 << bits; e = density.Next(e))
                {
                    var (left, right) = (e | density.Offsets[r], e | density.Offsets[c]);
                    real += double.CreateTruncating(re[left] * re[right]);
                    if (!plan.IsReal)
                    {
                        real += double.CreateTruncating(im[left] * im[right]);
                        imaginary += double.CreateTruncating((im[left] * re[right]) - (re[left] * im[right]));
                    }
                }

                (outputs[density.At(r, c)], outputs[density.At(r, c) + 1]) = (norm * real, norm * imaginary);
                (outputs[density.At(c, r)], outputs[density.At(c, r) + 1]) = (norm * real, r == c ? norm * imaginary : -norm * imaginary);
            }
        }
    }

    // Adds 2 M|ψ⟩ with M = (G + G†)/2, G the cotangents as a matrix.
    private void Seed(ReducedDensity density, ReadOnlySpan<T> cotangents)
    {
        T* re = (T*)state.Re, im = (T*)state.Im, dualRe = (T*)adjoint.Re, dualIm = (T*)adjoint.Im;
        for (var r = 0; r < density.Offsets.Length; r++)
        {
            for (var c = 0; c < density.Offsets.Length; c++)
            {
                var (here, there) = (density.At(r, c), density.At(c, r));
                var (real, imaginary) = (cotangents[here] + cotangents[there], cotangents[here + 1] - cotangents[there + 1]);
                for (nint e = 0; e < (nint)1 << bits; e = density.Next(e))
                {
                    var (to, from) = (e | density.Offsets[r], e | density.Offsets[c]);
                    dualRe[to] += real * re[from];
                    if (!plan.IsReal)
                    {
                        dualRe[to] -= imaginary * im[from];
                        dualIm[to] += (real * im[from]) + (imaginary * re[from]);
                    }
                }
            }
        }
    }
}
