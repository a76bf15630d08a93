// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp.Simulation.Mps;

/// <summary>A Pauli word that a circuit measures, and the outputs that it belongs to.</summary>
internal sealed class MpsWord
{
    private static readonly Complex[,] Identity = MatrixAlgebra.Identity(2);

    public MpsWord(PauliWord word, ImmutableArray<(int Output, double Coefficient)> terms)
    {
        Terms = terms;
        Letters = [.. word.Letters.ToArray().Select(letter => (letter.Wire, Gates.Find(letter.Pauli.ToString()).Matrix()))];
    }

    public ImmutableArray<(int Output, double Coefficient)> Terms { get; }

    public ImmutableArray<(int Wire, Complex[,] Matrix)> Letters { get; }

    /// <summary>Its letter on a wire, the identity where it has none.</summary>
    public Complex[,] On(int wire)
    {
        foreach (var (at, matrix) in Letters)
        {
            if (at == wire)
            {
                return matrix;
            }
        }

        return Identity;
    }
}
