// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Inference;

/// <summary>
/// How a guard compares a float32 input with its threshold; for float64 inputs both are the same. The two scripts that
/// Qusp started from differ in this and nowhere else in their circuit: at float32 0.1 and threshold 0.1.
/// </summary>
public enum GuardComparison
{
    /// <summary>As <c>x[i] &gt; 0.1</c> on a tensor: the threshold rounded to the tensor's dtype. float32 0.1 does not fire.</summary>
    Tensor,

    /// <summary>As <c>x[i].item() &gt; 0.1</c>: the value widened to double. float32 0.1 is 0.100000001… and fires.</summary>
    Item,
}
