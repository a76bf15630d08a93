// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Inference;

/// <summary>A floating-point precision: of a network's numbers, or of the circuits' arithmetic.</summary>
public enum Precision
{
    /// <summary>32 bits: <see cref="float"/>.</summary>
    Single,

    /// <summary>64 bits: <see cref="double"/>.</summary>
    Double,
}
