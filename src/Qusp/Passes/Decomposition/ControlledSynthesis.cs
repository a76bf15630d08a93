// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp;

/// <summary>
/// Gates of one wire with any number of controls, without further wires. A constant gate is diagonal in some basis, so it is a
/// phase of one basis state there. Few controls take the parities of that phase; many take O(n²) CNOTs
/// (Barenco et al. 1995, arXiv:quant-ph/9503016, lemmas 7.2, 7.3 and 7.9).
/// </summary>
internal static class ControlledSynthesis
{
    private const int MaxParityWires = 5;

    /// <summary>The parts, or null if the target has several wires.</summary>
    public static IEnumerable<Operation>? Of(Gate target, ImmutableArray<bool> values, ImmutableArray<int> wires, ImmutableArray<Angle> angles)
    {
        var controls = values.Length;
        if (target.Equals(Gates.SWAP))
        {
            var (a, b) = (wires[^2], wires[^1]);
            return
            [
                Synthesis.Cnot(b, a),
                .. Synthesis.ToCnots(new Operation(Gates.MultiControlledX([.. values, true]), wires, [])),
                Synthesis.Cnot(b, a),
            ];
        }

        if (target.Wires > 1)
        {
            return null;
        }

        if (angles.All(angle => angle.IsConstant))
        {
            return Conditioned(values, wires, Constant(target.Matrix([.. angles.Select(angle => angle.Offset)]), wires));
        }

        // A varying rotation of few wires goes by its generator; a product of rotations by its factors.
        if (wires.Length <= MaxParityWires || target.GeneratorScale == 0)
        {
            return null;
        }

        // exp(iθ(s + cP)) = e^{iθs} · F RZ(−2cθ) F† with P = F Z F†.
        var terms = PauliTerms.Of(target.Generator!);
        var parts = new List<Operation>();
        foreach (var (word, coefficient) in terms)
        {
            if (word == "I")
            {
                parts.AddRange(AllOnes(wires[..controls], coefficient * angles[0]));
            }
            else
            {
                Gate[] frame = word switch { "X" => [Gates.H], "Y" => [Gates.H, Gates.S], _ => [] };
                parts.AddRange(frame.Reverse().Select(gate => Synthesis.One(gate.Adjoint(), wires[controls])));
                parts.AddRange(Rz(wires, -2 * coefficient * angles[0]));
                parts.AddRange(frame.Select(gate => Synthesis.One(gate, wires[controls])));
            }
        }

        return terms.Count(term => term.Word != "I") > 1 ? null : Conditioned(values, wires, parts);
    }

    // U = V diag(e^{iα}, e^{iβ}) V†: a phase β − α of all ones on the target, and α of the controls.
    private static IEnumerable<Operation> Constant(Complex[,] u, ImmutableArray<int> wires)
    {
        var (vectors, phases) = MatrixAlgebra.Diagonalize(u);
        return
        [
            Synthesis.One(MatrixAlgebra.Dagger(vectors), wires[^1]),
            .. AllOnes(wires, phases[1] - phases[0]),
            Synthesis.One(vectors, wires[^1]),
            .. Math.Abs(Math.IEEERemainder(phases[0], 2 * Math.PI)) > 1e-14 ? AllOnes(wires[..^1], phases[0]) : [],
        ];
    }

    // The phase e^{iθ} where all wires are 1.
    private static IEnumerable<Operation> AllOnes(ImmutableArray<int> wires, Angle angle)
    {
        if (wires.Length == 1)
        {
            return [Synthesis.One(Gates.PhaseShift, wires[0], angle)];
        }

        if (wires.Length <= MaxParityWires)
        {
            var diagonal = new double[1 << wires.Length];
            diagonal[^1] = 1;
            return RotationSynthesis.Diagonal(diagonal, wires, angle);
        }

        // diag(1, e^{iθ}) = e^{iθ/2} RZ(θ).
        return [.. Rz(wires, angle), .. AllOnes(wires[..^1], 0.5 * angle)];
    }

    // RZ on the last wire where all others are 1 (lemma 7.9): X turns RZ(−θ/2) to RZ(θ/2).
    private static IEnumerable<Operation> Rz(ImmutableArray<int> wires, Angle angle)
    {
        var (control, target) = (wires[^2], wires[^1]);
        Operation[] flip = [.. FlipBorrowing(wires[..^2], target, [control])];
        return
        [
            .. RotationSynthesis.Of(Gates.CRZ, [control, target], 0.5 * angle)!,
            .. flip,
            .. RotationSynthesis.Of(Gates.CRZ, [control, target], -0.5 * angle)!,
            .. flip,
        ];
    }

    // X on the target where all controls are 1, with the help of wires in any state, which they keep (lemmas 7.2 and 7.3).
    private static IEnumerable<Operation> FlipBorrowing(ImmutableArray<int> controls, int target, ImmutableArray<int> borrowed)
    {
        var count = controls.Length;
        if (count == 0)
        {
            return [Synthesis.One(Gates.X, target)];
        }

        if (count <= 2)
        {
            return Synthesis.ToCnots(new Operation(count == 1 ? Gates.CNOT : Gates.Toffoli, [.. controls, target], []));
        }

        if (borrowed.Length >= count - 2)
        {
            Operation[] outer = [.. Toffoli(controls[^1], borrowed[count - 3], target)];
            Operation[] inner = [.. Chain(controls, borrowed)];
            return [.. outer, .. inner, .. outer, .. inner];
        }

        // Two halves, each with the other's wires to borrow; the second writes through the borrowed wire.
        var half = (count + 1) / 2;
        var (first, second, between) = (controls[..half], controls[half..], borrowed[0]);
        Operation[] one = [.. FlipBorrowing(first, between, [.. second, target])];
        Operation[] two = [.. FlipBorrowing([.. second, between], target, first)];
        return [.. one, .. two, .. one, .. two];
    }

    // Adds the product of all controls but the last to the last borrowed wire in use, and undoes what it did to the others.
    private static IEnumerable<Operation> Chain(ImmutableArray<int> controls, ImmutableArray<int> borrowed)
    {
        var last = controls.Length - 3;
        List<Operation[]> down = [.. Enumerable.Range(1, last).Reverse().Select(i => Toffoli(controls[i + 1], borrowed[i - 1], borrowed[i]).ToArray())];
        return [.. down.SelectMany(part => part), .. Toffoli(controls[0], controls[1], borrowed[0]), .. Enumerable.Reverse(down).SelectMany(part => part)];
    }

    private static IEnumerable<Operation> Toffoli(int a, int b, int target) => Synthesis.ToCnots(new Operation(Gates.Toffoli, [a, b, target], []));

    // Controls that must be 0 are 1 between two X.
    private static IEnumerable<Operation> Conditioned(ImmutableArray<bool> values, ImmutableArray<int> wires, IEnumerable<Operation> parts)
    {
        Operation[] flips = [.. Enumerable.Range(0, values.Length).Where(k => !values[k]).Select(k => Synthesis.One(Gates.X, wires[k]))];
        return [.. flips, .. parts, .. flips];
    }
}
