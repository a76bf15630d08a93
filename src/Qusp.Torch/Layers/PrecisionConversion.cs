// SPDX-License-Identifier: Apache-2.0
using TorchSharp;

namespace Qusp.Torch;

/// <summary>Precisions as PyTorch's dtypes.</summary>
public static class PrecisionConversion
{
    /// <summary>The dtype of tensors in this precision.</summary>
    public static torch.ScalarType ToScalarType(this Precision precision) =>
        precision == Precision.Single ? torch.ScalarType.Float32 : torch.ScalarType.Float64;
}
