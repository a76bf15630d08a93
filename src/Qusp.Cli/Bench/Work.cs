// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Cli.Bench;

/// <summary>A workload of one size, set up: every call of <see cref="Run"/> does the same work.</summary>
/// <param name="run">The work.</param>
/// <param name="check">Values of the last run that other programs must agree with.</param>
/// <param name="owned">What lives as long as the work.</param>
internal sealed class Work(Action run, Func<double[]> check, params IDisposable[] owned) : IDisposable
{
    public Action Run => run;

    public Func<double[]> Check => check;

    /// <summary>Circuits a run: its time is divided by them.</summary>
    public int Circuits { get; init; } = 1;

    /// <summary>Work that <see cref="Run"/> does besides what is measured: its time is subtracted. Null if there is none.</summary>
    public Work? Besides { get; init; }

    /// <summary>Whether a circuit's time means something in passes over one state.</summary>
    public bool CountsPasses { get; init; }

    public void Dispose()
    {
        Besides?.Dispose();
        foreach (var part in owned)
        {
            part.Dispose();
        }
    }
}

/// <summary>Check values.</summary>
internal static class CheckValues
{
    /// <summary>The first values.</summary>
    public static IEnumerable<double> First<T>(T[] values, int count)
        where T : INumberBase<T> => values.Take(count).Select(double.CreateChecked);

    /// <summary>Σ v and Σ v².</summary>
    public static double[] Sums<T>(T[] values)
        where T : INumberBase<T>
    {
        var numbers = values.Select(double.CreateChecked).ToArray();
        return [numbers.Sum(), numbers.Sum(value => value * value)];
    }
}
