// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Numerics;

namespace Qusp;

/// <summary>
/// A predicate on the data, <c>input &gt; threshold</c> or <c>|input| &gt; threshold</c>. A guarded operation fires for
/// the samples where it holds; for the others it is the identity and costs nothing on hardware. A NaN never fires.
/// </summary>
/// <param name="Input">Which input is compared, from 0.</param>
/// <param name="Threshold">The threshold τ; the comparison is strict.</param>
/// <param name="Absolute">Whether the input's absolute value is compared.</param>
public readonly record struct Guard(int Input, double Threshold, bool Absolute = false)
{
    /// <summary>Whether the guarded operation fires for a sample.</summary>
    /// <param name="inputs">The sample's inputs, <c>[I]</c>.</param>
    public bool Fires(ReadOnlySpan<double> inputs) => Fires<double>(inputs);

    /// <summary>The same, compared in the precision of the inputs.</summary>
    internal bool Fires<T>(ReadOnlySpan<T> inputs)
        where T : unmanaged, IFloatingPointIeee754<T> => (Absolute ? T.Abs(inputs[Input]) : inputs[Input]) > T.CreateChecked(Threshold);

    /// <summary>The predicate as a reader writes it, such as <c>|x1|&gt;0.1</c>.</summary>
    public override string ToString()
    {
        var input = "x" + Input.ToString(CultureInfo.InvariantCulture);
        return $"{(Absolute ? $"|{input}|" : input)}>{Threshold.ToString("0.####", CultureInfo.InvariantCulture)}";
    }
}
