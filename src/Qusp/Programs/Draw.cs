// SPDX-License-Identifier: Apache-2.0
namespace Qusp;

/// <summary>
/// The randomness of one call, as an argument: outcomes depend on (seed, sample, shot) and on nothing else, so they are
/// the same on any number of threads; a batch split in two gives the same if the second part says where it starts.
/// </summary>
/// <param name="Seed">The seed; a training run uses a new one each step.</param>
/// <param name="FirstSample">The index that the first sample of this call has in the whole.</param>
public readonly record struct Draw(ulong Seed, long FirstSample = 0)
{
    /// <summary>The samples' own indices where they do not follow one another, as the shifted copies of a gradient.</summary>
    internal ReadOnlyMemory<long> Samples { get; init; }

    internal long Sample(int row) => Samples.IsEmpty ? FirstSample + row : Samples.Span[row];

    internal Draw Skip(int rows) => Samples.IsEmpty ? this with { FirstSample = FirstSample + rows } : this with { Samples = Samples[rows..] };
}
