// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Inference;

/// <summary>What quantization changed in one layer.</summary>
/// <param name="Name">The layer.</param>
/// <param name="Scheme">How it was quantized.</param>
/// <param name="BytesBefore">Size of its parameters in float32.</param>
/// <param name="BytesAfter">Size of what replaces them: int8 weights, scales, sums and bias.</param>
/// <param name="MaxAbsError">The largest difference of an output from the layer before, over the inputs given.</param>
public sealed record LayerQuantization(string Name, QuantizationScheme Scheme, long BytesBefore, long BytesAfter, double MaxAbsError);
