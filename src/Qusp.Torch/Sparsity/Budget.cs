// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Torch;

/// <summary>
/// How much a sample may cost on average. While training, the expected cost is a term of the loss, <c>λ · E[cost]/dense</c> (in units of the
/// first loss), with the multiplier found by dual ascent, <c>λ ← max(0, λ + rate · (cost − allowed)/dense)</c>: the cost that counts for it is
/// what the patterns really cost, the gradient that of its multilinear extension (<see cref="PatternCost"/>). What is allowed falls from the
/// dense cost to the budget over the ramp. In the last part of the training the thresholds are moved together after each epoch, and once more at
/// the end, so that the training set costs what is allowed; the network learns with that.
/// </summary>
/// <param name="Cost">What a sample may cost, in units of <paramref name="Kind"/>.</param>
/// <param name="Kind">What is counted.</param>
public sealed record Budget(double Cost, CostKind Kind = CostKind.TwoQubit)
{
    /// <summary>What a sample may cost, in units of <see cref="Kind"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not a number.</exception>
    public double Cost { get; init => field = Allowed(value); } = Allowed(Cost);

    /// <summary>Which part of the samples keeps to the budget: null for the mean over samples, 0.95 for all but the dearest 5 %.</summary>
    public double? Quantile { get; init; }

    /// <summary>The part of the training in which what is allowed falls to the budget.</summary>
    public double Ramp { get; init; } = 0.4;

    /// <summary>From which part of the training the thresholds are moved to meet what is allowed.</summary>
    public double Settle { get; init; } = 0.5;

    /// <summary>The step of the multiplier for each training step.</summary>
    public double Rate { get; init; } = 0.05;

    private static double Allowed(double cost) =>
        cost >= 0 ? cost : throw new ArgumentOutOfRangeException(nameof(cost), cost, "A budget is what a sample may cost, a number from 0.");
}
