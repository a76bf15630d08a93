// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp;

/// <summary>Gates of one wire, and CNOT, in the gates of a set.</summary>
internal static class SingleQubitSynthesis
{
    private const double Tiny = 1e-12;

    /// <summary>A part of a decomposition in the set; a constant gate of one wire stays a matrix until <see cref="JoinRuns"/>.</summary>
    public static IEnumerable<Operation> InSet(Operation part, GateSet set)
    {
        var (gate, wires, angles) = (part.Gate, part.Wires, part.Angles);
        if (set.Has(gate) || gate.Equals(Gates.GlobalPhase))
        {
            return [part];
        }

        if (gate.Equals(Gates.CNOT))
        {
            return [Synthesis.One(Gates.H, wires[1]), new Operation(Gates.CZ, wires, []), Synthesis.One(Gates.H, wires[1])];
        }

        if (angles.All(angle => angle.IsConstant))
        {
            return [part];
        }

        if (gate.GeneratorScale == 0)
        {
            return part.Parts().SelectMany(inner => InSet(inner, set));
        }

        // exp(iθ(s + cP)) = e^{iθs} · R_P(−2cθ), and the set's own rotation, or one that a frame turns to it.
        var parts = new List<Operation>();
        foreach (var (word, coefficient) in PauliTerms.Of(gate.Generator!))
        {
            parts.AddRange(word == "I" ? [Synthesis.Phase(wires[0], coefficient * angles[0])] : Rotation(word[0], wires[0], -2 * coefficient * angles[0], set));
        }

        return parts;
    }

    /// <summary>
    /// Joins constant gates of one wire that follow one another, under the same guard and conditions, where one of them is not in the
    /// set or fewer of the set do the same.
    /// </summary>
    public static Circuit JoinRuns(this Circuit circuit, GateSet set)
    {
        var result = ImmutableArray.CreateBuilder<Operation>();
        var runs = Enumerable.Range(0, circuit.Wires).Select(_ => new List<Operation>()).ToArray();
        foreach (var operation in circuit.Operations)
        {
            var joins = operation.IsGate && operation.Wires.Length == 1 && operation.Angles.All(angle => angle.IsConstant) && !operation.Gate.Equals(Gates.GlobalPhase);
            foreach (var wire in operation.Wires)
            {
                var run = runs[wire];
                if (!joins || (run.Count > 0 && (run[0].Guard != operation.Guard || !run[0].Conditions.AsSpan().SequenceEqual(operation.Conditions.AsSpan()))))
                {
                    Close(run);
                }
            }

            if (joins)
            {
                runs[operation.Wires[0]].Add(operation);
            }
            else
            {
                result.Add(operation);
            }
        }

        runs.ToList().ForEach(Close);
        return circuit.WithOperations(result.ToImmutable());

        void Close(List<Operation> run)
        {
            if (run.Count > 0)
            {
                var like = run[0];
                var product = run.Aggregate(
                    MatrixAlgebra.Identity(2),
                    (matrix, operation) => MatrixAlgebra.Multiply(operation.Gate.Matrix([.. operation.Angles.Select(angle => angle.Offset)]), matrix));
                var sequence = Constant(product, like.Wires[0], set);
                var keep = run.TrueForAll(operation => set.Has(operation.Gate)) && sequence.Count(operation => !operation.Gate.Equals(Gates.GlobalPhase)) >= run.Count;
                result.AddRange((keep ? run : sequence).Select(operation =>
                    new Operation(operation.Gate, operation.Wires, operation.Angles, like.Guard, null, like.Conditions)));
            }

            run.Clear();
        }
    }

    private static List<Operation> Rotation(char axis, int wire, Angle angle, GateSet set)
    {
        var own = axis switch { 'X' => Gates.RX, 'Y' => Gates.RY, _ => Gates.RZ };
        if (set.Has(own))
        {
            return [Synthesis.One(own, wire, angle)];
        }

        if (set.Has(Gates.U3))
        {
            return axis switch
            {
                'X' => [Synthesis.One(Gates.U3, wire, angle, -Math.PI / 2, Math.PI / 2)],
                'Y' => [Synthesis.One(Gates.U3, wire, angle, 0, 0)],
                _ => [Synthesis.One(Gates.U3, wire, 0, 0, angle), Synthesis.Phase(wire, -0.5 * angle)],
            };
        }

        // Every other set has RZ: H turns it to RX, and S that to RY.
        Gate[] frame = axis == 'X' ? [Gates.H] : [Gates.H, Gates.S];
        return
        [
            .. frame.Reverse().Select(gate => Synthesis.One(gate.Adjoint(), wire)),
            Synthesis.One(Gates.RZ, wire, angle),
            .. frame.Select(gate => Synthesis.One(gate, wire)),
        ];
    }

    // The shortest sequence that is the matrix up to a phase, and the phase.
    private static List<Operation> Constant(Complex[,] u, int wire, GateSet set)
    {
        var best = Candidates(u, set)
            .Select(candidate => candidate.Select(part => part.Angles is [var angle] ? Synthesis.One(part.Gate, wire, Math.IEEERemainder(angle, 2 * Math.PI))
                : Synthesis.One(part.Gate, wire, [.. part.Angles.Select(Angle.Constant)])).Where(IsSomething).ToList())
            .MinBy(sequence => sequence.Count)!;
        var product = best.Aggregate(
            MatrixAlgebra.Identity(2),
            (matrix, operation) => MatrixAlgebra.Multiply(operation.Gate.Matrix([.. operation.Angles.Select(angle => angle.Offset)]), matrix));
        var phase = MatrixAlgebra.PhaseBetween(product, u) ?? throw new InvalidOperationException($"A gate of one wire has no sequence in {set}.");
        if (Math.Abs(phase) > 1e-14)
        {
            best.Add(Synthesis.Phase(wire, phase));
        }

        return best;

        static bool IsSomething(Operation operation) =>
            operation.Gate.Parameters != 1 || Math.Abs(Math.IEEERemainder(operation.Angles[0].Offset, 2 * Math.PI)) > Tiny;
    }

    private static IEnumerable<(Gate Gate, double[] Angles)[]> Candidates(Complex[,] u, GateSet set)
    {
        const double Quarter = Math.PI / 2;
        if (MatrixAlgebra.PhaseBetween(MatrixAlgebra.Identity(2), u) is not null)
        {
            yield return [];
        }

        foreach (var gate in set.Gates.Where(gate => gate is { Wires: 1, Parameters: 0, Kind: GateKind.Unitary } && MatrixAlgebra.PhaseBetween(gate.Matrix(), u) is not null))
        {
            yield return [(gate, [])];
        }

        var (theta, phi, lambda, _) = EulerAngles.OfU3(u);
        if (set.Has(Gates.U3))
        {
            yield return [(Gates.U3, [theta, phi, lambda])];
        }

        // U3 = RZ(φ) RY(θ) RZ(λ) up to a phase, and RY(θ) = RZ(π/2) RX(θ) RZ(−π/2).
        if (!set.Has(Gates.RZ))
        {
            yield break;
        }

        if (Math.Abs(theta) < Tiny)
        {
            yield return [(Gates.RZ, [phi + lambda])];
        }

        if (set.Has(Gates.RY))
        {
            yield return [(Gates.RZ, [lambda]), (Gates.RY, [theta]), (Gates.RZ, [phi])];
        }

        if (set.Has(Gates.RX))
        {
            yield return [(Gates.RZ, [lambda - Quarter]), (Gates.RX, [theta]), (Gates.RZ, [phi + Quarter])];
        }

        if (set.Has(Gates.H))
        {
            yield return [(Gates.RZ, [lambda - Quarter]), (Gates.H, []), (Gates.RZ, [theta]), (Gates.H, []), (Gates.RZ, [phi + Quarter])];
            if (Math.Abs(theta - Quarter) < Tiny)
            {
                // U3(π/2, φ, λ) = RZ(φ) H RZ(λ + π).
                yield return [(Gates.RZ, [lambda + Math.PI]), (Gates.H, []), (Gates.RZ, [phi])];
            }
        }

        if (set.Has(Gates.SX))
        {
            yield return [(Gates.RZ, [lambda]), (Gates.SX, []), (Gates.RZ, [theta + Math.PI]), (Gates.SX, []), (Gates.RZ, [phi + Math.PI])];
            if (Math.Abs(theta - Quarter) < Tiny)
            {
                yield return [(Gates.RZ, [lambda - Quarter]), (Gates.SX, []), (Gates.RZ, [phi + Quarter])];
            }

            if (set.Has(Gates.X) && Math.Abs(theta - Math.PI) < Tiny)
            {
                yield return [(Gates.X, []), (Gates.RZ, [phi - lambda + Math.PI])];
            }
        }
    }
}
