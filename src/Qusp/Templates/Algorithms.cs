// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>Building blocks of algorithms, in gates of one and two wires where there are such.</summary>
public static class Algorithms
{
    /// <summary>
    /// The quantum Fourier transform, <c>|c⟩ → Σ_r e^{2πi rc/N} |r⟩/√N</c>, of H, controlled phases and SWAPs
    /// (Nielsen and Chuang, 5.1). <see cref="Gates.QFT"/> is the same as one matrix.
    /// </summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="wires">The wires, the first the most significant; all if default.</param>
    public static CircuitBuilder QFT(this CircuitBuilder circuit, ImmutableArray<int> wires = default)
    {
        var on = circuit.On(wires);
        for (var i = 0; i < on.Length; i++)
        {
            circuit.H(on[i]);
            for (var j = i + 1; j < on.Length; j++)
            {
                circuit.ControlledPhaseShift(Math.ScaleB(Math.PI, i - j), on[j], on[i]);
            }
        }

        for (var i = 0; i < on.Length / 2; i++)
        {
            circuit.SWAP(on[i], on[^(i + 1)]);
        }

        return circuit;
    }

    /// <summary>Turns the sign of one basis state (PennyLane's <c>FlipSign</c>): the oracle of a search for it.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="bits">The state's bits, the first for the first wire.</param>
    /// <param name="wires">The wires; all if default.</param>
    /// <exception cref="ArgumentException">There are not as many bits as wires.</exception>
    public static CircuitBuilder FlipSign(this CircuitBuilder circuit, ReadOnlySpan<bool> bits, ImmutableArray<int> wires = default)
    {
        var on = circuit.On(wires);
        if (bits.Length != on.Length)
        {
            throw new ArgumentException($"{bits.Length} bits for {on.Length} wire(s); give one for each.", nameof(bits));
        }

        // Z on the last wire turns |1⟩; between two X it turns |0⟩.
        var last = on[^1];
        _ = bits[^1] ? circuit : circuit.X(last);
        _ = on.Length == 1 ? circuit.Z(last) : circuit.Apply(Gates.Z.Controlled([.. bits[..^1]]), on);
        return bits[^1] ? circuit : circuit.X(last);
    }

    /// <summary>
    /// Grover's operator 2|s⟩⟨s| − 1, the reflection about the uniform state s (PennyLane's <c>GroverOperator</c>), with its
    /// phase, so that it can be controlled.
    /// </summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="wires">The wires; all if default.</param>
    public static CircuitBuilder GroverOperator(this CircuitBuilder circuit, ImmutableArray<int> wires = default)
    {
        var on = circuit.On(wires);
        return circuit.Reflection(uniform => on.Aggregate(uniform, (all, wire) => all.H(wire)), on);
    }

    /// <summary>2|φ⟩⟨φ| − 1 for the state φ that a block prepares from |0…0⟩: amplitude amplification's other reflection.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="prepare">Prepares φ on these wires.</param>
    /// <param name="wires">The wires; all if default.</param>
    public static CircuitBuilder Reflection(this CircuitBuilder circuit, Action<CircuitBuilder> prepare, ImmutableArray<int> wires = default)
    {
        var on = circuit.On(wires);
        return circuit.Adjoint(prepare).FlipSign(new bool[on.Length], on).GlobalPhase(Math.PI, on[0]).Block(prepare);
    }

    /// <summary>Grover's search: the uniform state, then the oracle and <see cref="GroverOperator"/> in turn.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="oracle">Turns the sign of what is sought.</param>
    /// <param name="iterations">How often; about π/4·√(N/M) for M of N states.</param>
    /// <param name="wires">The wires; all if default.</param>
    public static CircuitBuilder GroverSearch(this CircuitBuilder circuit, Action<CircuitBuilder> oracle, int iterations, ImmutableArray<int> wires = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(iterations);
        var on = circuit.On(wires);
        ArgumentNullException.ThrowIfNull(oracle);
        return on.Aggregate(circuit, (all, wire) => all.H(wire)).Power(iterations, step => step.Block(oracle).GroverOperator(on));
    }

    /// <summary>
    /// Quantum phase estimation: for an eigenstate of U with eigenvalue e^{2πiφ} on the other wires, the estimation wires
    /// spell φ as a binary fraction, the first wire the half (Nielsen and Chuang, 5.2).
    /// </summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="unitary">Writes U, on other wires.</param>
    /// <param name="estimation">The wires that spell φ.</param>
    public static CircuitBuilder QuantumPhaseEstimation(this CircuitBuilder circuit, Action<CircuitBuilder> unitary, ImmutableArray<int> estimation)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        if (estimation.IsDefaultOrEmpty || estimation.Length > 30)
        {
            throw new ArgumentException("Phase estimation takes 1 to 30 wires for the phase.", nameof(estimation));
        }

        foreach (var wire in estimation)
        {
            circuit.H(wire);
        }

        for (var k = 0; k < estimation.Length; k++)
        {
            var power = 1 << (estimation.Length - 1 - k);
            circuit.Control(estimation[k], controlled => controlled.Power(power, unitary));
        }

        return circuit.Adjoint(inverse => inverse.QFT(estimation));
    }

    /// <summary>
    /// Time evolution e^{−iHt} by products of Pauli rotations: order 1 is Lie and Trotter's, even orders 2k are Suzuki's
    /// (Suzuki 1991, J. Math. Phys. 32, 400). Exact for commuting terms; the error is O(t^{k+1}/steps^k) for order k.
    /// </summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="hamiltonian">H.</param>
    /// <param name="time">t: a number, an input, a weight or an expression.</param>
    /// <param name="steps">In how many steps.</param>
    /// <param name="order">1, or an even number.</param>
    /// <exception cref="ArgumentException">The order is another one.</exception>
    public static CircuitBuilder TimeEvolution(this CircuitBuilder circuit, PauliSum hamiltonian, Angle time, int steps = 1, int order = 1)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        ArgumentNullException.ThrowIfNull(hamiltonian);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        if (order != 1 && (order is < 2 or > 8 || order % 2 != 0))
        {
            throw new ArgumentException($"A product formula of order {order}: there are those of order 1, 2, 4, 6 and 8.", nameof(order));
        }

        return circuit.Power(steps, step => Product(step, hamiltonian, time / steps, order));
    }

    private static void Product(CircuitBuilder circuit, PauliSum hamiltonian, Angle time, int order)
    {
        if (order <= 2)
        {
            var part = order == 1 ? time : 0.5 * time;
            foreach (var (coefficient, word) in hamiltonian.Terms)
            {
                Evolve(circuit, word, coefficient * part);
            }

            foreach (var (coefficient, word) in order == 1 ? [] : hamiltonian.Terms.Reverse())
            {
                Evolve(circuit, word, coefficient * part);
            }

            return;
        }

        // S_{2k}(t) = S_{2k−2}(ut)² S_{2k−2}((1 − 4u)t) S_{2k−2}(ut)², u = 1/(4 − 4^{1/(2k−1)}).
        var u = 1 / (4 - Math.Pow(4, 1.0 / (order - 1)));
        foreach (var fraction in (ReadOnlySpan<double>)[u, u, 1 - (4 * u), u, u])
        {
            Product(circuit, hamiltonian, fraction * time, order - 2);
        }
    }

    // e^{−iaP}
    private static void Evolve(CircuitBuilder circuit, PauliWord word, Angle a)
    {
        var letters = word.Letters;
        if (letters.IsEmpty)
        {
            circuit.GlobalPhase(a, 0);
            return;
        }

        var (name, wires) = ("", ImmutableArray.CreateBuilder<int>());
        foreach (var (wire, letter) in letters)
        {
            name += letter;
            wires.Add(wire);
        }

        circuit.Apply(name switch { "X" => Gates.RX, "Y" => Gates.RY, "Z" => Gates.RZ, _ => Gates.PauliRot(name) }, wires.ToImmutable(), 2 * a);
    }

    private static CircuitBuilder Block(this CircuitBuilder circuit, Action<CircuitBuilder> block)
    {
        block(circuit);
        return circuit;
    }
}
