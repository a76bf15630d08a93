// SPDX-License-Identifier: Apache-2.0
namespace Qusp;

/// <summary>
/// How <see cref="Spsa"/> steps. In step k = 0, 1, … the learning rate is <c>a/(A + k + 1)^α</c> and weights move by <c>c/(k + 1)^γ</c> to
/// feel the slope. The exponents are Spall's (1998, IEEE Trans. Aerospace and Electronic Systems 34, 817, doi:10.1109/7.705889), whose advice is
/// A = a tenth of the steps, c = the deviation of L, and a such that the first steps are as large as is wanted. Exponents of 0 keep both as they are.
/// </summary>
public sealed record SpsaOptions
{
    /// <summary>a, above 0.</summary>
    public double LearningRate { get; init; } = 1;

    /// <summary>c, above 0, radians.</summary>
    public double Move { get; init; } = 0.3;

    /// <summary>A, from 0.</summary>
    public double Stability { get; init; }

    /// <summary>α, from 0.</summary>
    public double LearningRateDecay { get; init; } = 0.602;

    /// <summary>γ, from 0.</summary>
    public double MoveDecay { get; init; } = 0.101;

    /// <summary>Over how many random directions a step's slope, and metric, is averaged; from 1.</summary>
    public int Directions { get; init; } = 1;

    /// <summary>
    /// Whether the slope is turned by the inverse of the Fubini–Study metric, itself estimated from random directions: QN-SPSA (Gacon, Zoufal,
    /// Carleo, Woerner 2021, arXiv:2103.09232). The circuit is unitary then.
    /// </summary>
    public bool Natural { get; init; }

    /// <summary>β, above 0: what is added to the metric's diagonal, so that directions which the state does not feel stay finite.</summary>
    public double Regularization { get; init; } = 0.1;

    /// <summary>Blocking: a step after which L is above L before by more than this is not taken; two further evaluations a step. All are taken if null.</summary>
    public double? MostIncrease { get; init; }

    /// <summary>These options, checked.</summary>
    /// <exception cref="ArgumentException">One is out of its range; the message names it.</exception>
    internal SpsaOptions Checked() =>
        !(LearningRate > 0 && double.IsFinite(LearningRate)) ? throw Refuse(nameof(LearningRate), LearningRate, "above 0")
        : !(Move > 0 && double.IsFinite(Move)) ? throw Refuse(nameof(Move), Move, "above 0")
        : !(Regularization > 0 && double.IsFinite(Regularization)) ? throw Refuse(nameof(Regularization), Regularization, "above 0")
        : !(Stability >= 0 && double.IsFinite(Stability)) ? throw Refuse(nameof(Stability), Stability, "from 0")
        : !(LearningRateDecay >= 0) ? throw Refuse(nameof(LearningRateDecay), LearningRateDecay, "from 0")
        : !(MoveDecay >= 0) ? throw Refuse(nameof(MoveDecay), MoveDecay, "from 0")
        : Directions < 1 ? throw Refuse(nameof(Directions), Directions, "from 1")
        : MostIncrease is { } most && double.IsNaN(most) ? throw Refuse(nameof(MostIncrease), most, "a number")
        : this;

    private static ArgumentException Refuse(string name, double value, string range) => new($"{name} of SPSA is {range}, not {value}.");
}
