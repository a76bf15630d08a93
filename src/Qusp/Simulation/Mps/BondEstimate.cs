// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Simulation.Mps;

/// <summary>
/// What a circuit's value and gradient take as a matrix-product state, from its structure alone: a gate on two sites at most doubles (if it is controlled or
/// diagonal, else quadruples) the bond between them, and no bond is more than twice its neighbours. A bond of the adjoint state is one of the state's beside
/// the words that cross it. Bounds, which angles near 0 or a special state can leave far behind.
/// </summary>
/// <param name="Bond">The largest bond of the state.</param>
/// <param name="Splits">How often two sites are split anew.</param>
/// <param name="Cubes">The cubes of the sides of the matrices that are split.</param>
/// <param name="Overlaps">How often a site of the state is contracted with one of the adjoint state.</param>
/// <param name="Products">The products of numbers that these take.</param>
internal readonly record struct BondEstimate(double Bond, double Splits, double Cubes, double Overlaps, double Products)
{
    /// <summary>The estimate of a circuit whose measurements are expectations.</summary>
    public static BondEstimate Of(Circuit circuit)
    {
        var walk = new Walk(circuit.Wires);
        foreach (var operation in circuit.Operations)
        {
            walk.Apply(operation, grow: true, factor: 1);
        }

        // The way back, of both states. Wires stay where gates have brought them.
        var bond = walk.Largest;
        var words = circuit.Measurements.OfType<Expectation>().SelectMany(measurement => measurement.Observable.Terms).Select(term => term.Word).Distinct().ToArray();
        var factor = words.Length == 1 ? 1 : 2 + walk.Crossing(words);
        foreach (var operation in circuit.Operations.Reverse())
        {
            walk.Apply(operation, grow: false, factor: 1);
            walk.Retrace();
            walk.Apply(operation, grow: false, factor);
        }

        var angles = circuit.Operations.Sum(operation => operation.Angles.Count(angle => !angle.IsConstant));
        var (own, adjoint) = (bond, Math.Min(factor * bond, Math.ScaleB(1, circuit.Wires / 2)));
        var overlaps = (double)angles * circuit.Wires;
        return new BondEstimate(bond, walk.Splits, walk.Cubes, overlaps, overlaps * 2 * own * adjoint * (own + adjoint));
    }

    // Where wires are, and the bonds.
    private sealed class Walk(int wires)
    {
        private readonly int[] siteOf = [.. Enumerable.Range(0, wires)];
        private readonly int[] wireAt = [.. Enumerable.Range(0, wires)];
        private readonly double[] bonds = new double[wires + 1]; // log2, left of each site
        private readonly Stack<int> exchanges = new();

        public double Largest => Math.Exp(bonds.Max() * Math.Log(2));

        public double Splits { get; private set; }

        public double Cubes { get; private set; }

        /// <summary>Brings the wires side by side, then splits what the gate has joined.</summary>
        public void Apply(Operation operation, bool grow, double factor)
        {
            exchanges.Clear();
            int[] sites = [.. operation.Wires.Select(wire => siteOf[wire]).Order()];
            for (var k = 1; k < sites.Length; k++)
            {
                for (var site = sites[k]; site > sites[0] + k; site--)
                {
                    Exchange(site);
                    exchanges.Push(site);
                    Split(site, grow ? 2 : 0, factor);
                }
            }

            var rank = operation.Gate.Target is not null || operation.Gate.Structure.HasFlag(GateStructure.Diagonal) ? 1 : 2;
            for (var k = 1; k < sites.Length; k++)
            {
                Split(sites[0] + k, grow ? rank : 0, factor);
            }
        }

        /// <summary>Puts the wires back where they were before the last operation: the other state is still so.</summary>
        public void Retrace()
        {
            while (exchanges.TryPop(out var site))
            {
                Exchange(site);
            }
        }

        /// <summary>The most words of several letters across a bond.</summary>
        public int Crossing(IEnumerable<PauliWord> words)
        {
            var change = new int[wires + 1];
            foreach (var word in words)
            {
                var (first, last) = (wires, 0);
                foreach (var (wire, _) in word.Letters)
                {
                    (first, last) = (Math.Min(first, siteOf[wire]), Math.Max(last, siteOf[wire]));
                }

                if (first < last)
                {
                    change[first]++;
                    change[last]--;
                }
            }

            var (open, most) = (0, 0);
            foreach (var step in change)
            {
                open += step;
                most = Math.Max(most, open);
            }

            return most;
        }

        private void Exchange(int site)
        {
            (wireAt[site - 1], wireAt[site]) = (wireAt[site], wireAt[site - 1]);
            (siteOf[wireAt[site - 1]], siteOf[wireAt[site]]) = (site - 1, site);
        }

        private void Split(int cut, double by, double factor)
        {
            if (by > 0)
            {
                bonds[cut] = Math.Min(bonds[cut] + by, Math.Min(bonds[cut - 1], bonds[cut + 1]) + 1);
            }

            var bond = Math.Min(factor * Math.Exp(bonds[cut] * Math.Log(2)), Math.ScaleB(1, Math.Min(cut, wires - cut)));
            Splits++;
            Cubes += 8 * bond * bond * bond;
        }
    }
}
