// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Tests;

/// <summary>What a piece of work allocates on this thread.</summary>
internal static class Allocation
{
    private const int Windows = 4;

    /// <summary>
    /// The least of a few measurements. A collection that another thread's work brings about takes away the rest of this
    /// thread's allocation buffer, and the runtime then counts it as used: now and then a measurement is too large by that.
    /// What the work itself allocates is in every one.
    /// </summary>
    /// <param name="work">The work, warmed up.</param>
    /// <param name="times">How often it is done in each measurement.</param>
    /// <returns>Bytes.</returns>
    public static long Of(Action work, int times = 1)
    {
        var least = long.MaxValue;
        for (var window = 0; window < Windows; window++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var k = 0; k < times; k++)
            {
                work();
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
