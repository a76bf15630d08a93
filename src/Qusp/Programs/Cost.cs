// SPDX-License-Identifier: Apache-2.0
namespace Qusp;

/// <summary>
/// What was really executed, summed over samples, as counted by the executor. A gate is an operation of the circuit
/// that fired; it is a two-wire gate if it acts on two or more wires. Skipped gates are operations whose guard was off.
/// </summary>
/// <param name="Circuits">Circuit executions: one a sample and evaluation; parameter-shift runs more.</param>
/// <param name="Gates">Operations that fired.</param>
/// <param name="TwoQubitGates">Those of them on two or more wires.</param>
/// <param name="SkippedGates">Operations whose guard was off.</param>
/// <param name="Shots">Repetitions of sampled circuits; 0 on exact devices.</param>
public readonly record struct Cost(long Circuits, long Gates, long TwoQubitGates, long SkippedGates, long Shots)
{
    /// <summary>Wires simulated, summed over circuits: those that no firing gate touches are not. 0 on engines that hold no state vector.</summary>
    public long SimulatedWires { get; init; }

    /// <summary>The most wires that one state vector held: time and memory follow 2 to its power. The most of both in a sum, the first's in a difference.</summary>
    public int LargestState { get; init; }

    /// <summary>
    /// An estimate of the largest error of an output where a device cuts off (mps: the discarded weight of a state; pauli: the sum of the coefficients cut off, a bound);
    /// 0 where results are exact. The larger of both in a sum, the first's in a difference.
    /// </summary>
    public double TruncationError { get; init; }

    /// <summary>Both together.</summary>
    public static Cost operator +(Cost left, Cost right) => new(
        left.Circuits + right.Circuits,
        left.Gates + right.Gates,
        left.TwoQubitGates + right.TwoQubitGates,
        left.SkippedGates + right.SkippedGates,
        left.Shots + right.Shots)
    {
        SimulatedWires = left.SimulatedWires + right.SimulatedWires,
        LargestState = Math.Max(left.LargestState, right.LargestState),
        TruncationError = Math.Max(left.TruncationError, right.TruncationError),
    };

    /// <summary>What was added between two readings of a ledger.</summary>
    public static Cost operator -(Cost left, Cost right) => new(
        left.Circuits - right.Circuits,
        left.Gates - right.Gates,
        left.TwoQubitGates - right.TwoQubitGates,
        left.SkippedGates - right.SkippedGates,
        left.Shots - right.Shots)
    {
        SimulatedWires = left.SimulatedWires - right.SimulatedWires,
        LargestState = left.LargestState,
        TruncationError = left.TruncationError,
    };
}
