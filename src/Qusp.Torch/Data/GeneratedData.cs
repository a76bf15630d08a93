// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Torch;

/// <summary>Data sets made from a seed.</summary>
internal static class GeneratedData
{
    /// <summary>
    /// Two half moons, each of count/2 points: (cos t, sin t) and (1 - cos t, 0.5 - sin t), t evenly in [0, π], with normal
    /// noise on both coordinates; the classes alternate by row. The figure is scikit-learn's make_moons.
    /// </summary>
    public static Dataset Moons(int count, double noise, ulong seed)
    {
        var random = new SeededRandom(seed);
        var features = new double[2 * count];
        var labels = new int[count];
        for (var row = 0; row < count; row++)
        {
            var (sin, cos) = Math.SinCos(Math.PI * (row / 2) / Math.Max((count / 2) - 1, 1));
            labels[row] = row % 2;
            features[2 * row] = (labels[row] == 0 ? cos : 1 - cos) + (noise * random.NextNormal());
            features[(2 * row) + 1] = (labels[row] == 0 ? sin : 0.5 - sin) + (noise * random.NextNormal());
        }

        return Dataset.OfClasses("moons", ["x", "y"], features, labels, ["0", "1"]);
    }

    /// <summary>The origin document's samples: X = rand(10, 4), y = randint(0, 2, (10, 2)), multiples of 2^-24 as there.</summary>
    public static Dataset Origin(ulong seed)
    {
        var random = new SeededRandom(seed);
        var features = Enumerable.Range(0, 40).Select(_ => random.NextInt32(1 << 24) / (double)(1 << 24)).ToArray();
        var targets = Enumerable.Range(0, 20).Select(_ => (double)random.NextInt32(2)).ToArray();
        return Dataset.OfTargets("origin", ["x0", "x1", "x2", "x3"], features, targets, outputs: 2);
    }
}
