// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Qusp.Inference;

namespace Qusp.Torch.Tests;

/// <summary>A model directory whose answers are seen at a glance: ((a - 1) / 2 + 0.5, b) for the classes no and yes.</summary>
internal static class SmallModel
{
    public static string Write(TemporaryFolder folder, ImmutableArray<string> classes, string loss = "mse")
    {
        var path = folder.At("model");
        Directory.CreateDirectory(path);
        new ModelDescription
        {
            Model = "custom",
            Layers = [new LinearDescription("out", 2, 2)],
            Standardization = new Standardization([1, 0], [2, 1]),
            Features = ["a", "b"],
            Classes = classes,
            Loss = loss,
        }.Save(Path.Combine(path, ModelDescription.FileName));
        new SafetensorsFile([NamedTensor.Of<float>("out.weight", [1, 0, 0, 1], 2, 2), NamedTensor.Of<float>("out.bias", [0.5f, 0], 2)])
            .Save(Path.Combine(path, ModelDescription.ParametersFileName));
        return path;
    }
}
