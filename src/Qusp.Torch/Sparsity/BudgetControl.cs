// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using static TorchSharp.torch;

namespace Qusp.Torch;

/// <summary>Holds a model's gate to a <see cref="Budget"/> while it trains, and moves its sharpness along its schedule.</summary>
internal sealed class BudgetControl
{
    private const double Widest = 4; // scores of tanh are at most 1
    private const double MostSpare = 0.1;
    private const int Halvings = 30;

    private readonly nn.Module<Tensor, Tensor> model;
    private readonly SparsityGate[] gates;
    private readonly Budget? budget;
    private readonly PatternCost? cost;
    private readonly List<Tensor> seen = [];
    private double progress;
    private double? unit;

    /// <summary>The control of a model.</summary>
    /// <param name="model">The model; with a budget it has one gate.</param>
    /// <param name="budget">The budget; null if costs do not matter.</param>
    /// <exception cref="ArgumentException">There is a budget, and not one gate with a circuit behind it.</exception>
    public BudgetControl(nn.Module<Tensor, Tensor> model, Budget? budget)
    {
        (this.model, this.budget) = (model, budget);
        gates = [.. model.modules().OfType<SparsityGate>()];
        if (budget is null)
        {
            return;
        }

        if (gates is not [{ Circuit: { } circuit }])
        {
            throw new ArgumentException($"a budget is for a model with one sparsity gate before its circuit; this one has {gates.Length}", nameof(model));
        }

        cost = new PatternCost(circuit, budget.Kind);
        if (budget.Cost < cost.Least)
        {
            throw new ArgumentException($"a budget of {budget.Cost} cannot be met: with all wires off the circuit still costs {cost.Least}", nameof(budget));
        }
    }

    /// <summary>λ.</summary>
    public double Multiplier { get; private set; }

    // What costs are divided by; a circuit that costs nothing at all has no cost to share.
    private double Scale => Math.Max(cost!.Dense, 1);

    private double Allowed => budget!.Cost + ((cost!.Dense - budget.Cost) * (budget.Ramp > 0 ? Math.Max(0, 1 - (progress / budget.Ramp)) : 0));

    /// <summary>Begins an epoch.</summary>
    public void Begin(int epoch, int epochs)
    {
        progress = epochs < 2 ? 1 : (double)epoch / (epochs - 1);
        foreach (var gate in gates.Where(gate => epoch == 0 || budget is null || !gate.SharpnessIsMoved))
        {
            gate.Sharpness = gate.Options.Sharpness.At(progress);
        }

        if (budget is not null && gates[0] is TopKGate top)
        {
            top.Limit = top.Description.Wires * (Allowed - cost!.Least) / Math.Max(cost.Dense - cost.Least, 1);
        }

        seen.ForEach(tensor => tensor.Dispose());
        seen.Clear();
    }

    /// <summary>The term of the loss after a forward pass, and the multiplier's step; null without a budget.</summary>
    /// <param name="loss">The loss without it.</param>
    public Tensor? Penalty(double loss)
    {
        if (budget is null)
        {
            return null;
        }

        unit ??= Math.Max(loss, 1e-3);
        var made = gates[0].Last!;
        seen.Add(made.Input.alias().DetachFromDisposeScope());
        var (batch, inputs) = ((int)made.On.shape[0], (int)made.On.shape[1]);
        var differences = new double[batch * inputs];
        var costs = Costs(made.On.ne(0), differences);
        var term = (tensor(differences, [batch, inputs], made.Probability.dtype, made.Probability.device) * made.Probability).sum() / (batch * Scale);
        var penalty = term * (Multiplier * unit.Value);
        Multiplier = Math.Max(0, Multiplier + (budget.Rate * (Judge(costs) - Allowed) / Scale));
        return penalty;
    }

    /// <summary>Ends an epoch: late in the training the thresholds move to what is allowed.</summary>
    public void End()
    {
        if (budget is not null && progress >= budget.Settle)
        {
            using var scope = NewDisposeScope();
            MoveThresholds(cat(seen, 0));
        }
    }

    /// <summary>Ends the training: the thresholds move to the budget on these samples.</summary>
    public void Finish(Tensor x)
    {
        if (budget is null)
        {
            return;
        }

        using var scope = NewDisposeScope();
        using var off = no_grad();
        progress = 1;
        model.eval();
        _ = model.call(x);
        MoveThresholds(gates[0].Last!.Input);
        model.train();
        seen.ForEach(tensor => tensor.Dispose());
        seen.Clear();
    }

    // The least move of the gate that keeps to what is allowed. Of dense budgets nothing is asked.
    private void MoveThresholds(Tensor features)
    {
        if (Allowed >= cost!.Dense)
        {
            return;
        }

        // Halfway to the next move that changes anything: no sample is left on the edge, where rounding would decide.
        var least = Least(cost => cost <= Allowed);
        var reached = CostAt(least);
        gates[0].Move((least + Math.Min(Least(cost => cost < reached), least + MostSpare)) / 2);

        double CostAt(double move)
        {
            using var on = gates[0].WouldBeOn(features, move);
            return Judge(Costs(on));
        }

        double Least(Func<double, bool> holds)
        {
            var (low, high) = (-Widest, Widest);
            for (var k = 0; k < Halvings; k++)
            {
                var middle = (low + high) / 2;
                (low, high) = holds(CostAt(middle)) ? (low, middle) : (middle, high);
            }

            return high;
        }
    }

    // The cost of each sample, and what each of its features does to it.
    private double[] Costs(Tensor on, double[]? differences = null)
    {
        var (batch, inputs) = ((int)on.shape[0], (int)on.shape[1]);
        var guards = cost!.Circuit.Guards;
        var flags = on.cpu().contiguous().data<bool>().ToArray();
        var (pattern, slopes) = (new bool[guards.Length], new double[guards.Length]);
        var costs = new double[batch];
        for (var b = 0; b < batch; b++)
        {
            for (var g = 0; g < guards.Length; g++)
            {
                pattern[g] = flags[(b * inputs) + guards[g].Input];
            }

            costs[b] = cost.Of(pattern, differences is null ? [] : slopes);
            for (var g = 0; differences is not null && g < guards.Length; g++)
            {
                differences[(b * inputs) + guards[g].Input] += slopes[g];
            }
        }

        return costs;
    }

    private double Judge(double[] costs) => budget!.Quantile is { } quantile
        ? costs.Order().ElementAt((int)Math.Ceiling(quantile * costs.Length) - 1)
        : costs.Average();
}
