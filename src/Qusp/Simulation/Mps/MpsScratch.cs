// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.Mps;

/// <summary>What one thread needs beside its states: nothing in it outlives an operation on one.</summary>
internal sealed class MpsScratch
{
    private readonly Complex[][,] made; // by the number of wires
    private readonly Complex[][,] ordered;

    /// <param name="wires">The most wires of a matrix.</param>
    public MpsScratch(int wires) => (made, ordered) = (Matrices(wires), Matrices(wires));

    /// <summary>Tensors.</summary>
    public MpsTensor A { get; } = new();

    public MpsTensor B { get; } = new();

    public MpsTensor C { get; } = new();

    /// <summary>A matrix to be factored.</summary>
    public ComplexColumns Columns { get; } = new();

    public Factorization Factorization { get; } = new();

    /// <summary>Room for a matrix of some wires.</summary>
    public Complex[,] Made(int wires) => made[wires];

    /// <summary>A matrix with its index bits in the order of the sites.</summary>
    /// <param name="matrix">A matrix, the first wire the most significant bit.</param>
    /// <param name="places">Each wire's place among the sites.</param>
    public Complex[,] Ordered(Complex[,] matrix, ReadOnlySpan<int> places)
    {
        var isOrdered = true;
        for (var k = 0; k < places.Length; k++)
        {
            isOrdered &= places[k] == k;
        }

        if (isOrdered)
        {
            return matrix;
        }

        var result = ordered[places.Length];
        for (var r = 0; r < 1 << places.Length; r++)
        {
            for (var c = 0; c < 1 << places.Length; c++)
            {
                result[r, c] = matrix[Local(r, places), Local(c, places)];
            }
        }

        return result;
    }

    private static Complex[][,] Matrices(int wires) => [.. Enumerable.Range(0, wires + 1).Select(m => new Complex[1 << m, 1 << m])];

    private static int Local(int index, ReadOnlySpan<int> places)
    {
        var local = 0;
        foreach (var place in places)
        {
            local = (local << 1) | ((index >> (places.Length - 1 - place)) & 1);
        }

        return local;
    }
}
