// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Simulation.Lanes;

namespace Qusp.Simulation.StateVectors;

/// <summary>
/// One state at a time, vectors across its amplitudes: runs a program's passes forward and back, each pass cut into chunks
/// that threads share. Chunks depend on the number of wires alone and their sums are added in order, so no bit
/// of a result depends on the number of threads. Nothing is allocated once every kind of call has been made.
/// </summary>
internal sealed unsafe partial class StateEngine<V, T> : IChunkedWork, IDisposable
    where V : unmanaged, IAmplitudeLanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int MinShared = 12; // wires; in smaller states threads meet for longer than a pass takes
    private const int MaxTried = 18; // wires; larger states gain on any processors
    private const int ChunkBits = 14; // log2 of a chunk of a large state; smaller chunks cost one thread some percent
    private const int MaxChunksBits = 8;
    private const double SmallestScale = 1e-6; // beyond, amplitudes might overflow if no phases came
    private const int Shift = 8; // vectors between planes, so that they begin in different sets of the cache

    private readonly Plan plan;
    private readonly Readout readout;
    private readonly Crew crew;
    private readonly int bits;
    private readonly int chunks;
    private readonly nint vectors; // of a plane
    private readonly (AngleSource Source, int Index, double Factor, double Offset)[] sources; // [A]
    private readonly double[] arguments; // [A]: λθ
    private readonly double[] cosines; // in whole vectors
    private readonly double[] sines;
    private readonly Marginal<V, T>[] marginals;
    private readonly double[] turns; // [A]: derivative by each argument's angle
    private readonly AlignedArray<T>[] scratch; // of each slot
    private readonly List<AlignedArray<V>> memory = [];
    private StateProgram<V, T> program = null!;
    private Planes<V> state;
    private Planes<V> spare;
    private Planes<V> adjoint;
    private Sharing? trial; // of this call
    private bool isShared = true; // by threads: the rounds of this call
    private double scale; // the state is this times what is stored
    private bool isFinal; // the state is what the last evaluation left, and its pullback may take

    public StateEngine(Plan plan, Readout readout, Crew crew)
    {
        (this.plan, this.readout, this.crew, bits) = (plan, readout, crew, plan.Circuit.Wires);
        chunks = Chunks(bits);
        vectors = (nint)1 << (bits - LaneConstants<V, T>.Bits);
        sources = [.. plan.Angles.Select(angle => (angle.Angle.Source, angle.Angle.Index, angle.GeneratorScale * angle.Angle.Scale, angle.GeneratorScale * angle.Angle.Offset))];
        arguments = new double[plan.Angles.Length];
        (cosines, sines) = (new double[LaneMath.Whole(arguments.Length)], new double[LaneMath.Whole(arguments.Length)]);
        turns = new double[plan.Angles.Length];
        marginals =
        [
            .. readout.Probabilities.Select(of => new Marginal<V, T>(of.Output, of.Bits, bits)),
            .. readout.Densities.Select(density => new Marginal<V, T>(density, bits)),
        ];
        scratch = [.. Enumerable.Range(0, crew.Slots).Select(_ => new AlignedArray<T>(ScratchNumbers(plan)))];
        state = NewPlanes();
    }

    /// <summary>log2 of the amplitudes that stay in the first cache while all rotations of their wires are done.</summary>
    public static int BlockBits(int bits) => Math.Min(bits - (Chunks(bits) > 1 ? 1 : 0), sizeof(T) == sizeof(double) ? 12 : 13);

    /// <summary>How many threads can share a state of so many wires.</summary>
    public static int Chunks(int bits) => bits < MinShared ? 1 : 1 << Math.Clamp(bits - ChunkBits, 1, MaxChunksBits);

    public void Dispose()
    {
        foreach (var array in (IEnumerable<IDisposable>)[.. memory, .. scratch])
        {
            array.Dispose();
        }
    }

    /// <summary>Runs one sample.</summary>
    /// <param name="of">The program of its guards.</param>
    /// <param name="inputs">The sample, <c>[I]</c>.</param>
    /// <param name="weights"><c>[W]</c>.</param>
    /// <param name="results">Receives the outputs, <c>[K]</c>.</param>
    public void Evaluate(StateProgram<V, T> of, T* inputs, T* weights, T* results)
    {
        Load(of, inputs, weights);
        Begin(program.SharingForward);
        Forward();
        Read(results);
        trial?.End();
        isFinal = true;
    }

    private static nint ScratchNumbers(Plan plan) =>
        Math.Max(((nint)1 << WordBits) * 2, (nint)BlockKernel<V, T>.Scratch(plan.LargestStep) * V.Count) + (32 * V.Count);

    private Planes<V> NewPlanes()
    {
        var planes = plan.IsReal ? 1 : 2;
        var array = new AlignedArray<V>(planes * (vectors + Shift));
        memory.Add(array);
        return new Planes<V>(array.Start, plan.IsReal ? null : array.Start + vectors + Shift);
    }

    // The arguments of all rotations; nothing to do if none has changed since the last call.
    private void Load(StateProgram<V, T> of, T* inputs, T* weights)
    {
        var changed = program is null;
        for (var a = 0; a < sources.Length; a++)
        {
            var (source, index, factor, offset) = sources[a];
            var value = source == AngleSource.Constant ? 0 : double.CreateTruncating((source == AngleSource.Input ? inputs : weights)[index]);
            var argument = (factor * value) + offset;
            changed |= !argument.Equals(arguments[a]);
            arguments[a] = argument;
        }

        isFinal &= !changed && ReferenceEquals(of, program);
        program = of;
        if (!changed)
        {
            return;
        }

        arguments.CopyTo(cosines);
        fixed (double* cosine = cosines, sine = sines)
        {
            LaneMath.Turn(cosine, sine, cosines.Length);
        }
    }

    // Only where threads can share what this call does is it worth knowing whether they should.
    private void Begin(Sharing sharing)
    {
        trial = bits <= MaxTried && chunks > 1 && crew.Slots > 1 && !crew.IsRunning ? sharing : null;
        isShared = trial?.Begin() ?? true;
    }

    private void Forward()
    {
        scale = 1;
        if (program.Product is { } product)
        {
            product.Fill(cosines, sines);
            Each(Work.Product);
        }
        else
        {
            Each(Work.Clear);
            *((T*)state.Re + program.Start) = T.One;
        }

        for (var k = 0; k < program.Passes.Length; k++)
        {
            switch (program.Passes[k])
            {
                case ReadyTurns<V, T> { Forward: var rounds }:
                    Prepare(rounds);
                    Each(Work.InnerTurns);
                    OuterTurns(rounds);
                    break;
                case ReadyMonomial<V, T> { Forward: var gather } when k + 1 < program.Passes.Length && program.Passes[k + 1] is ReadyTurns<V, T> next:
                    // The rotations within a block are done while it is still in the cache from the move.
                    Prepare(next.Forward);
                    Move(gather, 1, ref state, Work.MoveAndInnerTurns);
                    scale = 1;
                    OuterTurns(next.Forward);
                    k++;
                    break;
                case ReadyMonomial<V, T> { Forward: var gather }:
                    Move(gather, 1, ref state, Work.Move);
                    scale = 1;
                    break;
                case ReadyBlock<V, T>:
                    k = Blocks(k) - 1;
                    break;
            }
        }
    }

    private void Prepare(TurnRounds<V, T> rounds)
    {
        rounds.Fill(cosines, sines, inverse: false);
        current.Rounds = rounds;
    }

    private void OuterTurns(TurnRounds<V, T> rounds)
    {
        for (current.Round = rounds.InnerRounds; current.Round < rounds.Rounds.Length; current.Round++)
        {
            Each(Work.OuterTurns);
        }

        LeaveOut(rounds.Scale, back: false);
    }

    // What is stored lacks one more factor; both states do on the way back.
    private void LeaveOut(double factor, bool back)
    {
        scale *= factor;
        if (Math.Abs(scale) < SmallestScale)
        {
            Rescale(state);
            if (back)
            {
                Rescale(adjoint);
            }

            scale = 1;
        }
    }

    private void Rescale(Planes<V> planes)
    {
        current.To = planes;
        Each(Work.Rescale);
    }

    // To the spare planes, which become the state's; the scale goes with the phases.
    private void Move(Gather<V, T> gather, double sign, ref Planes<V> planes, Work how)
    {
        if (!gather.IsInPlace && spare.Re is null)
        {
            spare = NewPlanes();
        }

        gather.Table.Fill(arguments, sign, scale);
        var to = gather.IsInPlace ? planes : spare;
        (current.Gather, current.From, current.To) = (gather, planes, to);
        Each(how);
        if (!gather.IsInPlace)
        {
            (planes, spare) = (spare, planes);
        }
    }
}
