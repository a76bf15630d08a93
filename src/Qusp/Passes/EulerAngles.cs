// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp;

/// <summary>A matrix of one wire as three rotations and a phase (Nielsen and Chuang, theorem 4.1).</summary>
internal static class EulerAngles
{
    /// <summary>U = e^{i·phase} · U3(θ, φ, λ), 0 ≤ θ ≤ π.</summary>
    public static (double Theta, double Phi, double Lambda, double Phase) OfU3(Complex[,] u)
    {
        // U3 = [[cos, −e^{iλ} sin], [e^{iφ} sin, e^{i(φ+λ)} cos]] of θ/2; the larger of both tells λ, for the phase of the other may be noise.
        var (cos, sin) = (Complex.Abs(u[0, 0]), Complex.Abs(u[1, 0]));
        var phase = u[0, 0].Phase;
        var phi = u[1, 0].Phase - phase;
        return (2 * Math.Atan2(sin, cos), phi, cos > sin ? u[1, 1].Phase - phase - phi : (-u[0, 1]).Phase - phase, phase);
    }
}
