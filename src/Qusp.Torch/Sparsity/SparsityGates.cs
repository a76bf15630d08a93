// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Torch;

/// <summary>The gates by name.</summary>
public static class SparsityGates
{
    private static readonly Dictionary<SparsityRule, Func<GateDescription, SparsityGateOptions, SparsityGate>> Rows = new()
    {
        [SparsityRule.SoftThreshold] = (description, options) => new SoftThresholdGate(description, options),
        [SparsityRule.SoftShrink] = (description, options) => new SoftShrinkGate(description, options),
        [SparsityRule.HardConcrete] = (description, options) => new HardConcreteGate(description, options),
        [SparsityRule.Stochastic] = (description, options) => new StochasticGate(description, options),
        [SparsityRule.StraightThrough] = (description, options) => new StraightThroughGate(description, options),
        [SparsityRule.L0Arm] = (description, options) => new ArmGate(description, options),
        [SparsityRule.TopK] = (description, options) => new TopKGate(description, options),
        [SparsityRule.Entmax] = (description, options) => new EntmaxGate(description, options),
        [SparsityRule.LearnedThreshold] = (description, options) => new LearnedThresholdGate(description, options),
    };

    /// <summary>The names that <see cref="Create(string, int, GatePredicate, SparsityGateOptions?)"/> knows.</summary>
    public static IReadOnlyList<string> Names => SparsityNames.Rules;

    /// <summary>A gate by its name, for n features.</summary>
    /// <param name="name">One of <see cref="Names"/>, such as <c>hard-concrete</c>.</param>
    /// <param name="wires">n.</param>
    /// <param name="predicate">What is compared with the threshold.</param>
    /// <param name="options">How it starts and learns; the defaults if null.</param>
    /// <exception cref="ArgumentException">The name is unknown, or the gradient is not for this gate.</exception>
    public static SparsityGate Create(
        string name, int wires, GatePredicate predicate = GatePredicate.Absolute, SparsityGateOptions? options = null) =>
        Create(new GateDescription("gate", wires, SparsityNames.FindRule(name), predicate, wires), options);

    /// <summary>The gate of a description.</summary>
    /// <param name="description">What <c>model.json</c> says of it.</param>
    /// <param name="options">How it starts and learns; the defaults if null.</param>
    /// <exception cref="ArgumentException">The gradient is not for this gate.</exception>
    public static SparsityGate Create(GateDescription description, SparsityGateOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(description);
        options ??= new SparsityGateOptions();
        return options.RandomDensity is { } density ? new RandomGate(description, options, density) : Rows[description.Rule](description, options);
    }
}
