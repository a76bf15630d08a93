// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Simulation.StateVectors;

/// <summary>Steps of a plan that run together on one state.</summary>
internal abstract class StatePass
{
    /// <summary>Bits that it touches.</summary>
    public nint Support { get; set; }

    /// <summary>Whether a step of it turns with an input or a weight.</summary>
    public bool Varies { get; set; }
}

/// <summary>A real rotation of one wire, (a, b) → (ca − sb, sa + cb).</summary>
/// <param name="Bit">The wire's bit.</param>
/// <param name="Angle">The plan's angle, or −1.</param>
/// <param name="Factor">Its argument is this times the angle's argument, or this alone.</param>
internal readonly record struct Turn(int Bit, int Angle, double Factor)
{
    /// <summary>c and s, where the plan's arguments have these cosines and sines. The factor of an angle is 1 or −1.</summary>
    public (double Cos, double Sin) At(ReadOnlySpan<double> cosines, ReadOnlySpan<double> sines) => Angle < 0
        ? (Math.Cos(Factor), Math.Sin(Factor))
        : (cosines[Angle], Factor * sines[Angle]);
}

/// <summary>Real rotations, each wire once: they commute.</summary>
internal sealed class TurnsPass : StatePass
{
    public List<Turn> Turns { get; } = [];
}

/// <summary>A phase <c>e^{iφ}</c> or <c>e^{−iφ}</c> by the parity of some bits: all that diagonal gates are made of.</summary>
/// <param name="Mask">The bits; φ is positive where an even number of them is set.</param>
/// <param name="Angle">The plan's angle, or −1.</param>
/// <param name="Factor">φ is this times the angle's argument, or this alone.</param>
internal readonly record struct PhaseWord(nint Mask, int Angle, double Factor);

/// <summary>A permutation of the basis states by an affine map, then phases: any X, CNOT, SWAP and diagonal gates in a row.</summary>
internal sealed class MonomialPass(int bits) : StatePass
{
    private readonly List<PhaseWord> words = [];

    public IndexMap Map { get; private set; } = IndexMap.Identity(bits);

    /// <summary>The phases, after the permutation.</summary>
    public IReadOnlyList<PhaseWord> Words => words;

    public void Add(PhaseWord word)
    {
        var same = words.FindIndex(other => other.Mask == word.Mask && other.Angle == word.Angle);
        if (same < 0)
        {
            words.Add(word);
        }
        else if (words[same].Factor + word.Factor is var sum && sum != 0)
        {
            words[same] = word with { Factor = sum };
        }
        else
        {
            words.RemoveAt(same);
        }
    }

    /// <summary>Appends an exchange, its own inverse: the phases before it become phases after it.</summary>
    public void Add(IndexMap exchange)
    {
        Map = Map.Then(exchange);
        for (var k = 0; k < words.Count; k++)
        {
            var sign = IndexMap.Parity(words[k].Mask & exchange.Offset) == 0 ? 1 : -1;
            words[k] = words[k] with { Mask = exchange.Transposed(words[k].Mask), Factor = sign * words[k].Factor };
        }
    }
}
