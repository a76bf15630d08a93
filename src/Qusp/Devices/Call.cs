// SPDX-License-Identifier: Apache-2.0
namespace Qusp;

/// <summary>The check at the door of every program: after it, kernels run unchecked.</summary>
internal static class Call
{
    public static void CheckEvaluate(Circuit circuit, int batch, int inputs, int weights, int outputs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(batch);
        Expect("inputs", inputs, $"[{batch}, {circuit.Inputs}]", (long)batch * circuit.Inputs);
        Expect("weights", weights, $"[{circuit.Weights}]", circuit.Weights);
        Expect("outputs", outputs, $"[{batch}, {circuit.Outputs}]", (long)batch * circuit.Outputs);
    }

    public static void CheckPullback(Circuit circuit, int batch, int inputs, int weights, int cotangents, int inputGradients, int weightGradients)
    {
        CheckEvaluate(circuit, batch, inputs, weights, batch * circuit.Outputs);
        Expect("cotangents", cotangents, $"[{batch}, {circuit.Outputs}]", (long)batch * circuit.Outputs);
        if (inputGradients > 0)
        {
            Expect("inputGradients", inputGradients, $"[{batch}, {circuit.Inputs}]", (long)batch * circuit.Inputs);
        }

        if (weightGradients > 0)
        {
            Expect("weightGradients", weightGradients, $"[{circuit.Weights}]", circuit.Weights);
        }
    }

    private static void Expect(string name, int length, string shape, long wanted)
    {
        if (length != wanted)
        {
            throw new ArgumentException($"{name} holds {length} numbers; this circuit and batch ask for {shape}.", name);
        }
    }
}
