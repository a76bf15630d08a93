// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Simulation.Lanes;
using Xunit;

namespace Qusp.Tests.Simulation.StateVectors;

/// <summary>A test of a kernel that is written once for all vector widths and precisions.</summary>
internal interface IWidthTest
{
    /// <param name="tolerance">How far sums of about a thousand numbers of size 1 may be off.</param>
    void Run<V, T>(double tolerance)
        where V : unmanaged, IAmplitudeLanes<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>;
}

/// <summary>Runs such tests at each width, whether or not the processor has it.</summary>
internal static class EveryWidth
{
    public static TheoryData<int, bool> Data { get; } = new MatrixTheoryData<int, bool>([512, 256, 128, 64], [false, true]);

    public static void Run(int bits, bool isSingle, IWidthTest test)
    {
        if (isSingle)
        {
            Run<float>(bits, test, 2e-5);
        }
        else
        {
            Run<double>(bits, test, 1e-12);
        }
    }

    private static void Run<T>(int bits, IWidthTest test, double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        switch (bits)
        {
            case 512:
                test.Run<Lanes512<T>, T>(tolerance);
                break;
            case 256:
                test.Run<Lanes256<T>, T>(tolerance);
                break;
            case 128:
                test.Run<Lanes128<T>, T>(tolerance);
                break;
            default:
                test.Run<Lanes1<T>, T>(tolerance);
                break;
        }
    }
}
