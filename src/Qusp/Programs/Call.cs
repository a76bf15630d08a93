// SPDX-License-Identifier: Apache-2.0
namespace Qusp;

/// <summary>The check at the door of every program: after it, kernels run unchecked.</summary>
internal static class Call
{
    public static void CheckEvaluate(Circuit circuit, int batch, int inputs, int weights, int outputs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(batch);
        Expect("inputs", inputs, batch, circuit.Inputs);
        Expect("weights", weights, 1, circuit.Weights);
        Expect("outputs", outputs, batch, circuit.Outputs);
    }

    public static void CheckPullback(Circuit circuit, int batch, int inputs, int weights, int cotangents, int inputGradients, int weightGradients)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(batch);
        Expect("inputs", inputs, batch, circuit.Inputs);
        Expect("weights", weights, 1, circuit.Weights);
        Expect("cotangents", cotangents, batch, circuit.Outputs);
        if (inputGradients > 0)
        {
            Expect("inputGradients", inputGradients, batch, circuit.Inputs);
        }

        if (weightGradients > 0)
        {
            Expect("weightGradients", weightGradients, 1, circuit.Weights);
        }
    }

    /// <summary>Refuses a pullback of a program whose only method is the adjoint and that was compiled without.</summary>
    public static void RequireAdjoint(Differentiation differentiation)
    {
        if (differentiation != Differentiation.Adjoint)
        {
            throw new NotSupportedException("This program was compiled without differentiation; compile it with Differentiation.Adjoint.");
        }
    }

    private static void Expect(string name, int length, int rows, int columns)
    {
        if (length != (long)rows * columns)
        {
            throw new ArgumentException($"{name} holds {length} numbers; this circuit and batch ask for {rows} × {columns}.", name);
        }
    }
}
