// SPDX-License-Identifier: Apache-2.0
using TorchSharp;

namespace Qusp.Torch;

/// <summary>A floating-point precision: of a network's tensors, or of the circuits' arithmetic.</summary>
public enum Precision
{
    /// <summary>32 bits: <see cref="float"/>, <c>torch.float32</c>.</summary>
    Single,

    /// <summary>64 bits: <see cref="double"/>, <c>torch.float64</c>.</summary>
    Double,
}

/// <summary>The two names of a precision.</summary>
public static class PrecisionConversion
{
    /// <summary>The dtype of tensors in this precision.</summary>
    public static torch.ScalarType ToScalarType(this Precision precision) =>
        precision == Precision.Single ? torch.ScalarType.Float32 : torch.ScalarType.Float64;
}
