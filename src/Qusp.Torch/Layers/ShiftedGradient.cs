// SPDX-License-Identifier: Apache-2.0
using Qusp.Gradients;
using TorchSharp;
using static TorchSharp.torch;

namespace Qusp.Torch;

/// <summary>
/// A circuit's gradient by tensor operations and evaluations of the circuit itself, so that autograd can differentiate
/// it again, to any order. Each varying angle θ_p is an input of its own, θ = x Mₓᵀ + w M_wᵀ + offset, and
/// <c>∂O/∂θ_p = Σ_i c_i O(θ + s_i e_p)</c> by the gate's shift rule (Wierichs et al. 2021, arXiv:2107.12390).
/// Expressions are inputs and weights of their own, made by tensor operations. Guards stay as the data decide them. For P angles and two-term rules it costs 2P evaluations a sample and order.
/// </summary>
internal sealed class ShiftedGradient
{
    private readonly Circuit circuit; // without expressions: of further inputs and weights
    private readonly TensorExpressions expressions;
    private readonly double[,] ofInputs; // [P, I]
    private readonly double[,] ofWeights; // [P, W]
    private readonly double[] offsets; // [P]
    private readonly double[,] shifts; // [S, P]
    private readonly double[,] coefficients; // [S, P]

    public ShiftedGradient(Circuit circuit, Func<Circuit, CircuitFunction> compile)
    {
        var extracted = circuit.ExtractExpressions();
        expressions = new TensorExpressions(circuit, extracted);
        this.circuit = circuit = extracted.Circuit;
        var exposed = circuit.ExposeAngles();
        var angles = exposed.Angles.Select(angle => (angle.Angle, Rule: ShiftRule.Exact(angle.Gate, angle.Parameter))).ToList();
        Function = compile(exposed.Circuit);
        var terms = angles.Sum(angle => angle.Rule.Terms.Length);
        (ofInputs, ofWeights, offsets) = (new double[angles.Count, circuit.Inputs], new double[angles.Count, circuit.Weights], new double[angles.Count]);
        (shifts, coefficients) = (new double[terms, angles.Count], new double[terms, angles.Count]);
        for (int p = 0, s = 0; p < angles.Count; p++)
        {
            var (angle, rule) = angles[p];
            (angle.Source == AngleSource.Input ? ofInputs : ofWeights)[p, angle.Index] = angle.Scale;
            offsets[p] = angle.Offset;
            foreach (var (coefficient, shift) in rule.Terms)
            {
                (shifts[s, p], coefficients[s, p]) = (shift, coefficient);
                s++;
            }
        }
    }

    /// <summary>
    /// Why a circuit's gradient cannot be differentiated again, and what to do; null if it can. Shift rules are for what is linear in the
    /// density matrix: a shifted value of a function of that is no part of the derivative.
    /// </summary>
    public static string? Refusal(Circuit circuit)
    {
        if (circuit.Measurements.FirstOrDefault(measurement => measurement is DerivedMeasurement) is { } derived)
        {
            return $"{derived} has no second derivative in a layer; measure the expectation values, probabilities or density matrix that it is a function of, and write the function in tensor operations";
        }

        if (circuit.Operations.FirstOrDefault(operation => !operation.Gate.IsTracePreserving) is { } kept)
        {
            return $"given success of {kept} outputs are quotients, which have no second derivative in a layer; leave the post-selection out";
        }

        if (circuit.Operations.FirstOrDefault(operation => !operation.IsGate && operation.Angles.Any(angle => !angle.IsConstant)) is { } noise)
        {
            return $"by the strength of {noise} there is no second derivative in a layer; give the channel a constant strength";
        }

        return null;
    }

    /// <summary>The circuit of I + P inputs: what guards read, then the angles.</summary>
    public CircuitFunction Function { get; }

    /// <summary>The vector–Jacobian product as a differentiable function of inputs, weights and cotangents.</summary>
    /// <param name="inputs"><c>[B, I]</c>.</param>
    /// <param name="weights">One tensor a weight group.</param>
    /// <param name="cotangents"><c>[B, K]</c>.</param>
    /// <param name="wanted">Whether the gradient of the inputs, then of each weight group, is wanted.</param>
    /// <param name="draw">The randomness of the evaluation.</param>
    /// <returns>The gradient of the inputs, then of each weight group; null where not wanted.</returns>
    public Tensor?[] Gradients(Tensor inputs, Tensor[] weights, Tensor cotangents, bool[] wanted, Draw draw)
    {
        using var scope = NewDisposeScope();
        var (batch, terms, angles) = (inputs.shape[0], shifts.GetLength(0), offsets.Length);
        var (byInputs, byWeights) = (Constant(ofInputs), Constant(ofWeights));
        var plain = inputs.to(ScalarType.Float64); // [B, I]
        var g = cotangents.to(ScalarType.Float64); // [B, K]
        var given = weights.Length == 0 ? zeros(0, dtype: ScalarType.Float64) : cat([.. weights.Select(weight => weight.to(ScalarType.Float64).reshape(-1))], 0); // [W]
        var values = expressions.Evaluate(plain, given);
        var (x, w) = expressions.Extend(plain, given, values);
        var theta = x.matmul(byInputs.t()) + byWeights.matmul(w) + tensor(offsets, dtype: ScalarType.Float64); // [B, P]
        var shifted = theta.unsqueeze(1) + Constant(shifts); // [B, S, P]
        var data = x.detach().unsqueeze(1).expand(batch, terms, circuit.Inputs); // [B, S, I]
        var rows = cat([data, shifted], 2).reshape(batch * terms, circuit.Inputs + angles).contiguous(); // [B S, I + P]
        var outputs = CircuitCall.Apply(Function, rows, [], draw with { Seed = Seeds.Mix(draw.Seed, 1), FirstSample = draw.FirstSample * terms });
        var slopes = (outputs.reshape(batch, terms, circuit.Outputs) * g.unsqueeze(1)).sum([2L]).matmul(Constant(coefficients)); // [B, P]

        var (byInput, byWeight) = expressions.Pull(plain, given, values, slopes.matmul(byInputs), slopes.sum([0L]).matmul(byWeights)); // [B, I], [W]
        var results = new Tensor?[wanted.Length];
        results[0] = wanted[0] ? byInput.to(inputs.dtype) : null;
        for (var k = 0; k < weights.Length; k++)
        {
            var group = circuit.WeightGroups[k];
            results[k + 1] = wanted[k + 1]
                ? byWeight.slice(0, group.Offset, group.Offset + group.Count, 1).reshape(weights[k].shape).to(weights[k].dtype)
                : null;
        }

        foreach (var result in results)
        {
            result?.MoveToOuterDisposeScope();
        }

        return results;
    }

    private static Tensor Constant(double[,] values) => tensor(values, dtype: ScalarType.Float64);
}
