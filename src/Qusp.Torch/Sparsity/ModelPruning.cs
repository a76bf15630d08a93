// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using static TorchSharp.torch;

namespace Qusp.Torch;

/// <summary>By what the weights of a circuit are pruned.</summary>
public enum PruningScore
{
    /// <summary>How far a weight's rotations are from the identity, radians (mod 2π or 4π: <see cref="CompactPass.NearestIdentity"/>).</summary>
    Magnitude,

    /// <summary>
    /// How far they have moved away from it in training, <c>½(d² − d₀²)</c>: movement pruning's <c>−Σ rate · ∂L/∂w · w</c> for small steps (Sanh, Wolf,
    /// Rush 2020, arXiv:2005.07683, eq. 4), d the distance now and d₀ that at the start.
    /// </summary>
    Movement,
}

/// <summary>
/// Makes the circuit of a model smaller, once and for all samples. Each step gives a new model with fewer operations and weights, which trains
/// on; the classical layers are copied.
/// </summary>
public static class ModelPruning
{
    /// <summary>
    /// The model without gates that do nothing: the identity at the trained weights, or out of every measurement's sight. The same outputs to
    /// rounding (<see cref="CompactPass.Compact"/>).
    /// </summary>
    /// <param name="model">The model; it is not changed.</param>
    public static HybridModel Compact(this HybridModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var compact = model.Quantum.Circuit.Compact(Weights(model));
        return Rebuild(model, compact.Circuit, [.. compact.Weights]);
    }

    /// <summary>
    /// The model without the rotations that score lowest; the others stay as they are, so fine-tune it. Weights that no value makes the
    /// identity are never pruned.
    /// </summary>
    /// <param name="model">The model; it is not changed.</param>
    /// <param name="share">The share of the circuit's weights to prune, 0 to 1.</param>
    /// <param name="score">By what.</param>
    /// <param name="start">The weights at the start of the training, <c>[W]</c>; <see cref="PruningScore.Movement"/> needs them.</param>
    /// <exception cref="ArgumentException">The share is out of range, or the start is missing.</exception>
    public static HybridModel PruneRotations(this HybridModel model, double share, PruningScore score = PruningScore.Magnitude, double[]? start = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (share is not (>= 0 and <= 1))
        {
            throw new ArgumentException($"the share to prune is {share}; give a number from 0 to 1", nameof(share));
        }

        if (score == PruningScore.Movement && start is null)
        {
            throw new ArgumentException("movement is measured from the weights at the start of the training; give them", nameof(start));
        }

        var (circuit, weights) = (model.Quantum.Circuit, Weights(model));
        var now = circuit.NearestIdentity(weights);
        var before = score == PruningScore.Movement ? circuit.NearestIdentity(start) : null;
        var order = Enumerable.Range(0, weights.Length).Where(w => double.IsFinite(now[w].Distance)).OrderBy(Score).Take((int)Math.Round(share * weights.Length));
        foreach (var w in order)
        {
            weights[w] = now[w].Value;
        }

        var compact = circuit.Compact(weights);
        return Rebuild(model, compact.Circuit, [.. compact.Weights]);

        double Score(int w) => before is null ? now[w].Distance : (Square(now[w].Distance) - Square(before[w].Distance)) / 2;
        static double Square(double x) => x * x;
    }

    /// <summary>
    /// The model without the gates on two wires whose loss is least missed, one after the other, until what is left costs the budget on
    /// average. A gate counts as often as it fires. Fine-tune it then.
    /// </summary>
    /// <param name="model">The model; it is not changed.</param>
    /// <param name="budget">Gates on two or more wires a sample, on average over the samples.</param>
    /// <param name="x">Samples, <c>[B, F]</c>.</param>
    /// <param name="y">Their targets.</param>
    /// <param name="loss">The loss.</param>
    public static HybridModel PruneEntanglers(this HybridModel model, double budget, Tensor x, Tensor y, Loss loss)
    {
        ArgumentNullException.ThrowIfNull(model);
        var left = Rebuild(model, model.Quantum.Circuit, Weights(model));
        while (Measure(left) is var now && (double)now.Cost.TwoQubitGates / now.Samples > budget)
        {
            var operations = left.Quantum.Circuit.Operations;
            var best = Enumerable.Range(0, operations.Length).Where(k => operations[k].IsTwoQubitGate).Select(k =>
            {
                using var without = Without(left, k);
                var metrics = Measure(without);
                var saved = now.Cost.TwoQubitGates - metrics.Cost.TwoQubitGates;

                // Gates that never fire are missed by nobody, and save nothing: they go last.
                return (Operation: k, Missed: saved == 0 ? double.PositiveInfinity : metrics.Loss - now.Loss);
            }).MinBy(candidate => candidate.Missed);
            var next = Without(left, best.Operation);
            left.Dispose();
            left = next;
        }

        return left;

        Metrics Measure(HybridModel candidate) => new Trainer(candidate, new() { Loss = loss, TorchDevice = "cpu" }).Evaluate(x, y);

        static HybridModel Without(HybridModel model, int operation) =>
            Rebuild(model, model.Quantum.Circuit.WithOperations(model.Quantum.Circuit.Operations.RemoveAt(operation)), Weights(model));
    }

    /// <summary>
    /// The model without rotations that others can stand in for, by the quantum Fisher information on some samples
    /// (<see cref="RedundantWeights"/>). The same outputs on these samples to 1e-10.
    /// </summary>
    /// <param name="model">The model; it is not changed.</param>
    /// <param name="x">Samples, <c>[B, F]</c>.</param>
    public static HybridModel RemoveRedundant(this HybridModel model, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var scope = NewDisposeScope();
        var seen = Array.Empty<double>();
        var hook = model.Quantum.register_forward_pre_hook((_, input) =>
        {
            seen = input.detach().cpu().to(ScalarType.Float64).contiguous().data<double>().ToArray();
            return input;
        });
        new Trainer(model, new() { TorchDevice = "cpu" }).Predict(x).Dispose();
        hook.remove();
        var left = model.Quantum.Circuit.RemoveRedundant(model.Quantum.Selection.Device, (int)x.shape[0], seen, Weights(model));
        return Rebuild(model, left.Circuit, [.. left.Weights]);
    }

    /// <summary>The weights of the model's circuit, <c>[W]</c>.</summary>
    public static double[] Weights(HybridModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var scope = NewDisposeScope();
        return [.. model.Quantum.Circuit.WeightGroups.SelectMany(group => model.Quantum.get_parameter(group.Name)!.detach().cpu().to(ScalarType.Float64).data<double>().ToArray())];
    }

    /// <summary>The model with another circuit in place of its own.</summary>
    internal static HybridModel Rebuild(HybridModel model, Circuit circuit, double[] weights)
    {
        var description = model.Describe();
        var quantum = description.Layers.OfType<QuantumDescription>().First();
        var sharpness = model.modules().OfType<SparsityGate>().FirstOrDefault() is { } gate ? Schedule.Constant(gate.Sharpness) : new SparsityGateOptions().Sharpness;
        var rebuilt = new HybridModel(
            description with { Model = "custom", Layers = [.. description.Layers.Select(layer => layer == quantum ? quantum with { Circuit = circuit } : layer)] },
            model.Quantum.Options,
            model.GetName(),
            alpha: 0,
            new SparsityGateOptions { Sharpness = sharpness });
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var (from, to) = (model.state_dict(), rebuilt.state_dict());
        foreach (var (name, values) in to)
        {
            if (!name.StartsWith(quantum.Name + ".", StringComparison.Ordinal))
            {
                values.copy_(from[name]);
            }
        }

        foreach (var group in circuit.WeightGroups)
        {
            var values = tensor(weights.AsSpan(group.Offset, group.Count).ToArray());
            to[$"{quantum.Name}.{group.Name}"].copy_(values.reshape([.. group.Shape.Select(size => (long)size)]));
        }

        return rebuilt;
    }
}
