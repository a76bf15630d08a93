// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.StateVectors;

/// <summary>
/// A factor of a block: a constant matrix, or the rotation <c>1 + (cos φ − 1)·G² + i·sin φ·G</c> with φ a multiple of one of the plan's
/// arguments.
/// </summary>
/// <param name="Matrix">Row-major <c>[d, d]</c>: the constant, or G.</param>
/// <param name="Square">G²; empty for a constant.</param>
/// <param name="Angle">The plan's angle, or −1.</param>
/// <param name="Factor">φ is this times the angle's argument.</param>
internal sealed record BlockFactor(Complex[] Matrix, Complex[] Square, int Angle, double Factor);

/// <summary>
/// A unitary on a few local basis states of a few wires, in place, whatever it is made of: what fits no other pass, and runs of passes on
/// one or two wires.
/// </summary>
/// <param name="bits">The bits of its wires, rising.</param>
/// <param name="offsets">The local basis states that it mixes; others, such as those where a control is off, stay as they are.</param>
internal sealed class BlockPass(int[] bits, nint[] offsets) : StatePass
{
    /// <summary>The most wires of a block that is made of passes.</summary>
    public const int MaxBits = 4;

    private readonly List<BlockFactor> factors = [];

    public int[] Bits { get; } = bits;

    public nint[] Offsets { get; } = offsets;

    /// <summary>Its factors, the first to act first.</summary>
    public IReadOnlyList<BlockFactor> Factors => factors;

    /// <summary>A step alone.</summary>
    public static BlockPass Of(in Step step)
    {
        var block = new BlockPass(step.Bits, step.Offsets);
        block.Add(step);
        return block;
    }

    /// <summary>Passes in a row.</summary>
    public static BlockPass Of(IReadOnlyList<StatePass> all)
    {
        var support = all.Aggregate((nint)0, (mask, pass) => mask | pass.Support);
        var (bits, offsets) = BasisStates(support);
        var block = new BlockPass(bits, offsets) { Support = support, Varies = all.Any(pass => pass.Varies) };
        foreach (var pass in all)
        {
            block.Add(pass);
        }

        return block.Trim();
    }

    /// <summary>
    /// Phases, on the basis states of their wires that they turn: a quarter of the state for CZ. Null where they turn all or their wires are many.
    /// </summary>
    public static BlockPass? Of(MonomialPass phases)
    {
        if (BitOperations.PopCount((nuint)phases.Support) > MaxBits)
        {
            return null;
        }

        var (bits, offsets) = BasisStates(phases.Support);
        var turns = phases.Words.GroupBy(word => word.Angle, (angle, words) =>
            (Angle: angle, By: offsets.Select(state => words.Sum(word => IndexMap.Parity(word.Mask & state) == 0 ? word.Factor : -word.Factor)).ToArray())).ToArray();
        int[] kept = [.. Enumerable.Range(0, offsets.Length).Where(state => turns.Any(turn => turn.By[state] != 0))];
        if (kept.Length == offsets.Length || kept.Length == 0)
        {
            return null;
        }

        Complex[] Diagonal(Func<int, Complex> entry) => [.. kept.SelectMany(row => kept.Select(column => row == column ? entry(row) : 0))];
        var block = new BlockPass(bits, [.. kept.Select(state => offsets[state])]) { Support = phases.Support, Varies = phases.Varies };
        foreach (var (angle, by) in turns)
        {
            if (angle < 0)
            {
                block.factors.Add(new BlockFactor(Diagonal(state => Complex.FromPolarCoordinates(1, by[state])), [], -1, 0));
            }

            foreach (var size in by.Select(Math.Abs).Where(size => angle >= 0 && size > 0).Distinct())
            {
                int Sign(int state) => Math.Abs(by[state]) == size ? Math.Sign(by[state]) : 0;
                block.factors.Add(new BlockFactor(Diagonal(state => Sign(state)), Diagonal(state => Math.Abs(Sign(state))), angle, size));
            }
        }

        return block;
    }

    private static (int[] Bits, nint[] Offsets) BasisStates(nint support)
    {
        int[] bits = [.. Enumerable.Range(0, nint.Size * 8).Where(bit => ((support >> bit) & 1) != 0)];
        return (bits, [.. Enumerable.Range(0, 1 << bits.Length).Select(local =>
            bits.Select((bit, k) => (nint)((local >> k) & 1) << bit).Aggregate((nint)0, (offset, bit) => offset | bit))]);
    }

    private void Add(StatePass pass)
    {
        switch (pass)
        {
            case TurnsPass turns:
                foreach (var turn in turns.Turns)
                {
                    Add(turn);
                }

                break;
            case MonomialPass monomial:
                factors.Add(new BlockFactor(Entries((row, column) => monomial.Map.Apply(column) == row ? 1 : 0), [], -1, 0));
                foreach (var word in monomial.Words)
                {
                    Rotate(Entries((row, column) => row != column ? 0 : IndexMap.Parity(row & word.Mask) == 0 ? 1 : -1), word.Angle, word.Factor);
                }

                break;
            case BlockPass block:
                factors.AddRange(block.Factors.Select(factor => factor with
                {
                    Matrix = Lift(block, factor.Matrix, elsewhere: factor.Angle < 0 ? 1 : 0),
                    Square = factor.Angle < 0 ? [] : Lift(block, factor.Square, elsewhere: 0),
                }));
                break;
            default:
                throw new InvalidOperationException($"No factors of a pass of type {pass.GetType()}.");
        }
    }

    // i·sin·G of [[0, i], [−i, 0]] is sin·[[0, −1], [1, 0]].
    private void Add(Turn turn)
    {
        var bit = (nint)1 << turn.Bit;
        Rotate(
            Entries((row, column) => (row ^ column) != bit ? 0 : (row & bit) == 0 ? Complex.ImaginaryOne : -Complex.ImaginaryOne), turn.Angle, turn.Factor);
    }

    private void Add(in Step step)
    {
        var sign = Math.Sign(step.Factor);
        switch (step.Kind)
        {
            case StepKind.Swap:
                factors.Add(new BlockFactor([0, 1, 1, 0], [], -1, 0));
                break;
            case StepKind.RealRotation:
                Rotate([0, Complex.ImaginaryOne, -Complex.ImaginaryOne, 0], step.Angle, sign);
                break;
            case StepKind.ImaginaryRotation:
                Rotate([0, 1, 1, 0], step.Angle, sign);
                break;
            case StepKind.PhaseRotation:
                Rotate([1], step.Angle, sign);
                break;
            case StepKind.DenseRotation:
                factors.Add(new BlockFactor(step.Matrix, step.Square, step.Angle, sign));
                break;
            case StepKind.Phase or StepKind.Dense:
                factors.Add(new BlockFactor(step.Matrix, [], -1, 0));
                break;
            default:
                throw new InvalidOperationException($"No factor of a step of kind {step.Kind}.");
        }
    }

    // Without the basis states that no factor mixes or turns, such as those where a CNOT's control is off.
    private BlockPass Trim()
    {
        var size = Offsets.Length;
        int[] kept = [.. Enumerable.Range(0, size).Where(row => factors.Any(factor => Enumerable.Range(0, size).Any(column =>
            factor.Matrix[(row * size) + column] != (factor.Angle < 0 && row == column ? 1 : 0))))];
        if (kept.Length == size || kept.Length == 0)
        {
            return this;
        }

        Complex[] Part(Complex[] matrix) => matrix.Length == 0 ? [] : [.. kept.SelectMany(row => kept.Select(column => matrix[(row * size) + column]))];
        var trimmed = new BlockPass(Bits, [.. kept.Select(row => Offsets[row])]) { Support = Support, Varies = Varies };
        trimmed.factors.AddRange(factors.Select(factor => factor with { Matrix = Part(factor.Matrix), Square = Part(factor.Square) }));
        return trimmed;
    }

    // The generator is its own inverse.
    private void Rotate(Complex[] generator, int angle, double factor)
    {
        var size = Offsets.Length;
        var square = new Complex[size * size];
        for (var k = 0; k < size; k++)
        {
            square[(size + 1) * k] = 1;
        }

        if (angle >= 0)
        {
            factors.Add(new BlockFactor(generator, square, angle, factor));
            return;
        }

        var (sin, cos) = Math.SinCos(factor);
        factors.Add(new BlockFactor([.. square.Zip(generator, (one, g) => (cos * one) + (Complex.ImaginaryOne * sin * g))], [], -1, 0));
    }

    private Complex[] Entries(Func<nint, nint, Complex> entry) => [.. Offsets.SelectMany(row => Offsets.Select(column => entry(row, column)))];

    private Complex[] Lift(BlockPass inner, Complex[] matrix, Complex elsewhere)
    {
        return Entries((row, column) =>
        {
            if ((row & ~inner.Support) != (column & ~inner.Support))
            {
                return 0;
            }

            var (r, c) = (Array.IndexOf(inner.Offsets, row & inner.Support), Array.IndexOf(inner.Offsets, column & inner.Support));
            return r >= 0 && c >= 0 ? matrix[(r * inner.Offsets.Length) + c] : row == column ? elsewhere : 0;
        });
    }
}
