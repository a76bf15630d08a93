// SPDX-License-Identifier: Apache-2.0
using Qusp.Simulation.DensityMatrices;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.Trajectories;

/// <summary>
/// Derivatives along the paths that were taken. With q, the probability of a path, held constant, <c>F⟨ψ|O|ψ⟩</c> is the unnormalised
/// state's expectation value over q: its mean is that of the density matrix for any angles and strengths, so the mean of its
/// derivative is the derivative, without bias. A strength acts by its weight, <c>∂w/w</c> of the value, and by its matrix.
/// </summary>
internal sealed unsafe partial class TrajectoryWorker<V, T>
{
    private readonly int[] taken; // [steps, lanes]: the operator, −1 where the step does not fire
    private readonly double[] scales; // [steps, lanes]: c of c·L, which keeps the state normalised
    private readonly double[] factorTurns; // ∂/∂factor of all sources, [factors, lanes]
    private readonly double[] turns; // ∂/∂input and weight, [I + W, lanes]
    private int segment = 1;
    private int segments = 1;

    /// <summary>How many irreversible steps lie between two states that are kept for the whole reverse sweep.</summary>
    public int Segment
    {
        get => segment;
        init => (segment, segments) = (value, Math.Max(1, (plan.Irreversible + value - 1) / value));
    }

    /// <summary>Adds to a sample's derivatives those of <c>Σ_k g_k O_k − shift</c>, summed over shots.</summary>
    /// <param name="first">The first shot.</param>
    /// <param name="count">How many.</param>
    /// <param name="cotangents">g, <c>[K]</c>.</param>
    /// <param name="shift">The shift.</param>
    /// <param name="totals">By the inputs and the weights, <c>[I + W]</c>.</param>
    /// <param name="squares">The sums of the squares of each shot's derivatives, <c>[I + W]</c>; empty if not wanted.</param>
    public void Pullback(int first, int count, ReadOnlySpan<double> cotangents, double shift, Span<double> totals, Span<double> squares)
    {
        for (var done = 0; done < count; done += V.Count)
        {
            var lanes = Math.Min(V.Count, count - done);
            Array.Clear(factorTurns);
            Array.Clear(turns);
            Run((uint)(first + done), defensive: true, save: true);
            Measure();
            StartAdjoint(cotangents, shift);
            Backward(lanes, cotangents, shift);
            TurnSources(lanes);
            for (var j = 0; j < totals.Length; j++)
            {
                foreach (var turn in turns.AsSpan(j * V.Count, lanes))
                {
                    totals[j] += turn;
                    if (!squares.IsEmpty)
                    {
                        squares[j] += turn * turn;
                    }
                }
            }
        }
    }

    private void TurnSources(int lanes)
    {
        for (var s = 0; s < plan.Sources.Length; s++)
        {
            var source = plan.Sources[s];
            for (var lane = 0; lane < lanes; lane++)
            {
                var sum = 0.0;
                for (var m = 0; m < source.Factors; m++)
                {
                    sum += factorTurns[((factorsAt[s] + m) * V.Count) + lane] * slopeValues[slopesAt[s] + m];
                }

                Add(source.Angles[0], sum, lane);
            }
        }
    }

    private void Add(Angle angle, double turn, int lane)
    {
        if (!angle.IsConstant)
        {
            var number = angle.Source == AngleSource.Input ? angle.Index : plan.Circuit.Inputs + angle.Index;
            turns[(number * V.Count) + lane] += angle.Scale * turn;
        }
    }

    private void Backward(int lanes, ReadOnlySpan<double> cotangents, double shift)
    {
        var irreversible = plan.Irreversible;
        for (var i = plan.Steps.Length - 1; i >= 0; i--)
        {
            if (plan.Steps[i] is UnitaryStep unitary)
            {
                if (Fired(i))
                {
                    ApplyUnitary(i, unitary, adjointly: true, state);
                    if (unitary.Map.Source >= 0 && plan.Sources[unitary.Map.Source].Varies)
                    {
                        Differentiate(i, unitary, lanes);
                    }

                    ApplyUnitary(i, unitary, adjointly: true, adjoint);
                }

                continue;
            }

            var kraus = (KrausStep)plan.Steps[i];
            var choice = choices[i]!;
            var changes = Fired(i) && FillChosen(i, kraus, choice);
            if (kraus.IsReversible)
            {
                ApplyTurned(kraus, changes, state);
            }
            else
            {
                irreversible--;
                if (segments > 1 && (irreversible + 1 == plan.Irreversible || (irreversible + 1) % segment == 0))
                {
                    Recompute(irreversible / segment, i);
                    changes = Fired(i) && FillChosen(i, kraus, choice);
                }

                Restore(segments == 1 ? irreversible : irreversible % segment);
            }

            if (kraus.Varies && Fired(i))
            {
                Differentiate(i, kraus, choice, lanes, cotangents, shift);
            }

            ApplyTurned(kraus, changes, adjoint);
        }
    }

    private void ApplyTurned(KrausStep step, bool changes, Planes<V> on)
    {
        if (changes)
        {
            BlockKernels.Apply<V, T>(step.Map.Groups, step.Map.Blocks[0], ConjugateTranspose(step.Size), on, gathered);
        }
    }

    private bool Fired(int i)
    {
        foreach (var operation in taken.AsSpan(i * V.Count, V.Count))
        {
            if (operation >= 0)
            {
                return true;
            }
        }

        return false;
    }

    private void Differentiate(int i, UnitaryStep step, int lanes)
    {
        var at = factorsAt[step.Map.Source];
        foreach (var block in step.Map.Blocks)
        {
            BlockKernels.Outer<V, T>(step.Map.Groups, block, state, adjoint, sums);
            foreach (var (entry, m, value) in block.Terms)
            {
                if (m == 0)
                {
                    continue; // that factor is 1
                }

                var e = Array.IndexOf(block.Entries, entry);
                for (var lane = 0; lane < lanes; lane++)
                {
                    if (taken[(i * V.Count) + lane] >= 0 && zeros[lane] == 0)
                    {
                        factorTurns[((at + m) * V.Count) + lane] += factor[lane] * ((value.Real * Lane(sums.Re, e, lane)) - (value.Imaginary * Lane(sums.Im, e, lane)));
                    }
                }
            }
        }
    }

    private void Differentiate(int i, KrausStep step, KrausChoice choice, int lanes, ReadOnlySpan<double> cotangents, double shift)
    {
        BlockKernels.Outer<V, T>(step.Map.Groups, step.Map.Blocks[0], state, adjoint, sums);
        for (var k = 0; k < step.Angles.Length; k++)
        {
            if (step.Angles[k].IsConstant)
            {
                continue;
            }

            var slopes = choice.Slopes(k);
            for (var lane = 0; lane < lanes; lane++)
            {
                var operation = taken[(i * V.Count) + lane];
                if (operation < 0)
                {
                    continue;
                }

                var (weight, slope) = (choice.Weights[operation], slopes[operation]);
                if (weight != 0 && zeros[lane] == 0)
                {
                    var turn = (slope.Weight.Slope / weight * Value(lane, cotangents, shift))
                        + (slope.Scale.Slope * scales[(i * V.Count) + lane] * Moved(step.Form.Terms[operation].Moving, lane));
                    Add(step.Angles[k], factor[lane] * turn, lane);
                }
                else if (weight == 0 && zeros[lane] == 1)
                {
                    Add(step.Angles[k], factor[lane] * slope.Weight.Slope * Value(lane, cotangents, shift), lane);
                }
            }
        }
    }

    // Σ_k g_k ⟨O_k⟩ − shift of a lane's final state.
    private double Value(int lane, ReadOnlySpan<double> cotangents, double shift)
    {
        var sum = -shift;
        for (var k = 0; k < cotangents.Length; k++)
        {
            sum += cotangents[k] * Lane(values, k, lane);
        }

        return sum;
    }

    // Re⟨λ|B|ψ⟩ of a lane.
    private double Moved(System.Numerics.Complex[,]? moving, int lane)
    {
        var sum = 0.0;
        for (var e = 0; moving is not null && e < moving.Length; e++)
        {
            var value = moving[e / moving.GetLength(0), e % moving.GetLength(0)];
            sum += (value.Real * Lane(sums.Re, e, lane)) - (value.Imaginary * Lane(sums.Im, e, lane));
        }

        return sum;
    }

    private static double Lane(V* of, int index, int lane) => double.CreateTruncating(((T*)(of + index))[lane]);

    // From the segment's start to its last irreversible step along the same paths, saving the state before each.
    private void Recompute(int number, int last)
    {
        var (seen, at) = (0, 0);
        while (plan.Steps[at] is not KrausStep { IsReversible: false } || seen++ < number * segment)
        {
            at++;
        }

        Restore(segment + number);
        for (var place = 0; at <= last; at++)
        {
            if (plan.Steps[at] is UnitaryStep unitary)
            {
                if (Fired(at))
                {
                    ApplyUnitary(at, unitary, adjointly: false, state);
                }

                continue;
            }

            var kraus = (KrausStep)plan.Steps[at];
            if (!kraus.IsReversible)
            {
                Save(place++);
            }

            if (Fired(at) && FillChosen(at, kraus, choices[at]!))
            {
                BlockKernels.Apply<V, T>(kraus.Map.Groups, kraus.Map.Blocks[0], matrix, state, gathered);
            }
        }
    }

    // Where the state before irreversible step number k of the first pass is kept, or −1.
    private int PlaceOf(int irreversible) => segments == 1 ? irreversible
        : irreversible % segment == 0 ? segment + (irreversible / segment)
        : -1;

    private void Save(int place)
    {
        var bytes = size * sizeof(V);
        Buffer.MemoryCopy(state.Re, saved + (2 * place * size), bytes, bytes);
        Buffer.MemoryCopy(state.Im, saved + (((2 * place) + 1) * size), bytes, bytes);
    }

    private void Restore(int place)
    {
        var bytes = size * sizeof(V);
        Buffer.MemoryCopy(saved + (2 * place * size), state.Re, bytes, bytes);
        Buffer.MemoryCopy(saved + (((2 * place) + 1) * size), state.Im, bytes, bytes);
    }
}
