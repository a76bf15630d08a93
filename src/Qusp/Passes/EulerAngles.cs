// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp;

/// <summary>A matrix of one wire as three rotations and a phase (Nielsen and Chuang, theorem 4.1).</summary>
internal static class EulerAngles
{
    /// <summary>U = e^{i·phase} · U3(θ, φ, λ), 0 ≤ θ ≤ π.</summary>
    public static (double Theta, double Phi, double Lambda, double Phase) OfU3(Complex[,] u)
    {
        // U3 = [[cos, −e^{iλ} sin], [e^{iφ} sin, e^{i(φ+λ)} cos]] of θ/2; where one of both vanishes, only a sum or a difference counts.
        var theta = 2 * Math.Atan2(Complex.Abs(u[1, 0]), Complex.Abs(u[0, 0]));
        if (Complex.Abs(u[1, 0]) < 1e-14)
        {
            return (0, 0, (u[1, 1] / u[0, 0]).Phase, u[0, 0].Phase);
        }

        if (Complex.Abs(u[0, 0]) < 1e-14)
        {
            return (Math.PI, (-u[1, 0] / u[0, 1]).Phase, 0, (-u[0, 1]).Phase);
        }

        return (theta, (u[1, 0] / u[0, 0]).Phase, (-u[0, 1] / u[0, 0]).Phase, u[0, 0].Phase);
    }

    /// <summary>U = e^{i·phase} · RZ(c) RY(b) RZ(a): a is applied first.</summary>
    public static (double A, double B, double C, double Phase) Zyz(Complex[,] u)
    {
        var (theta, phi, lambda, phase) = OfU3(u);
        return (lambda, theta, phi, phase + ((phi + lambda) / 2));
    }
}
