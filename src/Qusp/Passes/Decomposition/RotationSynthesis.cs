// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp;

/// <summary>
/// exp(iθG) for a varying θ, from the generator G alone. Where G keeps an axis of each of its wires, it is diagonal in the frame
/// of these axes, and its diagonal is a sum of parities, each a rotation about Z between CNOTs in the order of a Gray code.
/// A generator that only mixes two basis states, as those of excitations do, comes to this form by CNOTs. Any other is a sum
/// of Pauli words, taken one after the other where these, or groups of them, commute.
/// </summary>
internal static class RotationSynthesis
{
    private const double Tiny = 1e-12;
    private const int MaxWires = 8; // 2^n CNOTs
    private const int MaxWordWires = 4; // 4^n words

    /// <summary>The rotation's parts, or null if the generator is too large or of no such form.</summary>
    public static IEnumerable<Operation>? Of(Gate gate, ImmutableArray<int> wires, Angle angle)
    {
        if (gate.Wires > MaxWires)
        {
            return null;
        }

        var generator = gate.Generator!;
        return InFrame(generator, wires, angle) ?? BetweenCnots(generator, wires, angle) ?? ByWords(gate, wires, angle);
    }

    /// <summary>exp(iθD) for a real diagonal D.</summary>
    public static IEnumerable<Operation> Diagonal(double[] diagonal, ImmutableArray<int> wires, Angle angle)
    {
        // Wires in few parities first: the last one turns for all parities that it is in, without further CNOTs.
        var n = wires.Length;
        var given = Parities(diagonal);
        int[] order = [.. Enumerable.Range(0, n).OrderBy(wire => Enumerable.Range(0, given.Length).Count(mask => (mask >> (n - 1 - wire) & 1) == 1 && Math.Abs(given[mask]) > Tiny))];
        double[] coefficients = [.. Enumerable.Range(0, given.Length).Select(mask => given[order.Index().Sum(at => (mask >> (n - 1 - at.Index) & 1) << (n - 1 - at.Item))])];
        wires = [.. order.Select(wire => wires[wire])];
        if (Math.Abs(coefficients[0]) > Tiny)
        {
            yield return Synthesis.Phase(wires[0], coefficients[0] * angle);
        }

        // By the last wire of each parity: the bits of the earlier wires come to it in the order of a Gray code.
        for (var t = n - 1; t >= 0; t--)
        {
            var own = 1 << (n - 1 - t);
            var held = 0;
            for (var k = 0; k < 1 << t; k++)
            {
                var mask = (k ^ (k >> 1)) << (n - t);
                if (Math.Abs(coefficients[mask | own]) > Tiny)
                {
                    foreach (var cnot in Move(held ^ mask))
                    {
                        yield return cnot;
                    }

                    held = mask;
                    yield return Synthesis.One(Gates.RZ, wires[t], -2 * coefficients[mask | own] * angle);
                }
            }

            foreach (var cnot in Move(held))
            {
                yield return cnot;
            }

            IEnumerable<Operation> Move(int bits) => Enumerable.Range(0, n).Where(wire => (bits >> (n - 1 - wire) & 1) == 1).Select(wire => Synthesis.Cnot(wires[wire], wires[t]));
        }
    }

    private static IEnumerable<Operation>? InFrame(Complex[,] generator, ImmutableArray<int> wires, Angle angle)
    {
        var n = wires.Length;
        var axes = Enumerable.Range(0, n).Select(wire => Axis(generator, wire, n)).ToArray();
        if (axes.Contains(WireAxis.None))
        {
            return null;
        }

        // The frame F with F Z F† the axis: H for X, SH for Y.
        Gate[][] frames = [.. axes.Select(axis => axis switch { WireAxis.X => (Gate[])[Gates.H], WireAxis.Y => [Gates.H, Gates.S], _ => [] })];
        var turned = generator;
        for (var wire = 0; wire < n; wire++)
        {
            foreach (var gate in frames[wire].Reverse())
            {
                var f = MatrixAlgebra.Embed(gate.Matrix(), [wire], n);
                turned = MatrixAlgebra.Multiply(MatrixAlgebra.Dagger(f), MatrixAlgebra.Multiply(turned, f));
            }
        }

        var diagonal = Enumerable.Range(0, 1 << n).Select(b => turned[b, b].Real).ToArray();
        return
        [
            .. frames.SelectMany((frame, wire) => frame.Reverse().Select(gate => Synthesis.One(gate.Adjoint(), wires[wire]))),
            .. Diagonal(diagonal, wires, angle),
            .. frames.SelectMany((frame, wire) => frame.Select(gate => Synthesis.One(gate, wires[wire]))),
        ];
    }

    private static IEnumerable<Operation>? BetweenCnots(Complex[,] generator, ImmutableArray<int> wires, Angle angle)
    {
        var (n, size) = (wires.Length, generator.GetLength(0));
        var (row, column) = Enumerable.Range(0, size * size).Select(k => (Row: k / size, Column: k % size)).Where(at => at.Row != at.Column)
            .MaxBy(at => generator[at.Row, at.Column].Magnitude);
        var differ = Enumerable.Range(0, n).Where(wire => ((row ^ column) >> (n - 1 - wire) & 1) == 1).ToArray();
        foreach (var pivot in differ)
        {
            var turned = generator;
            foreach (var other in differ.Where(wire => wire != pivot))
            {
                var cnot = MatrixAlgebra.Embed(Gates.CNOT.Matrix(), [pivot, other], n);
                turned = MatrixAlgebra.Multiply(cnot, MatrixAlgebra.Multiply(turned, cnot));
            }

            if (InFrame(turned, wires, angle) is { } inside)
            {
                Operation[] cnots = [.. differ.Where(wire => wire != pivot).Select(other => Synthesis.Cnot(wires[pivot], wires[other]))];
                return [.. cnots, .. inside, .. cnots];
            }
        }

        return null;
    }

    private static IEnumerable<Operation>? ByWords(Gate gate, ImmutableArray<int> wires, Angle angle)
    {
        if (gate.Wires > MaxWordWires)
        {
            return null;
        }

        var groups = new List<List<(string Word, double Coefficient)>>();
        foreach (var term in PauliTerms.Of(gate.Generator!))
        {
            if (groups.Find(group => group.TrueForAll(other => PauliTerms.Commute(term.Word, other.Word))) is { } fits)
            {
                fits.Add(term);
            }
            else
            {
                groups.Add([term]);
            }
        }

        // Whether groups commute with one another is not asked word by word: the product tells.
        var terms = groups.SelectMany(group => group).ToList();
        const double Generic = 0.7310585786;
        var product = terms.Aggregate(
            MatrixAlgebra.Identity(1 << gate.Wires),
            (matrix, term) => MatrixAlgebra.Multiply(Gates.PauliRot(term.Word).Matrix(-2 * term.Coefficient * Generic), matrix));
        return MatrixAlgebra.Distance(product, gate.Matrix(Generic)) > Tiny
            ? null
            : terms.SelectMany(term => Of(Gates.PauliRot(term.Word), wires, -2 * term.Coefficient * angle)!);
    }

    // c_S with D = Σ_S c_S Z_S: the Walsh transform.
    private static double[] Parities(double[] diagonal)
    {
        var values = (double[])diagonal.Clone();
        for (var bit = 1; bit < values.Length; bit <<= 1)
        {
            for (var i = 0; i < values.Length; i++)
            {
                if ((i & bit) == 0)
                {
                    (values[i], values[i | bit]) = ((values[i] + values[i | bit]) / 2, (values[i] - values[i | bit]) / 2);
                }
            }
        }

        return values;
    }

    private static WireAxis Axis(Complex[,] generator, int wire, int wires) =>
        Commutation.Paulis.FirstOrDefault(axis => Commutation.Keeps(generator, axis.Pauli, wire, wires)).Axis;
}
