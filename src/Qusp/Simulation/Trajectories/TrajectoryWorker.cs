// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.InteropServices;
using Qusp.Simulation.DensityMatrices;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.Trajectories;

/// <summary>
/// Pure states of some shots of one sample, one a lane, each on a path of its own. A channel takes one Kraus operator, with a
/// probability q; the state is normalised and what was left out goes to the shot's factor F, so that <c>F ⟨ψ|O|ψ⟩</c> has the
/// expectation value of the density matrix whatever q was. Owned by one thread; nothing is allocated after the constructor.
/// </summary>
internal sealed unsafe partial class TrajectoryWorker<V, T> : IDisposable
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly TrajectoryPlan plan;
    private readonly nint size;
    private readonly KrausChoice?[] choices; // of each step
    private readonly bool[] fires; // of each step, by the sample's guards
    private readonly bool[] bits; // [lanes, bits]
    private readonly double[] factor; // F of each lane, the weights of 0 left out
    private readonly int[] zeros; // how many weights of 0 its path has
    private readonly double[] likelihoods; // of one step's operators
    private readonly double[] angles;
    private readonly double[] factorValues; // of all sources
    private readonly double[] slopeValues;
    private readonly int[] factorsAt;
    private readonly int[] slopesAt;
    private V* memory;
    private Planes<V> state;
    private Planes<V> adjoint;
    private V* saved;
    private LaneMatrix<V> matrix;
    private LaneMatrix<V> turned;
    private LaneMatrix<V> sums;
    private V* gathered;
    private V* values; // [K] of each lane
    private long sample;
    private uint firstShot;
    private ulong seed;

    public TrajectoryWorker(TrajectoryPlan plan, bool differentiates, int saves)
    {
        (this.plan, size) = (plan, (nint)1 << plan.Circuit.Wires);
        choices = [.. plan.Steps.Select(step => step is KrausStep kraus ? new KrausChoice(kraus) : null)];
        fires = new bool[plan.Steps.Length];
        bits = new bool[V.Count * plan.Circuit.Bits];
        (factor, zeros, likelihoods) = (new double[V.Count], new int[V.Count], new double[plan.MostTerms]);
        (taken, scales) = (new int[plan.Steps.Length * V.Count], new double[plan.Steps.Length * V.Count]);
        (factorsAt, slopesAt) = (new int[plan.Sources.Length], new int[plan.Sources.Length]);
        var (factors, slopes) = (0, 0);
        for (var s = 0; s < plan.Sources.Length; s++)
        {
            (factorsAt[s], slopesAt[s]) = (factors, slopes);
            factors += plan.Sources[s].Factors;
            slopes += plan.Sources[s].Factors * plan.Sources[s].Angles.Length;
        }

        (factorValues, slopeValues, factorTurns, angles) = (new double[factors], new double[slopes], new double[factors * V.Count], new double[1]);
        turns = new double[(plan.Circuit.Inputs + plan.Circuit.Weights) * V.Count];
        var square = (nint)plan.LargestBlock * plan.LargestBlock;
        var total = (2 * size * ((differentiates ? 2 : 1) + saves)) + (6 * square) + (2 * plan.LargestBlock) + plan.Circuit.Outputs;
        memory = (V*)NativeMemory.AlignedAlloc(checked((nuint)total * (nuint)sizeof(V)), 64);
        NativeMemory.Clear(memory, (nuint)total * (nuint)sizeof(V));
        var next = memory;
        V* Take(nint count)
        {
            var start = next;
            next += count;
            return start;
        }

        state = new(Take(size), Take(size));
        adjoint = differentiates ? new(Take(size), Take(size)) : default;
        saved = Take(2 * size * saves);
        matrix = new(Take(square), Take(square));
        turned = new(Take(square), Take(square));
        sums = new(Take(square), Take(square));
        gathered = Take(2 * plan.LargestBlock);
        values = Take(plan.Circuit.Outputs);
    }

    ~TrajectoryWorker() => Dispose();

    /// <summary>Which round's sample it has taken.</summary>
    public (long Round, int Sample) Loaded { get; set; } = (-1, 0);

    public void Dispose()
    {
        NativeMemory.AlignedFree(memory);
        memory = null;
        GC.SuppressFinalize(this);
    }

    /// <summary>Takes a sample: which guards hold, and what its angles and strengths make of the steps.</summary>
    /// <param name="inputs">The sample, <c>[I]</c>.</param>
    /// <param name="weights">The weights, <c>[W]</c>.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="sample">The sample's index in the whole.</param>
    public void Load(ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, ulong seed, long sample)
    {
        (this.seed, this.sample) = (seed, sample);
        for (var i = 0; i < plan.Steps.Length; i++)
        {
            var step = plan.Steps[i];
            fires[i] = step.Guard < 0 || plan.Circuit.Guards[step.Guard].Fires(inputs);
            if (fires[i])
            {
                choices[i]?.Fill(inputs, weights);
            }
        }

        for (var s = 0; s < plan.Sources.Length; s++)
        {
            var source = plan.Sources[s];
            angles[0] = source.Angles[0].AffineValue(inputs, weights);
            source.Evaluate(angles, factorValues.AsSpan(factorsAt[s], source.Factors), slopeValues.AsSpan(slopesAt[s], source.Factors));
        }
    }

    /// <summary>Runs shots of the sample and adds to sums <c>Σ F⟨O_k⟩</c>, <c>[K]</c>, and last <c>Σ F</c>, in the order of the shots.</summary>
    public void Evaluate(int first, int count, Span<double> totals, bool defensive)
    {
        for (var done = 0; done < count; done += V.Count)
        {
            var lanes = Math.Min(V.Count, count - done);
            Run((uint)(first + done), defensive, save: false);
            Read(lanes, totals);
        }
    }

    /// <summary>Adds to sums <c>y = F(Σ_k c[r, k] O_k − shift_r)</c> of the shots, <c>[R]</c>, and behind them the sums of y².</summary>
    public void AddMoments(int first, int count, ReadOnlySpan<double> combinations, ReadOnlySpan<double> shifts, Span<double> totals)
    {
        var (rows, k) = (shifts.Length, plan.Circuit.Outputs);
        for (var done = 0; done < count; done += V.Count)
        {
            var lanes = Math.Min(V.Count, count - done);
            Run((uint)(first + done), defensive: false, save: false);
            Measure();
            for (var lane = 0; lane < lanes; lane++)
            {
                for (var r = 0; r < rows; r++)
                {
                    var y = zeros[lane] > 0 ? 0 : factor[lane] * Value(lane, combinations.Slice(r * k, k), shifts[r]);
                    totals[r] += y;
                    totals[rows + r] += y * y;
                }
            }
        }
    }

    /// <summary>A bit string of each shot: of its classical bits, or drawn from its final state.</summary>
    public void Sample(int first, int count, Measurement reading, Span<uint> outcomes)
    {
        for (var done = 0; done < count; done += V.Count)
        {
            var lanes = Math.Min(V.Count, count - done);
            Run((uint)(first + done), defensive: false, save: false);
            Outcomes(reading, outcomes.Slice(done, lanes));
        }
    }

    private void Run(uint shot, bool defensive, bool save)
    {
        firstShot = shot;
        Array.Clear(bits);
        Array.Fill(factor, 1);
        Array.Clear(zeros);
        NativeMemory.Clear(state.Re, (nuint)size * (nuint)sizeof(V));
        NativeMemory.Clear(state.Im, (nuint)size * (nuint)sizeof(V));
        state.Re[0] = V.Broadcast(T.One);
        var irreversible = 0;
        for (var i = 0; i < plan.Steps.Length; i++)
        {
            switch (plan.Steps[i])
            {
                case UnitaryStep unitary:
                    if (Mark(i, unitary))
                    {
                        ApplyUnitary(i, unitary, adjointly: false, state);
                    }

                    break;
                case KrausStep kraus:
                    if (save && !kraus.IsReversible && PlaceOf(irreversible++) is >= 0 and var place)
                    {
                        Save(place);
                    }

                    if (Mark(i, kraus))
                    {
                        Choose(i, kraus, choices[i]!, defensive && kraus.Varies);
                        if (FillChosen(i, kraus, choices[i]!))
                        {
                            BlockKernels.Apply<V, T>(kraus.Map.Groups, kraus.Map.Blocks[0], matrix, state, gathered);
                        }
                    }

                    break;
                default:
                    throw new InvalidOperationException("No such step.");
            }
        }
    }

    private void ApplyUnitary(int i, UnitaryStep step, bool adjointly, Planes<V> on)
    {
        foreach (var block in step.Map.Blocks)
        {
            FillUnitary(i, step, block);
            BlockKernels.Apply<V, T>(step.Map.Groups, block, adjointly ? ConjugateTranspose(block.Size) : matrix, on, gathered);
        }
    }

    private void FillUnitary(int i, UnitaryStep step, LinearBlock block)
    {
        var d = block.Size;
        for (var e = 0; e < d * d; e++)
        {
            (matrix.Re[e], matrix.Im[e]) = (default, default);
        }

        foreach (var (entry, m, value) in block.Terms)
        {
            var by = step.Map.Source < 0 ? 1 : factorValues[factorsAt[step.Map.Source] + m];
            matrix.Re[entry] += V.Broadcast(T.CreateTruncating(by * value.Real));
            matrix.Im[entry] += V.Broadcast(T.CreateTruncating(by * value.Imaginary));
        }

        for (var lane = 0; lane < V.Count && !step.Conditions.IsEmpty; lane++)
        {
            if (taken[(i * V.Count) + lane] < 0)
            {
                for (var e = 0; e < d * d; e++)
                {
                    ((T*)(matrix.Re + e))[lane] = e / d == e % d ? T.One : T.Zero;
                    ((T*)(matrix.Im + e))[lane] = T.Zero;
                }
            }
        }
    }

    private LaneMatrix<V> ConjugateTranspose(int d)
    {
        for (var r = 0; r < d; r++)
        {
            for (var c = 0; c < d; c++)
            {
                turned.Re[(r * d) + c] = matrix.Re[(c * d) + r];
                turned.Im[(r * d) + c] = -matrix.Im[(c * d) + r];
            }
        }

        return turned;
    }
}
