// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using static Qusp.MatrixAlgebra;

namespace Qusp;

// Rows made for a size, a word or a matrix.
public static partial class Gates
{
    /// <summary>exp(−iθ Z⊗…⊗Z/2) on <paramref name="wires"/> wires.</summary>
    public static Gate MultiRZ(int wires)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(wires, 1);
        var word = PauliRot(new string('Z', wires));
        return Rotation($"MultiRZ[{wires.ToString(CultureInfo.InvariantCulture)}]", word.Generator!, 0.5, [1], label: "RZ…Z");
    }

    /// <summary>exp(−iθ P/2) for a Pauli word of letters I, X, Y, Z, the first on the operation's first wire.</summary>
    /// <exception cref="ArgumentException">A letter is not one of these, or there is none.</exception>
    public static Gate PauliRot(string word)
    {
        ArgumentException.ThrowIfNullOrEmpty(word);
        var product = new Complex[,] { { 1 } };
        foreach (var letter in word)
        {
            product = Kron(product, letter switch
            {
                'I' => Identity(2),
                'X' => PauliX,
                'Y' => PauliY,
                'Z' => PauliZ,
                _ => throw new ArgumentException($"'{letter}' is no Pauli letter; a word is made of I, X, Y, Z.", nameof(word)),
            });
        }

        // The rotation about the identity is a global phase: an expectation value does not depend on it.
        ImmutableArray<double> frequencies = word.All(letter => letter == 'I') ? [] : [1];
        return Rotation($"PauliRot[{word}]", Scale(product, -0.5), 0.5, frequencies, label: "R" + word);
    }

    /// <summary>X on the last wire where the leading wires have these values.</summary>
    public static Gate MultiControlledX(params ImmutableArray<bool> controlValues)
    {
        ArgumentOutOfRangeException.ThrowIfZero(controlValues.Length);
        var bits = string.Concat(controlValues.Select(value => value ? '1' : '0'));
        return GateAlgebra.ControlledAs($"MultiControlledX[{bits}]", X, controlValues);
    }

    /// <summary>The quantum Fourier transform, <c>e^{2πi rc/N}/√N</c>.</summary>
    public static Gate QFT(int wires)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(wires, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(wires, 10);
        var size = 1 << wires;
        var matrix = Map(new Complex[size, size], (r, c) => Complex.FromPolarCoordinates(1 / Math.Sqrt(size), 2 * Math.PI * (r * c % size) / size));
        return Fixed($"QFT[{wires.ToString(CultureInfo.InvariantCulture)}]", wires, matrix, label: "QFT");
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
        return new Gate("Unitary", BitOperations.Log2((uint)size), 0, _ => copy) { IsCustom = true, Label = "U", Aliases = ["QubitUnitary"] };
    }

    /// <summary>A diagonal unitary, from its 2^m diagonal entries.</summary>
    /// <exception cref="ArgumentException">An entry's modulus is not 1, or their number is not a power of 2.</exception>
    public static Gate DiagonalUnitary(params Complex[] diagonal)
    {
        ArgumentNullException.ThrowIfNull(diagonal);
        return Unitary(Map(new Complex[diagonal.Length, diagonal.Length], (r, c) => r == c ? diagonal[r] : 0));
    }
}
