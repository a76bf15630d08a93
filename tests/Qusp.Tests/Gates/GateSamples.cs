// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using CsCheck;
using Xunit;

namespace Qusp.Tests;

/// <summary>Gates to try a property on: the table, members of every family, and derived rows.</summary>
internal static class GateSamples
{
    public static Gate Custom { get; } = Gates.Unitary(MatrixAlgebra.Multiply(Gates.ISWAP.Matrix(), MatrixAlgebra.Multiply(
        Gates.CRX.Matrix(0.7), MatrixAlgebra.Embed(Gates.U3.Matrix(0.3, 1.1, -2), [1], 2))));

    public static ImmutableArray<Gate> Families { get; } =
    [
        Gates.MultiRZ(1), Gates.MultiRZ(2), Gates.MultiRZ(4),
        .. ((string[])["X", "I", "II", "XY", "ZX", "YY", "IYI", "XYZ", "ZIZ", "YXIZ"]).Select(Gates.PauliRot),
        Gates.MultiControlledX(true), Gates.MultiControlledX(false, true), Gates.MultiControlledX(false, true, false),
        Gates.QFT(1), Gates.QFT(2), Gates.QFT(3),
        Custom, Gates.DiagonalUnitary(1, Complex.ImaginaryOne, -1, Complex.FromPolarCoordinates(1, 0.4)),
    ];

    public static ImmutableArray<Gate> Base { get; } = [.. Gates.All, .. Families];

    /// <summary>The base, and what is derived from it up to four wires.</summary>
    public static ImmutableArray<Gate> All { get; } =
    [
        .. Base.Concat(Base.Where(gate => gate.Wires < 4).SelectMany(gate => (Gate[])
        [
            gate.Adjoint(),
            gate.Controlled(),
            gate.Adjoint().Controlled(false),
            gate.Power(2),
            gate.Power(-3).Adjoint(),
            gate.Power(0),
            .. gate.Parameters == 0 || gate.Generator is not null ? (Gate[])[gate.Power(0.5), gate.Power(-1.3).Controlled()] : [],
        ])).DistinctBy(gate => (gate.Name, gate.Wires)),
    ];

    /// <summary>A base gate with as many random angles as it takes.</summary>
    public static Gen<(Gate Gate, double[] Angles)> WithAngles(ImmutableArray<Gate> gates) =>
        Gen.Int[0, gates.Length - 1].SelectMany(k => Gen.Double[-7, 7].Array[gates[k].Parameters], (k, angles) => (gates[k], angles));

    public static void AssertClose(Complex[,] expected, Complex[,] actual, double tolerance, string what)
    {
        Assert.True(expected.GetLength(0) == actual.GetLength(0) && expected.GetLength(1) == actual.GetLength(1), $"{what}: the sizes differ");
        var distance = MatrixAlgebra.Distance(expected, actual);
        Assert.True(distance <= tolerance, $"{what}: differs by {distance:G3}");
    }

    public static string Print(this (Gate Gate, double[] Angles) sample) => $"{sample.Gate.Name}({string.Join(", ", sample.Angles)})";
}
