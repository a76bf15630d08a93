// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>What the observables, brought back to some point of the circuit, look like on a wire.</summary>
internal enum Sight : byte
{
    /// <summary>The identity: nothing is seen of the wire.</summary>
    Nothing,

    /// <summary>Diagonal: what commutes with Z is not seen.</summary>
    Diagonal,

    /// <summary>Anything.</summary>
    Everything,
}

/// <summary>
/// Which of a circuit's operations can change what is measured. Backward from the measurements, a kept operation U turns
/// the observables O into U†OU; one that commutes with all that they can be by then is not seen. Forward from |0…0⟩, an
/// operation that leaves |0…0⟩ alone on wires that nothing has touched does not wake them. Both only follow structure, which holds for all angles.
/// </summary>
internal sealed class Causality
{
    private const double Tiny = 1e-14;
    private const int MaxMatrixWires = 6; // of larger gates the matrix is not looked at

    private readonly ImmutableArray<Operation> operations;
    private readonly Traits[] traits;
    private readonly bool[] bits;
    private readonly bool[] awake;

    public Causality(Circuit circuit)
    {
        operations = circuit.Operations;
        var known = new Dictionary<Gate, Traits>();
        traits = [.. operations.Select(operation => known.TryGetValue(operation.Gate, out var found) ? found : known[operation.Gate] = Traits.Of(operation.Gate))];
        bits = new bool[circuit.Bits];
        awake = new bool[circuit.Wires];
    }

    /// <summary>Adds what a measurement looks at.</summary>
    public static void Look(Measurement measurement, Span<Sight> sight)
    {
        switch (measurement)
        {
            case Expectation expectation:
                foreach (var (_, word) in expectation.Observable.Terms)
                {
                    Look(word, sight);
                }

                break;
            case Probabilities probabilities:
                foreach (var wire in probabilities.OfWires)
                {
                    Raise(ref sight[wire], Sight.Diagonal);
                }

                break;
            default:
                sight.Fill(Sight.Everything);
                break;
        }
    }

    /// <summary>Adds what a word looks at.</summary>
    public static void Look(PauliWord word, Span<Sight> sight)
    {
        foreach (var (wire, pauli) in word.Letters)
        {
            Raise(ref sight[wire], pauli == 'Z' ? Sight.Diagonal : Sight.Everything);
        }
    }

    /// <summary>Moves the operations that can act on |0…0⟩ to the front.</summary>
    /// <param name="chosen">Indices of operations, in order.</param>
    /// <returns>How many they are.</returns>
    public int KeepWoken(Span<int> chosen)
    {
        Array.Clear(awake);
        var kept = 0;
        foreach (var index in chosen)
        {
            var (operation, trait) = (operations[index], traits[index]);
            if (operation.Gate.Kind == GateKind.Barrier || Sleeps(operation, trait))
            {
                continue;
            }

            chosen[kept++] = index;
            foreach (var wire in operation.Wires)
            {
                awake[wire] = true;
            }
        }

        return kept;
    }

    /// <summary>Moves the operations that are seen to the back.</summary>
    /// <param name="chosen">Indices of operations, in order.</param>
    /// <param name="sight">What the measurements look at, by wire; becomes what is looked at before the first operation.</param>
    /// <returns>How many they are.</returns>
    public int KeepSeen(Span<int> chosen, Span<Sight> sight)
    {
        Array.Clear(bits);
        var first = chosen.Length;
        for (var i = chosen.Length - 1; i >= 0; i--)
        {
            var index = chosen[i];
            if (IsSeen(operations[index], traits[index], sight))
            {
                chosen[--first] = index;
            }
        }

        return chosen.Length - first;
    }

    private static void Raise(ref Sight sight, Sight to) => sight = sight > to ? sight : to;

    private bool Sleeps(Operation operation, Traits trait)
    {
        if (!operation.IsGate)
        {
            return false;
        }

        var (wires, controls) = (operation.Wires, trait.Controls);
        for (var k = 0; k < controls.Length; k++)
        {
            if (controls[k] && !awake[wires[k]])
            {
                return true; // the control is 0
            }
        }

        if (!trait.KeepsZero)
        {
            return false;
        }

        foreach (var wire in wires)
        {
            if (awake[wire])
            {
                return false;
            }
        }

        return true;
    }

    private bool IsSeen(Operation operation, Traits trait, Span<Sight> sight)
    {
        var wires = operation.Wires;
        var isRead = operation.Bit is { } bit && bits[bit];
        Sight all = Sight.Nothing, targets = Sight.Nothing;
        for (var k = 0; k < wires.Length; k++)
        {
            Raise(ref all, sight[wires[k]]);
            if (k >= trait.Controls.Length)
            {
                Raise(ref targets, sight[wires[k]]);
            }
        }

        var commutes = all == Sight.Nothing
            || (all == Sight.Diagonal && (trait.IsDiagonal || targets == Sight.Nothing));
        if (operation.Gate.Kind == GateKind.Barrier || (commutes && trait.CanGo && !isRead))
        {
            return false;
        }

        var becomes = trait.IsPermutation && all <= Sight.Diagonal ? Sight.Diagonal : Sight.Everything;
        for (var k = 0; k < wires.Length; k++)
        {
            Raise(ref sight[wires[k]], trait.IsDiagonal || k < trait.Controls.Length ? Sight.Diagonal : becomes);
        }

        foreach (var condition in operation.Conditions)
        {
            foreach (var read in condition.Bits)
            {
                bits[read] = true;
            }
        }

        return true;
    }

    /// <summary>What matters of a gate.</summary>
    /// <param name="Controls">The values of its leading wires that are controls.</param>
    /// <param name="IsDiagonal">Whether it commutes with Z on each of its wires.</param>
    /// <param name="IsPermutation">Whether it takes diagonal observables to diagonal ones.</param>
    /// <param name="KeepsZero">Whether |0…0⟩ only gets a phase.</param>
    /// <param name="CanGo">Whether it may be left out where nobody looks: not where it selects.</param>
    private sealed record Traits(ImmutableArray<bool> Controls, bool IsDiagonal, bool IsPermutation, bool KeepsZero, bool CanGo)
    {
        private static readonly double[] Generic = [0.7310585786, 2.1972245773];

        public static Traits Of(Gate gate) => gate.Kind == GateKind.Unitary
            ? new(gate.ControlValues, gate.Structure.HasFlag(GateStructure.Diagonal), gate.Structure.HasFlag(GateStructure.Permutation), Keeps(gate), true)
            : new([], gate.Kind == GateKind.Measure, false, false, gate.IsTracePreserving);

        // Entries are trigonometric polynomials: two generic points tell.
        private static bool Keeps(Gate gate) => gate.Structure.HasFlag(GateStructure.Diagonal)
            || (gate.Wires <= MaxMatrixWires && Generic.All(seed =>
            {
                var matrix = gate.Matrix([.. Enumerable.Range(0, gate.Parameters).Select(k => seed + (0.9 * k))]);
                return Enumerable.Range(1, matrix.GetLength(0) - 1).All(row => matrix[row, 0].Magnitude < Tiny);
            }));
    }
}
