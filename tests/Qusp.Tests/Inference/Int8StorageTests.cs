// SPDX-License-Identifier: Apache-2.0
using Qusp.Inference;
using Xunit;

namespace Qusp.Tests.Inference;

public sealed class Int8StorageTests
{
    private static readonly float[] Weights = [0.5f, -1, 0.25f, 2, 0.1f, -0.3f];
    private static readonly float[] X = [0.3f, -0.2f, 0.9f, 1, 2, 3];

    [Theory]
    [InlineData(QuantizationScheme.PerChannelPerRow, true)]
    [InlineData(QuantizationScheme.PerChannelPerRow, false)]
    [InlineData(QuantizationScheme.PyTorch, true)]
    [InlineData(QuantizationScheme.PyTorchReduceRange, false)]
    public void A_stored_layer_is_read_back_the_same(QuantizationScheme scheme, bool bias)
    {
        var layer = new Int8Linear(Weights, 2, 3, bias ? [1, 2] : [], scheme);
        var tensors = layer.ToTensors("classical_layer");
        var read = Int8Linear.FromTensors(SafetensorsFile.Parse(new SafetensorsFile(tensors).ToBytes(), "memory"), "classical_layer", scheme, "memory");
        var (expected, actual) = (new float[4], new float[4]);
        layer.Apply(X, 2, expected);
        read.Apply(X, 2, actual);
        Assert.Equal(expected, actual);
        Assert.Equal(tensors.Sum(tensor => tensor.Bytes.Length), read.Bytes);
        Assert.Equal((scheme, 3, 2), (read.Scheme, read.Inputs, read.Outputs));
    }

    [Fact]
    public void Names_and_types_are_the_documented_ones() => Assert.Equal(
        ["l.weight I8[2, 3]", "l.weight_scale F32[2]", "l.weight_sum F32[2]", "l.bias F32[2]"],
        new Int8Linear(Weights, 2, 3, [1, 2]).ToTensors("l").Select(tensor => tensor.ToString()));

    [Fact]
    public void The_report_counts_bytes_and_the_largest_error()
    {
        var report = new Int8Linear(Weights, 2, 3, [1, 2]).Compare("l", Weights, X, 2);
        Assert.Equal(("l", QuantizationScheme.PerChannelPerRow, 32L, 30L), (report.Name, report.Scheme, report.BytesBefore, report.BytesAfter));
        Assert.InRange(report.MaxAbsError, 1e-9, 0.02);
    }

    [Theory]
    [InlineData("l.weight", null, "l.weight: the tensor is missing; quantize the model again")]
    [InlineData("l.weight", "F32[6]", "l.weight F32[6]: scheme per-channel-per-row wants I8[outputs, inputs]")]
    [InlineData("l.weight", "I8[6]", "l.weight I8[6]: scheme per-channel-per-row wants [outputs, inputs]")]
    [InlineData("l.weight", "I8[0, 3]", "l.weight I8[0, 3]: scheme per-channel-per-row wants [outputs, inputs]")]
    [InlineData("l.weight_scale", "F32[1]", "l.weight_scale F32[1]: scheme per-channel-per-row wants F32[2]")]
    [InlineData("l.weight_scale", "NaN", "l.weight_scale F32[2]: scheme per-channel-per-row wants finite numbers")]
    [InlineData("l.weight_sum", null, "l.weight_sum: the tensor is missing")]
    [InlineData("l.bias", "F32[3]", "l.bias F32[3]: scheme per-channel-per-row wants F32[2]")]
    public void What_is_missing_or_of_another_shape_is_named(string name, string? instead, string message)
    {
        NamedTensor? replacement = instead switch
        {
            "F32[6]" => NamedTensor.Of<float>(name, new float[6], 6),
            "I8[6]" => NamedTensor.Of<sbyte>(name, new sbyte[6], 6),
            "I8[0, 3]" => NamedTensor.Of<sbyte>(name, [], 0, 3),
            "F32[1]" => NamedTensor.Of<float>(name, [1], 1),
            "F32[3]" => NamedTensor.Of<float>(name, [1, 2, 3], 3),
            "NaN" => NamedTensor.Of<float>(name, [1, float.NaN], 2),
            _ => null,
        };
        var tensors = new Int8Linear(Weights, 2, 3, [1, 2]).ToTensors("l").Select(tensor => tensor.Name == name ? replacement : tensor).OfType<NamedTensor>();
        var error = Assert.Throws<InvalidDataException>(() => Int8Linear.FromTensors(new SafetensorsFile(tensors), "l", QuantizationScheme.PerChannelPerRow, "m.safetensors"));
        Assert.StartsWith("m.safetensors:" + message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Schemes_are_found_by_their_names()
    {
        Assert.All(Enum.GetValues<QuantizationScheme>(), scheme => Assert.Equal(scheme, QuantizationSchemes.Find(scheme.Name())));
        Assert.Contains("there are per-channel-per-row, pytorch, pytorch-reduce-range", Assert.Throws<ArgumentException>(() => QuantizationSchemes.Find("int4")).Message, StringComparison.Ordinal);
    }
}
