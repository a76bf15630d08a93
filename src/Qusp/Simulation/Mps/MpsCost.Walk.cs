// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Simulation.Mps;

internal readonly partial record struct MpsCost
{
    private const double ExchangeRank = 4;

    // The state through the circuit, then it and the adjoint state back; both have their wires on the same sites.
    private sealed class Walk(int wires)
    {
        private readonly ChainOrder order = new(wires);
        private readonly ChainOrder whole = new(wires); // with the gates of the whole circuit, on the way back too
        private readonly ChainOverlap overlap = new(wires);
        private double work; // of overlaps
        private double[] words = []; // the observable's rank across each cut
        private (double Bond, ulong[] Side)[] turn = []; // of the adjoint state where the way back begins, as far as known, by cut

        public ChainShape State { get; private set; } = ChainShape.Zero(wires);

        public ChainShape? Adjoint { get; private set; }

        /// <summary>Of the way back.</summary>
        public double Work => work + State.Work + (Adjoint?.Work ?? 0);

        /// <summary>Applies a gate.</summary>
        public Step Forward(ChainGate gate)
        {
            var first = Gather(gate.Wires);
            var ranks = Ranks(gate, first);
            var step = new Step(
                gate, order.Add(gate, ranks.DefaultIfEmpty(1).Max()), [.. ranks.Select((_, k) => State.Bond(first + 1 + k))], [.. ranks.Select((_, k) => order.Side(first + 1 + k))]);
            _ = whole.Add(gate, ranks.DefaultIfEmpty(1).Max());
            Apply(State, gate, first, ranks, order.Limit);
            return step;
        }

        /// <summary>The work of reading words.</summary>
        public double Expect(IEnumerable<PauliWord> observable)
        {
            var read = State.Copy();
            foreach (var word in observable.Select(Placed).Where(word => word.Length > 0))
            {
                read.Expect(word[0].Site, word[^1].Site);
            }

            return read.Work;
        }

        /// <summary>Begins the way back: the adjoint state is a sum of words on the state.</summary>
        public void Turn(IReadOnlyCollection<PauliWord> observable)
        {
            State = State.Copy();
            var sum = new WordShapes(State, [.. observable.Select(Placed)]);
            Adjoint = sum.Build();
            words = sum.Ranks;
            turn = [.. sum.Ranks.Select((rank, cut) => (rank * State.Bond(cut), order.Side(cut)))];
        }

        /// <summary>Takes a gate back from both states, after the overlap that its angle's derivative is.</summary>
        public void Back(Step step)
        {
            var (gate, first) = (step.Gate, Gather(step.Gate.Wires));
            var ranks = Ranks(gate, first);
            if (gate.Varies)
            {
                work += overlap.Of(Adjoint!, first, gate, State);
            }

            order.Remove(gate, step.Bundle);

            // The bonds are what they were before the gate but for wires that are elsewhere now.
            Apply(State, gate, first, ranks, cut => Math.Min(
                order.Limit(cut), step.Bonds[cut - first - 1] * Math.ScaleB(1, order.Moved(cut, step.Sides[cut - first - 1]))));
            Apply(Adjoint!, gate, first, ranks, AdjointLimit);
        }

        private static void Apply(ChainShape chain, ChainGate gate, int first, double[] ranks, Func<int, double> limit)
        {
            if (ranks.Length == 0)
            {
                chain.Apply(first, gate.Entries);
            }
            else
            {
                chain.Block(first, ranks, gate.Entries, limit);
            }
        }

        private (int Site, char Pauli)[] Placed(PauliWord word) => [.. word.Letters.ToArray().Select(letter => (order.SiteOf(letter.Wire), letter.Pauli)).Order()];

        // Not more than where the way back began, but for wires that are elsewhere now.
        private double AdjointLimit(int cut) => Math.Min(words[cut] * whole.Limit(cut), turn[cut].Bond * Math.ScaleB(1, order.Moved(cut, turn[cut].Side)));

        // Brings wires side by side.
        private int Gather(int[] wires)
        {
            int[] sites = [.. wires.Select(order.SiteOf).Order()];
            for (var k = 1; k < sites.Length; k++)
            {
                for (var cut = sites[k]; cut > sites[0] + k; cut--)
                {
                    order.Exchange(cut);
                    whole.Exchange(cut);
                    State.Block(cut - 1, [ExchangeRank], entries: 1, order.Limit);
                    Adjoint?.Block(cut - 1, [ExchangeRank], entries: 1, AdjointLimit);
                }
            }

            return sites[0];
        }

        private double[] Ranks(ChainGate gate, int first) =>
            gate.Wires.Length == 1 ? [] : gate.Ranks([.. gate.Wires.Select(wire => order.SiteOf(wire) - first)]);
    }

    // A gate that was applied, and the bonds between its wires before it.
    private sealed record Step(ChainGate Gate, ChainOrder.Bundle? Bundle, double[] Bonds, ulong[][] Sides);
}
