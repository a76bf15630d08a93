// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using static Qusp.MatrixAlgebra;

namespace Qusp;

/// <summary>
/// Any unitary of three or more wires by the quantum Shannon decomposition (Shende, Bullock and Markov 2006,
/// arXiv:quant-ph/0406176): two pairs of smaller unitaries and rotations of the first wire, each for every state of the others,
/// down to two wires. O(4^n) CNOTs.
/// </summary>
internal static class ShannonSynthesis
{
    private const double Tiny = 1e-13;

    /// <summary>The parts: gates of one wire, CNOTs, and global phases.</summary>
    public static IEnumerable<Operation> Of(Complex[,] u, ImmutableArray<int> wires)
    {
        if (wires.Length == 1)
        {
            return [Synthesis.One(u, wires[0])];
        }

        if (wires.Length == 2)
        {
            return TwoQubitSynthesis.Of(u, wires[0], wires[1]);
        }

        var (left, angles, right) = CosineSine.Of(u);
        return
        [
            .. Selected(right.A, right.B, wires),
            .. ForEachState(Gates.RY, [.. angles.Select(angle => 2 * angle)], wires),
            .. Selected(left.A, left.B, wires),
        ];
    }

    // A where the first wire is 0 and B where it is 1: A = V D W, B = V D† W.
    private static IEnumerable<Operation> Selected(Complex[,] a, Complex[,] b, ImmutableArray<int> wires)
    {
        var (v, phases) = Diagonalize(Multiply(a, Dagger(b)));
        var w = Multiply(Map(b, (r, c) => r == c ? Complex.FromPolarCoordinates(1, phases[r] / 2) : 0), Multiply(Dagger(v), b));
        return [.. Of(w, wires[1..]), .. ForEachState(Gates.RZ, [.. phases.Select(phase => -phase)], wires), .. Of(v, wires[1..])];
    }

    // A rotation of the first wire by an angle for each state of the others, between CNOTs in the order of a Gray code
    // (Möttönen et al. 2004, arXiv:quant-ph/0404089).
    private static IEnumerable<Operation> ForEachState(Gate rotation, double[] angles, ImmutableArray<int> wires)
    {
        var count = wires.Length - 1;
        for (var k = 0; k < angles.Length; k++)
        {
            var mask = k ^ (k >> 1);
            var angle = angles.Select((value, state) => BitOperations.PopCount((uint)(state & mask)) % 2 == 0 ? value : -value).Average();
            if (Math.Abs(angle) > Tiny)
            {
                yield return Synthesis.One(rotation, wires[0], angle);
            }

            var next = k + 1 == angles.Length ? 0 : (k + 1) ^ ((k + 1) >> 1);
            yield return Synthesis.Cnot(wires[count - BitOperations.TrailingZeroCount((uint)(mask ^ next))], wires[0]);
        }
    }
}
