// SPDX-License-Identifier: Apache-2.0
using Xunit;
using static TorchSharp.torch;

namespace Qusp.Torch.Tests;

/// <summary>libtorch's global generator, which other tests draw from: these run with nothing beside them.</summary>
[CollectionDefinition(nameof(GlobalGeneratorTests), DisableParallelization = true)]
[Collection(nameof(GlobalGeneratorTests))]
public sealed class GlobalGeneratorTests
{
    [Fact]
    public void Drawing_a_model_leaves_the_global_generator_alone()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var expected = rand(4);
        manual_seed(3);
        using var model = new AdvancedQuantumSparseNN(new() { Layers = 1 });
        Near.Equal(expected, rand(4), 0);
    }
}
