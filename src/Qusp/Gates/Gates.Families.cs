// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using static Qusp.MatrixAlgebra;

namespace Qusp;

// Rows made for a size, a word or a matrix.
public static partial class Gates
{
    private const int MaxQftWires = 10;

    /// <summary>exp(−iθ Z⊗…⊗Z/2) on <paramref name="wires"/> wires.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number of wires is not 1 to 64.</exception>
    public static Gate MultiRZ(int wires)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(wires, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(wires, MaxLetters);
        return WordRotation($"MultiRZ[{wires.ToString(CultureInfo.InvariantCulture)}]", "MultiRZ", new string('Z', wires));
    }

    /// <summary>exp(−iθ P/2) for a Pauli word of letters I, X, Y, Z, the first on the operation's first wire.</summary>
    /// <exception cref="ArgumentException">A letter is not one of these, or there is none or more than 64.</exception>
    public static Gate PauliRot(string word)
    {
        ArgumentException.ThrowIfNullOrEmpty(word);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(word.Length, MaxLetters, nameof(word));
        return word.FirstOrDefault(letter => letter is not ('I' or 'X' or 'Y' or 'Z')) is not '\0' and var wrong
            ? throw new ArgumentException($"'{wrong}' is no Pauli letter; a word is made of I, X, Y, Z.", nameof(word))
            : WordRotation($"PauliRot[{word}]", "R" + word, word);
    }

    /// <summary>X on the last wire where the leading wires have these values; a CNOT for one control that is true.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no control.</exception>
    public static Gate MultiControlledX(params ImmutableArray<bool> controlValues)
    {
        ArgumentOutOfRangeException.ThrowIfZero(controlValues.Length, nameof(controlValues));
        return X.Controlled(controlValues);
    }

    /// <summary>The quantum Fourier transform, <c>e^{2πi rc/N}/√N</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number of wires is not 1 to 10.</exception>
    public static Gate QFT(int wires)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(wires, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(wires, MaxQftWires);
        var size = 1 << wires;
        var matrix = Map(new Complex[size, size], (r, c) => Complex.FromPolarCoordinates(1 / Math.Sqrt(size), 2 * Math.PI * (r * c % size) / size));
        return new Gate($"QFT[{wires.ToString(CultureInfo.InvariantCulture)}]", wires, 0, _ => (Complex[,])matrix.Clone())
        {
            Label = "QFT",
            Decomposition =
            [
                .. Enumerable.Range(0, wires).SelectMany(wire => (Operation[])
                [
                    Part(H, [wire]),
                    .. Enumerable.Range(wire + 1, wires - wire - 1).Select(later => Part(ControlledPhaseShift, [later, wire], Math.ScaleB(Math.PI, wire - later))),
                ]),
                .. Enumerable.Range(0, wires / 2).Select(wire => Part(SWAP, [wire, wires - 1 - wire])),
            ],
        };
    }

    /// <summary>An arbitrary unitary, <c>[2^m, 2^m]</c>, the first wire the most significant bit of the index.</summary>
    /// <exception cref="ArgumentException">The matrix is not square with a side of 2, 4, …, 1024, or not unitary to 1e-8.</exception>
    public static Gate Unitary(Complex[,] matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        var size = matrix.GetLength(0);
        if (size != matrix.GetLength(1) || size is < 2 or > 1024 || !BitOperations.IsPow2(size))
        {
            throw new ArgumentException(
                $"A unitary has as many rows as columns, 2, 4, 8, … 1024; this has {size} × {matrix.GetLength(1)}.", nameof(matrix));
        }

        var defect = Distance(Multiply(Dagger(matrix), matrix), Identity(size));
        if (!(defect < 1e-8))
        {
            throw new ArgumentException($"The matrix is not unitary: U†U differs from the identity by {defect:G2}.", nameof(matrix));
        }

        var copy = (Complex[,])matrix.Clone();
        return new Gate("Unitary", BitOperations.Log2((uint)size), 0, _ => (Complex[,])copy.Clone()) { IsCustom = true, Label = "U", Aliases = ["QubitUnitary"] };
    }

    /// <summary>A diagonal unitary, from its 2^m diagonal entries.</summary>
    /// <exception cref="ArgumentException">An entry's modulus is not 1, or their number is not a power of 2.</exception>
    public static Gate DiagonalUnitary(params Complex[] diagonal)
    {
        ArgumentNullException.ThrowIfNull(diagonal);
        return Unitary(Map(new Complex[diagonal.Length, diagonal.Length], (r, c) => r == c ? diagonal[r] : 0));
    }
    private static Gate WordRotation(string name, string label, string word)
    {
        // The rotation about the identity is a global phase: an expectation value does not depend on it.
        ImmutableArray<double> frequencies = word.All(letter => letter == 'I') ? [] : [1];
        return new Gate(name, word.Length, 1)
        {
            GeneratorFormula = () => Scale(word.Aggregate(new Complex[,] { { 1 } }, (product, letter) => Kron(product, Letter(letter))), -0.5),
            GeneratorScale = 0.5,
            Frequencies = One(frequencies),
            Decomposition = WordLadder(word),
            KnownStructure = word.All(letter => letter is 'I' or 'Z') ? GateStructure.Diagonal | GateStructure.Permutation
                : word.Count(letter => letter == 'Y') % 2 == 1 ? GateStructure.Real
                : GateStructure.Dense,
            Label = label,
        };

        static Complex[,] Letter(char letter) => letter switch { 'X' => PauliX, 'Y' => PauliY, 'Z' => PauliZ, _ => Identity(2) };
    }

    // Each letter is turned to Z, a ladder of CNOTs brings the parity to the last of their wires, RZ turns there, and back.
    private static ImmutableArray<Operation> WordLadder(string word)
    {
        int[] on = [.. Enumerable.Range(0, word.Length).Where(wire => word[wire] != 'I')];
        if (on.Length == 0)
        {
            return [Part(GlobalPhase, [0], 0.5 * Angle.Input(0))];
        }

        if (on is [var only])
        {
            return [Part(word[only] switch { 'X' => RX, 'Y' => RY, _ => RZ }, [only], Angle.Input(0))];
        }

        var before = ImmutableArray.CreateBuilder<Operation>();
        foreach (var wire in on)
        {
            if (word[wire] != 'Z')
            {
                before.Add(word[wire] == 'X' ? Part(H, [wire]) : Part(RX, [wire], Math.PI / 2));
            }
        }

        before.AddRange(on.Zip(on.Skip(1), (control, target) => Part(CNOT, [control, target])));
        return
        [
            .. before,
            Part(RZ, [on[^1]], Angle.Input(0)),
            .. Enumerable.Reverse(before).Select(part => part.Angles.IsEmpty ? part : part.WithAngles([-part.Angles[0]])),
        ];
    }
}
