// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Simulation.Pauli;

/// <summary>How far words are followed. Without weight limit and cutoff the propagation is exact.</summary>
/// <param name="MaxWeight">The most letters of a word that is kept.</param>
/// <param name="Cutoff">The smallest coefficient, in absolute value, that is kept.</param>
/// <param name="MaxWords">The most words alive at once; beyond, the circuit is refused.</param>
internal readonly record struct PauliLimits(int MaxWeight, double Cutoff, int MaxWords)
{
    public bool IsExact => MaxWeight >= Circuit.MaxWires && Cutoff <= 0;
}
