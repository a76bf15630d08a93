// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Simulation.Mps;

/// <summary>
/// A bound on the bonds of a circuit's matrix-product state from its structure alone: a gate on two sites at most doubles (if it is controlled or diagonal, else
/// quadruples) the bond between them, and no bond is more than twice its neighbours.
/// </summary>
internal static class BondEstimate
{
    /// <summary>
    /// The largest bond, how often two sites are split anew, and the cubes of bonds summed over operations and, for gradients, over sites for
    /// each varying angle.
    /// </summary>
    public static (double Bond, int Splits, double Cubes) Of(Circuit circuit)
    {
        int[] siteOf = [.. Enumerable.Range(0, circuit.Wires)], wireAt = [.. siteOf];
        var bonds = new double[circuit.Wires + 1]; // log2, left of each site
        var (largest, splits, cubes, angles) = (0.0, 0, 0.0, 0);
        foreach (var operation in circuit.Operations)
        {
            angles += operation.Angles.Count(angle => !angle.IsConstant);
            int[] sites = [.. operation.Wires.Select(wire => siteOf[wire]).Order()];
            for (var k = 1; k < sites.Length; k++)
            {
                for (var site = sites[k]; site > sites[0] + k; site--)
                {
                    (wireAt[site - 1], wireAt[site]) = (wireAt[site], wireAt[site - 1]);
                    (siteOf[wireAt[site - 1]], siteOf[wireAt[site]]) = (site - 1, site);
                    Grow(site, 2);
                }
            }

            var rank = operation.Gate.Target is not null || operation.Gate.Structure.HasFlag(GateStructure.Diagonal) ? 1 : 2;
            for (var k = 1; k < sites.Length; k++)
            {
                Grow(sites[0] + k, rank);
            }
        }

        var bond = Math.Exp(largest * Math.Log(2));
        return (bond, splits, cubes + (angles * circuit.Wires * Math.Pow(bond, 3)));

        void Grow(int cut, double by)
        {
            bonds[cut] = Math.Min(bonds[cut] + by, Math.Min(bonds[cut - 1], bonds[cut + 1]) + 1);
            largest = Math.Max(largest, bonds[cut]);
            splits++;
            cubes += 8 * Math.Pow(2, 3 * bonds[cut]);
        }
    }
}
