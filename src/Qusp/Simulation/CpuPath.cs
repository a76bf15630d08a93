// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Simulation;

/// <summary>Which of its ways the <c>cpu</c> device runs a circuit.</summary>
internal enum CpuPath
{
    /// <summary>The one that is expected to be the fastest.</summary>
    Auto,

    /// <summary>A sample in each lane of a vector.</summary>
    Lanes,

    /// <summary>One state at a time, vectors across its amplitudes.</summary>
    OneState,

    /// <summary>Each sample as the components into which its fired guards let it fall, each of them by the faster of the two others.</summary>
    Components,
}
