// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp;

/// <summary>How outputs change along a direction.</summary>
public static class DirectionalDerivatives
{
    /// <summary>
    /// The derivative of each output along a direction of inputs and weights, a Jacobian–vector product, <c>[B, K]</c>, by finite differences:
    /// as many evaluations as the scheme has steps, whatever the number of angles. On any device, of any measurement. Guards see the moved data.
    /// </summary>
    /// <param name="program">The program; it need not differentiate.</param>
    /// <param name="inputs">The samples, <c>[B, I]</c>; for a circuit without inputs an empty span is one sample.</param>
    /// <param name="weights">The weights, <c>[W]</c>.</param>
    /// <param name="inputDirection">The direction of the inputs, <c>[B, I]</c>; 0 if empty.</param>
    /// <param name="weightDirection">The direction of the weights, <c>[W]</c>; 0 if empty.</param>
    /// <param name="scheme">The difference; central of order 2 if default.</param>
    /// <param name="draw">The randomness of sampled devices, the same for all steps.</param>
    /// <exception cref="ArgumentException">A span's length does not fit, or there is no such scheme.</exception>
    public static T[] DirectionalDerivative<T>(
        this IProgram<T> program,
        ReadOnlySpan<T> inputs,
        ReadOnlySpan<T> weights,
        ReadOnlySpan<T> inputDirection,
        ReadOnlySpan<T> weightDirection,
        DifferenceScheme scheme = default,
        Draw draw = default)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(program);
        if ((!inputDirection.IsEmpty && inputDirection.Length != inputs.Length) || (!weightDirection.IsEmpty && weightDirection.Length != weights.Length))
        {
            throw new ArgumentException($"A direction has as many numbers as there are inputs ({inputs.Length}) and weights ({weights.Length}), or none.");
        }

        T[] result = [];
        foreach (var (coefficient, step) in scheme.Terms<T>())
        {
            var outputs = program.Evaluate<T>(Moved(inputs, inputDirection, step), Moved(weights, weightDirection, step), draw);
            result = result.Length == 0 ? new T[outputs.Length] : result;
            for (var k = 0; k < result.Length; k++)
            {
                result[k] += T.CreateChecked(coefficient) * outputs[k];
            }
        }

        return result;

        static T[] Moved(ReadOnlySpan<T> from, ReadOnlySpan<T> direction, double step)
        {
            var moved = from.ToArray();
            for (var k = 0; k < direction.Length; k++)
            {
                moved[k] += T.CreateChecked(step) * direction[k];
            }

            return moved;
        }
    }
}
