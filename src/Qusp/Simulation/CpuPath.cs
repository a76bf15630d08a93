// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Simulation;

/// <summary>Which of its two ways the <c>cpu</c> device runs a circuit.</summary>
internal enum CpuPath
{
    /// <summary>The faster one.</summary>
    Auto,

    /// <summary>A sample in each lane of a vector.</summary>
    Lanes,

    /// <summary>One state at a time, vectors across its amplitudes.</summary>
    OneState,
}
