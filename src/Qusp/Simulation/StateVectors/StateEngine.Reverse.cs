// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.StateVectors;

// The reverse sweep; see Gradients/adjoint.md. The adjoint state lacks the same factor as the state.
internal sealed unsafe partial class StateEngine<V, T>
{
    private double[] derivatives = []; // of a pass, before they go to angles

    /// <summary>The derivatives of one sample by the plan's angles, each by its argument's angle θ.</summary>
    /// <param name="of">The program of its guards.</param>
    /// <param name="inputs">The sample, <c>[I]</c>.</param>
    /// <param name="weights"><c>[W]</c>.</param>
    /// <param name="cotangents"><c>[K]</c>.</param>
    public ReadOnlySpan<double> Pullback(StateProgram<V, T> of, T* inputs, T* weights, ReadOnlySpan<T> cotangents)
    {
        Load(of, inputs, weights);
        if (!isFinal)
        {
            Forward();
        }

        Array.Clear(turns);
        if (adjoint.Re is null)
        {
            adjoint = NewPlanes();
        }

        Begin(program.SharingBack);
        Seed(cotangents);
        isFinal = false;
        Reverse();
        trial?.End();
        return turns;
    }

    private void Reverse()
    {
        var product = program.Product is not null;
        for (var k = program.Passes.Length - 1; k >= program.FirstVarying; k--)
        {
            var stateStays = k == 0 && product; // it is a product again, and known
            switch (program.Passes[k])
            {
                case ReadyTurns<V, T> { Back: var rounds }:
                    ReverseTurns(rounds);
                    break;
                case ReadyMonomial<V, T> monomial:
                    ReversePhases(monomial);
                    var back = monomial.Back!;
                    if (!stateStays)
                    {
                        Move(back, -1, ref state, Work.Move);
                    }

                    Move(back, -1, ref adjoint, Work.Move);
                    scale = 1;
                    break;
                case ReadyBlock<V, T> block:
                    ReverseBlock(block, k, stateStays);
                    break;
            }
        }

        if (program.ProductVaries)
        {
            ReverseProduct(program.Product!);
        }
    }

    private void ReverseTurns(TurnRounds<V, T> rounds)
    {
        rounds.Fill(cosines, sines, inverse: true);
        current.Rounds = rounds;
        var found = Derivatives(rounds.Turns.Length);
        Sum(Work.ReverseInnerTurns, found);
        AddTurns(rounds.Turns, found);
        for (current.Round = rounds.InnerRounds; current.Round < rounds.Rounds.Length; current.Round++)
        {
            Sum(Work.ReverseOuterTurns, found);
            AddTurns(rounds.Turns, found);
        }

        LeaveOut(rounds.Scale, back: true);
    }

    private void ReversePhases(ReadyMonomial<V, T> monomial)
    {
        if (monomial.Masks.Length == 0)
        {
            return;
        }

        current.Masks = monomial.Masks;
        var found = Derivatives(monomial.Masks.Length);
        Sum(Work.Overlaps, found);
        for (var k = 0; k < monomial.Varying.Length; k++)
        {
            var word = monomial.Varying[k];
            Add(word.Angle, word.Factor * plan.Angles[word.Angle].GeneratorScale * scale * scale * found[monomial.MaskOf[k]]);
        }
    }

    private void ReverseProduct(ProductState<V, T> product)
    {
        var found = Derivatives(product.Turns.Length);
        Sum(Work.ProductSums, found);
        for (var k = 0; k < product.Turns.Length; k++)
        {
            found[k] += product.Turns[k].Bit < product.LowBits ? 0 : product.HighDerivative(product.Turns[k].Bit);
            found[k] *= scale;
        }

        scale = 1;
        AddTurns(product.Turns, found);
    }

    private void AddTurns(ReadOnlySpan<Turn> of, ReadOnlySpan<double> found)
    {
        for (var k = 0; k < of.Length; k++)
        {
            if (of[k].Angle >= 0)
            {
                Add(of[k].Angle, of[k].Factor * plan.Angles[of[k].Angle].GeneratorScale * scale * scale * found[k]);
            }
        }
    }

    private void Add(int angle, double derivative) => turns[angle] += derivative;

    private Span<double> Derivatives(int count)
    {
        if (derivatives.Length < count)
        {
            derivatives = new double[count];
        }

        return derivatives.AsSpan(0, count);
    }
}
