// SPDX-License-Identifier: Apache-2.0
namespace Qusp;

/// <summary>What a row of the gate table does to a state.</summary>
public enum GateKind
{
    /// <summary>Turns it by a unitary matrix.</summary>
    Unitary,

    /// <summary>A quantum channel, ρ → Σ KρK†: noise, reset, post-selection.</summary>
    Channel,

    /// <summary>A measurement in the course of the circuit: outcome k has the Kraus operator k and is written to the operation's bit.</summary>
    Measure,

    /// <summary>Nothing; no pass moves an operation of its wires across it.</summary>
    Barrier,
}
