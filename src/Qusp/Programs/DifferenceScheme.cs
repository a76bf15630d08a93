// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp;

/// <summary>A finite difference of angles.</summary>
/// <param name="Order">The order of the error in the step: 2 or 4; 1 too for forward differences.</param>
/// <param name="Forward">Whether all steps are forward, as where an angle must not fall below a bound; else half of them are backward.</param>
/// <param name="Step">
/// The step h, radians; 0 takes ε^(1/(order+1)), which balances truncation h^order against rounding ε/h. With shots it must be
/// far larger: the noise of a value is divided by it.
/// </param>
public readonly record struct DifferenceScheme(int Order = 2, bool Forward = false, double Step = 0)
{
    /// <summary>Central differences of order 2, <c>(f(θ + h) − f(θ − h))/2h</c>, with the best step.</summary>
    public static DifferenceScheme Central => new(2);

    /// <summary>Weights of f(θ + kh), times h: those of Fornberg 1988.</summary>
    private (double Weight, int Steps)[] Weights => (Forward, Order) switch
    {
        (false, 2) => [(0.5, 1), (-0.5, -1)],
        (false, 4) => [(8 / 12.0, 1), (-8 / 12.0, -1), (-1 / 12.0, 2), (1 / 12.0, -2)],
        (true, 1) => [(-1, 0), (1, 1)],
        (true, 2) => [(-1.5, 0), (2, 1), (-0.5, 2)],
        (true, 4) => [(-25 / 12.0, 0), (4, 1), (-3, 2), (16 / 12.0, 3), (-0.25, 4)],
        _ => throw new ArgumentOutOfRangeException(nameof(Order), Order, "Central differences have order 2 or 4, forward ones 1, 2 or 4."),
    };

    /// <summary>The rule in a precision.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such order, or the step is negative or not finite.</exception>
    internal ImmutableArray<(double Coefficient, double Shift)> Terms<T>()
        where T : IFloatingPointIeee754<T>
    {
        if (!(Step >= 0 && double.IsFinite(Step)))
        {
            throw new ArgumentOutOfRangeException(nameof(Step), Step, "A step is positive and finite; 0 takes the best for the precision.");
        }

        // ProgramOptions' default is default(DifferenceScheme)'s meaning too: order 2.
        var scheme = Order == 0 ? this with { Order = 2 } : this;
        var step = Step > 0 ? Step : Math.Pow(double.CreateChecked(T.BitIncrement(T.One) - T.One), 1.0 / (scheme.Order + 1));
        return [.. scheme.Weights.Select(term => (term.Weight / step, term.Steps * step))];
    }
}
