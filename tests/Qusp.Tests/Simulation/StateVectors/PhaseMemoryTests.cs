// SPDX-License-Identifier: Apache-2.0
using Qusp.Simulation.StateVectors;
using Xunit;

namespace Qusp.Tests.Simulation.StateVectors;

/// <summary>Memory that tables of phases have for themselves, or share in long programs.</summary>
public sealed class PhaseMemoryTests
{
    [Fact]
    public void Tables_have_memory_of_their_own_until_there_is_too_much_of_it()
    {
        using var memories = new PhaseMemories<double>();
        var first = memories.Next();
        first.Reserve(1, 1, 1);
        var second = memories.Next();
        Assert.NotSame(first, second);

        second.Reserve(1 << 21, 1, 1); // 16 MB of doubles
        Assert.Same(second, memories.Next());
    }
}
