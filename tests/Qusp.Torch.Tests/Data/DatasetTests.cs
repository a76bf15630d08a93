// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Xunit;

namespace Qusp.Torch.Tests;

public sealed class DatasetTests
{
    [Theory]
    [InlineData("iris", 150, 4, "50,50,50")]
    [InlineData("wine", 178, 13, "59,71,48")]
    [InlineData("breast-cancer", 569, 30, "212,357")]
    [InlineData("digits", 1797, 64, "178,182,177,183,181,182,181,179,174,180")]
    public void The_embedded_sets_have_their_known_sizes(string name, int rows, int features, string classes)
    {
        var data = Datasets.Load(name);
        Assert.Equal((rows, features), (data.Count, data.FeatureCount));
        Assert.Equal(classes, string.Join(",", data.Labels!.CountBy(label => label).OrderBy(pair => pair.Key).Select(pair => pair.Value)));
    }

    [Fact]
    public void Generated_sets_follow_from_the_seed()
    {
        foreach (var name in (string[])["moons", "origin"])
        {
            Assert.Equal(Datasets.Load(name, seed: 3).Features, Datasets.Load(name, seed: 3).Features);
            Assert.NotEqual(Datasets.Load(name, seed: 3).Features, Datasets.Load(name, seed: 4).Features);
        }

        var origin = Datasets.Origin(seed: 1);
        Assert.Equal((10, 4, 2), (origin.Count, origin.FeatureCount, origin.Outputs));
        Assert.All(origin.Features, x => Assert.InRange(x, 0, 1));
        Assert.Equal([0.0, 1.0], origin.Targets.Distinct().Order());
    }

    [Fact]
    public void Moons_without_noise_lie_on_two_half_circles()
    {
        var data = Datasets.Moons(100, noise: 0);
        for (var row = 0; row < data.Count; row++)
        {
            var (x, y) = (data.Features[2 * row], data.Features[(2 * row) + 1]);
            var (fromCentre, inHalf) = data.Labels![row] == 0 ? (x, y) : (x - 1, 0.5 - y);
            Assert.Equal(1, double.Hypot(fromCentre, inHalf), 12);
            Assert.InRange(inHalf, -1e-12, 1);
        }
    }

    [Fact]
    public void A_split_keeps_each_row_once_and_each_class_its_share()
    {
        Gen.Select(Gen.Int[2, 60].Array[1, 6], Gen.Double[0.15, 0.6], Gen.ULong).Sample((sizes, fraction, seed) =>
        {
            var labels = sizes.SelectMany((size, k) => Enumerable.Repeat(k, size)).ToArray();
            var rows = Enumerable.Range(0, labels.Length).Select(row => (double)row).ToArray();
            var data = Dataset.OfClasses("t", ["row"], rows, labels, [.. sizes.Select((_, k) => $"{k}")]);
            if (labels.Length * fraction < 1)
            {
                return;
            }

            var (train, test) = data.Split(fraction, seed);
            Assert.Equal(rows, train.Features.Concat(test!.Features).Order());
            Assert.Equal(train.Features.Order(), train.Features);
            Assert.Equal(test.Features.Order(), test.Features);
            for (var k = 0; k < sizes.Length; k++)
            {
                Assert.InRange(test.Labels!.Count(label => label == k), Math.Floor(sizes[k] * fraction), Math.Ceiling(sizes[k] * fraction));
            }

            Assert.Equal(test.Features, data.Split(fraction, seed).Test!.Features);
        });
    }

    [Fact]
    public void Another_seed_splits_otherwise_and_the_fraction_is_met()
    {
        var data = Datasets.Load("iris");
        var (train, test) = data.Split(0.2, seed: 1);
        Assert.Equal((120, 30), (train.Count, test!.Count));
        Assert.Equal([10, 10, 10], test.Labels!.CountBy(label => label).Select(pair => pair.Value));
        Assert.NotEqual(test.Features, data.Split(0.2, seed: 2).Test!.Features);
        Assert.Equal((2, 8), (Datasets.Origin().Split(0.2).Test!.Count, Datasets.Origin().Split(0.2).Train.Count));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    [InlineData(0.001)]
    public void A_fraction_that_cannot_be_is_refused(double fraction) =>
        Assert.Throws<ArgumentException>(() => Datasets.Load("iris").Split(fraction));

    [Fact]
    public void No_test_set_is_made_of_a_fraction_of_zero()
    {
        var (train, test) = Datasets.Load("iris").Split(0);
        Assert.Null(test);
        Assert.Equal(150, train.Count);
    }

    [Fact]
    public void A_model_finds_its_features_by_name_in_any_order_or_by_place()
    {
        var data = Dataset.OfClasses("t", ["a", "b", "c"], [1, 2, 3, 4, 5, 6], [0, 1], ["0", "1"]);
        Assert.Equal([3, 1, 6, 4], data.WithFeaturesOf(["c", "a"]).Features);
        Assert.Equal(data.Features, data.WithFeaturesOf(["p", "q", "r"]).Features);
        Assert.Throws<InvalidDataException>(() => data.WithFeaturesOf(["p", "q"]));
        // f0 to f3 of wine are no more those of iris than f4 is: names that only number do not identify.
        Assert.Throws<InvalidDataException>(() => Datasets.Load("wine").WithFeaturesOf(Datasets.Load("iris").FeatureNames));
        Assert.Throws<InvalidDataException>(() => Datasets.LoadFeatures("wine", Datasets.Load("iris").FeatureNames));
        Assert.Equal(Datasets.Load("iris").Features, Datasets.LoadFeatures("iris", ["p", "q", "r", "s"]));
    }

    [Fact]
    public void Standardized_training_features_have_mean_0_and_deviation_1_and_a_constant_one_is_0()
    {
        var features = new double[] { 1, 7.1, 3, 7.1, 8, 7.1 };
        var data = Dataset.OfClasses("t", ["a", "b"], features, [0, 1, 0], ["0", "1"]);
        var fit = data.FitStandardization();
        Assert.Equal([4, 7.1], fit.Mean.Select(x => Math.Round(x, 12)));
        Assert.Equal([Math.Sqrt(26 / 3.0), 1], fit.Deviation.Select(x => x));
        var result = data.Standardized(fit).Features;
        Assert.Equal(0, result[0] + result[2] + result[4], 12);
        Assert.Equal(3, (result[0] * result[0]) + (result[2] * result[2]) + (result[4] * result[4]), 12);
        Assert.All([result[1], result[3], result[5]], x => Assert.Equal(0, x, 12));
        Assert.Equal([1, 7.1], features[..2]);
        Assert.Throws<ArgumentException>(() => Datasets.Load("iris").Standardized(fit));
        Assert.Same(data, data.Standardized(null));
    }
}
