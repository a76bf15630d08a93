// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Inference;

/// <summary>
/// A sparsity gate: <c>y = h · m</c>, the mask m by a <see cref="SparsityRule"/>. Its parameters are <c>Name.threshold</c>
/// <c>[Wires]</c>, <c>Name.sharpness</c> (a scalar) and, for <see cref="GatePredicate.Wire"/>, <c>Name.score</c> <c>[Wires]</c>.
/// The circuit behind it has guards <c>|y| &gt; 0</c>.
/// </summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Wires">The number n of features.</param>
/// <param name="Rule">How a score becomes a mask.</param>
/// <param name="Predicate">What the score is.</param>
/// <param name="Limit">k of <see cref="SparsityRule.TopK"/>; other rules do not read it.</param>
/// <param name="Scope">What a wire that is off goes without.</param>
public sealed record GateDescription(
    string Name,
    int Wires,
    SparsityRule Rule,
    GatePredicate Predicate = GatePredicate.Absolute,
    double Limit = 0,
    GateScope Scope = GateScope.Wire) : LayerDescription
{
    internal const string TypeName = "gate";

    /// <summary>The number of values that it gives: n, or 2n.</summary>
    public int Outputs => Scope == GateScope.Wire ? Wires : 2 * Wires;

    /// <inheritdoc/>
    public override string Type => TypeName;
}

/// <summary>A gate at evaluation.</summary>
internal sealed class GateLayer<T>(GateDescription gate, Parameters parameters) : NetworkLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly T[] thresholds = parameters.Take<T>($"{gate.Name}.threshold", gate.Wires);
    private readonly T sharpness = parameters.Take<T>($"{gate.Name}.sharpness")[0];
    private readonly T[] scores = gate.Predicate == GatePredicate.Wire ? parameters.Take<T>($"{gate.Name}.score", gate.Wires) : new T[gate.Wires];
    private readonly T[] mask = new T[gate.Wires];

    public override T[] Apply(T[] x, int batch, Draw draw)
    {
        var y = gate.Outputs == gate.Wires ? x : new T[batch * gate.Outputs];
        for (var b = 0; b < batch; b++)
        {
            var row = x.AsSpan(b * gate.Wires, gate.Wires);
            var gated = y.AsSpan(((b + 1) * gate.Outputs) - gate.Wires, gate.Wires);
            if (gate.Predicate != GatePredicate.Wire)
            {
                for (var i = 0; i < row.Length; i++)
                {
                    scores[i] = gate.Predicate == GatePredicate.Absolute ? T.Abs(row[i]) : row[i];
                }
            }

            GateMask.Of<T>(gate.Rule, scores, thresholds, sharpness, gate.Limit, mask);
            for (var i = 0; i < row.Length; i++)
            {
                gated[i] = row[i] * mask[i];
            }

            if (y != x)
            {
                row.CopyTo(y.AsSpan(b * gate.Outputs));
            }
        }

        return y;
    }
}
