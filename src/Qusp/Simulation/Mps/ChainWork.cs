// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Simulation.Mps;

/// <summary>
/// Nanoseconds of what is done with tensors, by their sides. Constants were measured (docs/large-circuits.md); those of squares and cubes are of complex numbers.
/// </summary>
internal static class ChainWork
{
    private const double Made = 14; // a tensor or a matrix, however small
    private const double Number = 0.9; // written into another shape
    private const double Product = 0.75; // summed over a bond
    private const double GateProduct = 1.1;
    private const double ColumnPair = 15; // made orthogonal
    private const double ColumnProduct = 2.4;
    private const double Turned = 20; // pairs of columns in all sweeps of Jacobi rotations
    private const double TurnedProduct = 5;

    /// <summary>A tensor [left, ·, middle] times one [middle, ·, right]; sides with those of the sites.</summary>
    public static double Join(double left, double middle, double right) => Made + (Product * left * middle * right);

    /// <summary>A matrix on the sites of a tensor.</summary>
    /// <param name="numbers">Of the tensor.</param>
    /// <param name="entries">That are not 0, a row of the matrix.</param>
    public static double Gate(double numbers, double entries) => Made + (GateProduct * entries * numbers);

    /// <summary>Another shape of the same numbers.</summary>
    public static double Shape(double numbers) => Made + (Number * numbers);

    /// <summary>An environment [bra, ket] taken over one site.</summary>
    public static double Contract(double braLeft, double ketLeft, double braRight, double ketRight) =>
        (2 * Made) + (2 * Product * braLeft * ketRight * (ketLeft + braRight));

    /// <summary>As many orthonormal columns as the rank, and a triangle.</summary>
    public static double Qr(double rows, double columns, double rank) =>
        (2 * Made) + (rank * (columns - (rank / 2)) * (ColumnPair + (ColumnProduct * rows)));

    /// <summary>Singular values and vectors. Rounding leaves a matrix more rank than it should have: about a quarter of what it could.</summary>
    public static double Svd(double rows, double columns, double rank)
    {
        var (few, many) = (Math.Min(rows, columns), Math.Max(rows, columns));
        var found = (few + (3 * rank)) / 4;
        return (2 * Made) + Qr(many, few, found) + (found * found * (Turned + (TurnedProduct * (few + found)) + (Product * many))) + (rows < columns ? Shape(rows * columns) : 0);
    }
}
