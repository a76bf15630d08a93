// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.Lanes;

/// <summary>Lanes whose neighbours are amplitudes of one state, so that numbers move between lanes.</summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
/// <typeparam name="T">The number.</typeparam>
internal interface IAmplitudeLanes<TSelf, T> : ILanes<TSelf, T>
    where TSelf : unmanaged, IAmplitudeLanes<TSelf, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Lane j receives the lane that <paramref name="indices"/> names there, integers of the numbers' size.</summary>
    static abstract TSelf Shuffle(TSelf value, TSelf indices);
}
