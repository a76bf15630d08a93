// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Qusp.Inference;
using Qusp.Torch;

namespace Qusp.Cli;

/// <summary><c>--gate</c>, <c>--budget</c> and what belongs to them: which gates of the circuit a sample runs, and what it may cost.</summary>
internal sealed class GateOptions
{
    private const string NoGate = "none";

    public Option<string> Gate { get; } = Options.Choice("--gate", "A sparsity gate that learns which wires a sample needs; the model is then sparse.", [NoGate, .. SparsityGates.Names]);

    public Option<string> Predicate { get; } = Options.Choice("--gate-predicate", "What the gate compares: |feature|, the feature, or a score of the wire.", [.. SparsityNames.Predicates]);

    public Option<string> Scope { get; } = Options.Choice("--gate-scope", "What a wire that is off goes without: encoding and entangler, or its entangler alone.", [.. SparsityNames.Scopes]);

    public Option<string> Gradient { get; } = Options.Choice("--gate-gradient", "How the decision on or off is differentiated; arm and dis-arm are for l0-arm.", Words.All<GateGradient>());

    public Option<double> Budget { get; } = Options.Real("--budget", null, "What a sample may cost on average, in units of --budget-kind.", b => b >= 0, "give a number from 0");

    public Option<string> BudgetKind { get; } = Options.Choice("--budget-kind", "What the budget counts.", Words.All<CostKind>());

    public Option<string> BudgetAt { get; } = Options.Choice("--budget-at", "Of what the budget is the limit: the mean over samples, or the 95th percentile.", "mean", "p95");

    public Symbol[] Symbols => [Gate, Predicate, Scope, Gradient, Budget, BudgetKind, BudgetAt];

    /// <summary>The rule; null for none.</summary>
    public SparsityRule? Rule(Call call) => call.Get(Gate) is var name && name == NoGate ? null : SparsityNames.FindRule(name);

    /// <summary>The budget; null if none was given.</summary>
    public Budget? Of(Call call) => call.Has(Budget)
        ? new Budget(call.Get(Budget), Words.Read<CostKind>(call.Get(BudgetKind))) { Quantile = call.Get(BudgetAt) == "p95" ? 0.95 : null }
        : null;

    /// <summary>The model's options with the gate.</summary>
    public HybridOptions With(Call call, HybridOptions options) => options with
    {
        Gate = Rule(call),
        Predicate = SparsityNames.FindPredicate(call.Get(Predicate)),
        Scope = SparsityNames.FindScope(call.Get(Scope)),
        GateOptions = options.GateOptions with { Gradient = Words.Read<GateGradient>(call.Get(Gradient)) },
    };

    /// <summary>Refuses what does not fit together.</summary>
    /// <param name="call">The call.</param>
    /// <param name="model">The option that names the model.</param>
    public void Check(Call call, Option<string> model)
    {
        if (Rule(call) is null)
        {
            foreach (var option in (ReadOnlySpan<Option>)[Budget, BudgetKind, BudgetAt, Predicate, Scope, Gradient])
            {
                if (call.Has(option))
                {
                    throw new UsageException(call.Place(option), $"it is of a gate, and there is none; add --gate, one of {string.Join(", ", SparsityGates.Names)}");
                }
            }
        }
        else if (call.Has(model) && call.Get(model) != HybridModels.Sparse)
        {
            throw new UsageException(call.Place(Gate), $"the {call.Get(model)} model has no place for a gate; leave --model out, or take {HybridModels.Sparse}");
        }
    }
}
