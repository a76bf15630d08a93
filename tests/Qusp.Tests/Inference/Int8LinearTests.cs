// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using CsCheck;
using Qusp.Inference;
using Xunit;

namespace Qusp.Tests.Inference;

public sealed class Int8LinearTests
{
    public static TheoryData<string> Layers => [.. QuantizedGolden.All.Select(layer => layer.Name)];

    [Theory]
    [MemberData(nameof(Layers))]
    public void Weights_and_scale_are_those_of_PyTorch(string name)
    {
        var golden = Golden(name);
        var layer = Quantized(golden, QuantizationScheme.PyTorch);
        Assert.Equal(golden.Codes, layer.Weights.ToArray());
        Assert.Equal([golden.Scale], layer.Scales.ToArray());
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Outputs_are_those_of_qnnpack_bit_for_bit(string name)
    {
        var golden = Golden(name);
        var engine = golden.Engines.Single(engine => engine.Name == "qnnpack");
        var layer = Quantized(golden, QuantizationScheme.PyTorch);
        Assert.Equal(engine.Batch, Batch(layer, golden));
        Assert.Equal(engine.SingleRow, RowByRow(layer, golden));
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Outputs_with_reduced_range_are_those_of_onednn(string name)
    {
        var golden = Golden(name);
        var engine = golden.Engines.Single(engine => engine.Name == "onednn");
        var layer = Quantized(golden, QuantizationScheme.PyTorchReduceRange);
        Assert.InRange(Distance(engine.Batch, Batch(layer, golden)), 0, 4e-7);
        Assert.InRange(Distance(engine.SingleRow, RowByRow(layer, golden)), 0, 4e-7);
    }

    [Fact]
    public void Our_error_is_smaller_than_PyTorchs_on_every_layer()
    {
        var table = new StringBuilder("| layer | in → out | qnnpack, batch | qnnpack, rows | onednn, batch | onednn, rows | Qusp |\n|---|---|---|---|---|---|---|\n");
        foreach (var golden in QuantizedGolden.All)
        {
            var ours = Error(golden, Batch(Quantized(golden, QuantizationScheme.PerChannelPerRow), golden));
            double[] theirs = [.. new[] { "qnnpack", "onednn" }
                .Select(name => golden.Engines.Single(engine => engine.Name == name))
                .SelectMany(engine => new[] { Error(golden, engine.Batch), Error(golden, engine.SingleRow) })];
            var cells = theirs.Append(ours).Select(error => error.ToString("0.00000", CultureInfo.InvariantCulture));
            table.Append(CultureInfo.InvariantCulture, $"| {golden.Name} | {golden.Inputs} → {golden.Outputs} | {string.Join(" | ", cells)} |\n");

            // On inputs of zeros no scheme errs.
            Assert.True(ours < theirs.Min() || (ours == 0 && theirs.Max() == 0), $"{golden.Name}: {ours} against {string.Join(", ", theirs)}");
        }

        TestContext.Current.TestOutputHelper!.WriteLine(table.ToString());
    }

    [Fact]
    public void Our_error_is_smaller_than_PyTorchs_on_random_layers() =>
        Gen.Select(Gen.Int[1, 80], Gen.Int[8, 40], Gen.Int[16, 24], Gen.ULong).Sample((inputs, outputs, batch, seed) =>
        {
            var random = new Random((int)(seed % int.MaxValue));
            var (weights, bias, x) = (Normal(random, inputs * outputs), Normal(random, outputs), Normal(random, batch * inputs));
            var ours = Largest(QuantizationScheme.PerChannelPerRow);
            Assert.InRange(ours, 0, Largest(QuantizationScheme.PyTorchReduceRange) + 1e-6);

            double Largest(QuantizationScheme scheme) =>
                new Int8Linear(weights, outputs, inputs, bias, scheme).Compare("layer", weights, x, batch).MaxAbsError;
        });

    [Fact]
    public void Our_error_stays_below_half_a_step_of_each_weight_times_the_rows_half_range() =>
        Gen.Select(Gen.Int[1, 70], Gen.Int[1, 20], Gen.Double[-10, 10], Gen.ULong).Sample((inputs, outputs, shift, seed) =>
        {
            var random = new Random((int)(seed % int.MaxValue));
            float[] x = [.. Normal(random, inputs).Select(value => value + (float)shift)];
            var weights = Normal(random, inputs * outputs);
            var layer = new Int8Linear(weights, outputs, inputs);
            var half = (x.Max() - x.Min()) / 2.0;
            var largest = weights.Max(Math.Abs);
            // The coarsest grid that the search may take has 64 steps; least squares leaves less than 127 steps do, over the whole row.
            var bound = (half * inputs * largest / 254 * 1.01) + (half / 65534 * inputs * largest) + (1e-5 * (1 + Math.Abs(shift)) * inputs);
            Assert.InRange(layer.Compare("layer", weights, x, 1).MaxAbsError, 0, bound);
        });

    [Fact]
    public void A_row_does_not_depend_on_the_others_of_its_batch_in_our_scheme() =>
        Gen.Select(Gen.Int[1, 70], Gen.Int[1, 40], Gen.Int[1, 40], Gen.ULong).Sample((inputs, outputs, batch, seed) =>
        {
            var random = new Random((int)(seed % int.MaxValue));
            var layer = new Int8Linear(Normal(random, inputs * outputs), outputs, inputs, Normal(random, outputs));
            var x = Normal(random, batch * inputs);
            var (whole, row) = (new float[batch * outputs], new float[outputs]);
            layer.Apply(x, batch, whole);
            for (var b = 0; b < batch; b++)
            {
                layer.Apply(x.AsSpan(b * inputs, inputs), 1, row);
                Assert.Equal(whole[(b * outputs)..((b + 1) * outputs)], row);
            }
        });

    [Fact]
    public void Every_path_of_the_kernel_gives_the_same_outputs() =>
        Gen.Select(Gen.Int[1, 90], Gen.Int[1, 40], Gen.Int[1, 19], Gen.Enum<QuantizationScheme>(), Gen.ULong).Sample((inputs, outputs, batch, scheme, seed) =>
        {
            var random = new Random((int)(seed % int.MaxValue));
            var (weights, bias, x) = (Normal(random, inputs * outputs), Normal(random, outputs), Normal(random, batch * inputs));
            var expected = new float[batch * outputs];
            new Int8Linear(weights, outputs, inputs, bias, scheme) { Kernel = Int8Kernel.All[0] }.Apply(x, batch, expected);
            foreach (var kernel in Int8Kernel.All.Where(kernel => kernel.IsSupported))
            {
                var actual = new float[batch * outputs];
                new Int8Linear(weights, outputs, inputs, bias, scheme) { Kernel = kernel }.Apply(x, batch, actual);
                Assert.Equal(expected, actual);
            }
        });

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void An_input_that_is_no_number_makes_its_row_NaN_and_no_other(float value)
    {
        for (var at = 0; at < 20; at++)
        {
            float[] x = [.. Enumerable.Range(0, 60).Select(i => i * 0.1f)];
            x[20 + at] = value;
            var layer = new Int8Linear([.. Enumerable.Range(0, 40).Select(i => i - 20f)], 2, 20);
            var y = new float[6];
            layer.Apply(x, 3, y);
            Assert.Equal([false, false, true, true, false, false], y.Select(float.IsNaN));

            new Int8Linear([.. Enumerable.Range(0, 40).Select(i => i - 20f)], 2, 20, default, QuantizationScheme.PyTorch).Apply(x, 3, y);
            Assert.All(y, output => Assert.True(float.IsNaN(output)));
        }
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(3f)]
    [InlineData(1e-38f)]
    [InlineData(-2e30f)]
    public void Equal_inputs_are_exact_in_our_scheme(float value)
    {
        var layer = new Int8Linear([0.5f, 0.25f, -0.125f, 2], 2, 2, [1, -1]);
        var y = new float[2];
        layer.Apply([value, value], 1, y);
        Assert.Equal([(0.75f * value) + 1, (1.875f * value) - 1], y);
    }

    [Fact]
    public void Layers_of_zeros_and_batches_of_none_are_no_special_case()
    {
        foreach (var scheme in Enum.GetValues<QuantizationScheme>())
        {
            var layer = new Int8Linear(new float[6], 2, 3, [1, 2], scheme);
            var y = new float[2];
            layer.Apply([1, 2, 3], 1, y);
            Assert.Equal([1f, 2f], y);
            layer.Apply([], 0, []);
        }
    }

    [Fact]
    public void A_call_allocates_nothing()
    {
        var layer = new Int8Linear(new float[64 * 32], 32, 64);
        var (x, y) = (new float[20 * 64], new float[20 * 32]);
        for (var i = 0; i < 100; i++)
        {
            layer.Apply(x, 20, y);
        }

        Assert.Equal(0, Allocation.Of(() => layer.Apply(x, 20, y)));
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_named()
    {
        var layer = new Int8Linear(new float[6], 2, 3);
        Assert.Contains("2 × 3 inputs and 2 × 2 outputs, not 5 and 4", Assert.Throws<ArgumentException>(() => layer.Apply(new float[5], 2, new float[4])).Message, StringComparison.Ordinal);
        Assert.Contains("3 → 2 has 2 × 3 weights", Assert.Throws<ArgumentException>(() => new Int8Linear(new float[5], 2, 3)).Message, StringComparison.Ordinal);
        Assert.Contains("weights[1] is NaN", Assert.Throws<ArgumentException>(() => new Int8Linear([1, float.NaN], 2, 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Int8Linear(new float[6], 2, 3, [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Int8Linear(new float[65537], 1, 65537));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Int8Linear([], 0, 3));
    }

    private static QuantizedGolden Golden(string name) => QuantizedGolden.All.Single(layer => layer.Name == name);

    private static Int8Linear Quantized(QuantizedGolden golden, QuantizationScheme scheme) => new(golden.Weight, golden.Outputs, golden.Inputs, golden.Bias, scheme);

    private static float[] Batch(Int8Linear layer, QuantizedGolden golden)
    {
        var y = new float[golden.FloatOutput.Length];
        layer.Apply(golden.X, golden.Batch, y);
        return y;
    }

    private static float[] RowByRow(Int8Linear layer, QuantizedGolden golden)
    {
        var y = new float[golden.FloatOutput.Length];
        for (var b = 0; b < golden.Batch; b++)
        {
            layer.Apply(golden.X.AsSpan(b * golden.Inputs, golden.Inputs), 1, y.AsSpan(b * golden.Outputs, golden.Outputs));
        }

        return y;
    }

    private static double Error(QuantizedGolden golden, float[] y) => Distance(golden.FloatOutput, y);

    private static double Distance(float[] a, float[] b) => a.Zip(b, (left, right) => Math.Abs((double)left - right)).Max();

    private static float[] Normal(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
}
