// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Simulation.Pauli;

/// <summary>What a sample's angles make of each stretch of a tape.</summary>
internal sealed class PauliAngles
{
    private PauliStretch[] stretches = [];
    private (double Cos, double Sin)[] turns = [];
    private double[][] matrices = []; // of maps whose angle varies
    private double[][] derivatives = [];

    /// <summary>Computes them.</summary>
    public void Fill(PauliTape tape, ReadOnlySpan<double> inputs, ReadOnlySpan<double> weights, bool withDerivatives)
    {
        stretches = tape.Stretches;
        if (turns.Length < stretches.Length)
        {
            turns = new (double, double)[stretches.Length];
            (matrices, derivatives) = ([.. turns.Select(_ => Array.Empty<double>())], [.. turns.Select(_ => Array.Empty<double>())]);
        }

        for (var k = 0; k < stretches.Length; k++)
        {
            var step = stretches[k].Step;
            var theta = step.Angle.Value(inputs, weights);
            if (step.Gate is null)
            {
                var (sin, cos) = Math.SinCos(step.Factor * theta);
                turns[k] = (cos, sin);
            }
            else if (step.Curve is { } curve)
            {
                curve.Fill(theta, Numbers.Room(ref matrices[k], curve.Length));
                if (withDerivatives)
                {
                    curve.FillDerivative(theta, Numbers.Room(ref derivatives[k], curve.Length));
                }
            }
        }
    }

    /// <summary>The cosine and sine of a turn.</summary>
    public (double Cos, double Sin) Turn(int stretch) => turns[stretch];

    /// <summary>The matrix of a map.</summary>
    public ReadOnlySpan<double> Matrix(int stretch) =>
        stretches[stretch].Step is var step && step.Curve is { } curve ? matrices[stretch].AsSpan(0, curve.Length) : step.Matrix;

    /// <summary>Its derivative by the angle, if it was asked for.</summary>
    public ReadOnlySpan<double> Derivative(int stretch) => derivatives[stretch].AsSpan(0, stretches[stretch].Step.Curve!.Length);
}
