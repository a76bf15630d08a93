// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.Mps;

/// <summary>
/// A state as a chain of tensors, a site a wire (Vidal 2003, quant-ph/0301063; Schollwöck 2011, arXiv:1008.3477), in mixed canonical form: sites left and right of the
/// centre are isometries, so what is cut off at the centre is the error of the state. Wires that a gate joins are brought side by side by
/// exchanges and stay where they then are.
/// </summary>
internal sealed class MpsState
{
    private static readonly Complex[,] Exchange = Gates.SWAP.Matrix();

    private readonly MpsTensor[] tensors;
    private readonly int[] siteOf;
    private readonly int[] wireAt;
    private readonly MpsLimits limits;
    private int center;

    private MpsState(MpsTensor[] tensors, int[] siteOf, int[] wireAt, int center, MpsLimits limits) =>
        (this.tensors, this.siteOf, this.wireAt, this.center, this.limits) = (tensors, siteOf, wireAt, center, limits);

    /// <summary>The share of the state's weight that was cut off, summed over all splits.</summary>
    public double Discarded { get; private set; }

    /// <summary>The number of sites.</summary>
    public int Sites => tensors.Length;

    /// <summary>The largest bond.</summary>
    public int LargestBond => tensors.Max(tensor => tensor.Right);

    /// <summary>|0…0⟩.</summary>
    public static MpsState Zero(int wires, MpsLimits limits)
    {
        var tensors = new MpsTensor[wires];
        for (var site = 0; site < wires; site++)
        {
            tensors[site] = new MpsTensor(1, 2, 1);
            tensors[site][0, 0, 0] = 1;
        }

        int[] places = [.. Enumerable.Range(0, wires)];
        return new MpsState(tensors, places, [.. places], 0, limits);
    }

    /// <summary>The same state, to be changed apart.</summary>
    public MpsState Copy() => new([.. tensors], [.. siteOf], [.. wireAt], center, limits) { Discarded = Discarded };

    /// <summary>A state of other tensors on the same sites.</summary>
    public MpsState With(MpsTensor[] others) => new(others, [.. siteOf], [.. wireAt], others.Length - 1, limits);

    public MpsTensor Tensor(int site) => tensors[site];

    public int SiteOf(int wire) => siteOf[wire];

    /// <summary>Applies a matrix to some wires, the first the most significant bit of its index.</summary>
    public void Apply(Complex[,] matrix, ReadOnlySpan<int> wires)
    {
        var first = Gather(wires);
        var ordered = Ordered(matrix, wires, first);
        if (wires.Length == 1)
        {
            tensors[first] = tensors[first].Apply(ordered); // the site stays an isometry
            return;
        }

        MoveTo(first);
        Block(first, wires.Length, ordered);
    }

    /// <summary>Brings wires side by side.</summary>
    /// <returns>The first of their sites.</returns>
    public int Gather(ReadOnlySpan<int> wires)
    {
        Span<int> sites = stackalloc int[wires.Length];
        for (var k = 0; k < wires.Length; k++)
        {
            sites[k] = siteOf[wires[k]];
        }

        sites.Sort();
        for (var k = 1; k < sites.Length; k++)
        {
            for (var site = sites[k]; site > sites[0] + k; site--)
            {
                MoveTo(site - 1);
                Block(site - 1, 2, Exchange);
                (wireAt[site - 1], wireAt[site]) = (wireAt[site], wireAt[site - 1]);
                (siteOf[wireAt[site - 1]], siteOf[wireAt[site]]) = (site - 1, site);
            }
        }

        return sites[0];
    }

    /// <summary>Moves the centre.</summary>
    public void MoveTo(int site)
    {
        while (center < site)
        {
            var tensor = tensors[center];
            var (q, r) = tensor.ToMatrix(1).Qr();
            tensors[center] = MpsTensor.From(q, tensor.Left, 2, q.Columns);
            tensors[center + 1] = MpsTensor.From(r, r.Rows, 1, r.Columns).Join(tensors[center + 1]);
            center++;
        }

        while (center > site)
        {
            var tensor = tensors[center];
            var (q, r) = tensor.ToMatrix(0).Dagger().Qr();
            tensors[center] = MpsTensor.From(q.Dagger(), q.Columns, 2, tensor.Right);
            tensors[center - 1] = tensors[center - 1].Join(MpsTensor.From(r.Dagger(), r.Columns, 1, r.Rows));
            center--;
        }
    }

    /// <summary>Makes the form canonical and cuts bonds to what the limits leave, whatever the tensors are.</summary>
    public void Compress()
    {
        center = Sites - 1;
        MoveTo(0);
        for (var site = 0; site + 1 < Sites; site++)
        {
            Block(site, 2, matrix: null);
        }
    }

    /// <summary>⟨this|other⟩; both have their wires on the same sites.</summary>
    public Complex Inner(MpsState other)
    {
        var environment = new Complex[,] { { 1 } };
        for (var site = 0; site < Sites; site++)
        {
            environment = Contract(environment, tensors[site], other.tensors[site], MatrixAlgebra.Identity(2));
        }

        return environment[0, 0];
    }

    /// <summary>⟨P⟩.</summary>
    public double Expect(PauliWord word)
    {
        if (word.Letters.IsEmpty)
        {
            return 1;
        }

        var letters = new Complex[Sites][,];
        var (first, last) = (Sites, -1);
        foreach (var (wire, pauli) in word.Letters)
        {
            var site = siteOf[wire];
            letters[site] = Letter(pauli);
            (first, last) = (Math.Min(first, site), Math.Max(last, site));
        }

        // Outside of the word and the centre, isometries contract to the identity.
        MoveTo(Math.Clamp(center, first, last));
        var environment = MatrixAlgebra.Identity(tensors[first].Left);
        for (var site = first; site <= last; site++)
        {
            environment = Contract(environment, tensors[site], tensors[site], letters[site] ?? MatrixAlgebra.Identity(2));
        }

        var trace = Complex.Zero;
        for (var k = 0; k < environment.GetLength(0); k++)
        {
            trace += environment[k, k];
        }

        return trace.Real;
    }

    public static Complex[,] Letter(char pauli) => Gates.Find(pauli.ToString()).Matrix();

    // Σ conj(A)[l, s, r] M[s, t] E[l, k] B[k, t, c]
    private static Complex[,] Contract(Complex[,] environment, MpsTensor bra, MpsTensor ket, Complex[,] matrix)
    {
        var half = new MpsTensor(bra.Left, 2, ket.Right);
        for (var l = 0; l < bra.Left; l++)
        {
            for (var k = 0; k < ket.Left; k++)
            {
                var factor = environment[l, k];
                if (factor == Complex.Zero)
                {
                    continue;
                }

                for (var at = 0; at < 2 * ket.Right; at++)
                {
                    half.Data[(l * 2 * ket.Right) + at] += factor * ket.Data[(k * 2 * ket.Right) + at];
                }
            }
        }

        half = half.Apply(matrix);
        var result = new Complex[bra.Right, ket.Right];
        for (var ls = 0; ls < 2 * bra.Left; ls++)
        {
            for (var r = 0; r < bra.Right; r++)
            {
                var factor = Complex.Conjugate(bra.Data[(ls * bra.Right) + r]);
                if (factor == Complex.Zero)
                {
                    continue;
                }

                for (var c = 0; c < ket.Right; c++)
                {
                    result[r, c] += factor * half.Data[(ls * ket.Right) + c];
                }
            }
        }

        return result;
    }

    // Applies a matrix to sites side by side, the centre among them, and splits them again; the centre is then the last.
    private void Block(int first, int count, Complex[,]? matrix)
    {
        var joined = tensors[first];
        for (var k = 1; k < count; k++)
        {
            joined = joined.Join(tensors[first + k]);
        }

        joined = matrix is null ? joined : joined.Apply(matrix);
        for (var k = 0; k + 1 < count; k++)
        {
            var (u, s, v) = joined.ToMatrix(1).Svd();
            var (kept, discarded) = limits.Cut(s);
            Discarded += discarded;

            // What is kept has the norm of the whole.
            var norm = Math.Sqrt(1 - discarded);
            double[] scaled = [.. s.Take(kept).Select(value => value / norm)];
            tensors[first + k] = MpsTensor.From(u.Take(kept), joined.Left, 2, kept);
            joined = MpsTensor.From(v.Take(kept).Scaled(scaled).Dagger(), kept, joined.Size / 2, joined.Right);
        }

        tensors[first + count - 1] = joined;
        center = first + count - 1;
    }

    // The matrix with its index bits in the order of the sites.
    private Complex[,] Ordered(Complex[,] matrix, ReadOnlySpan<int> wires, int first)
    {
        Span<int> on = stackalloc int[wires.Length];
        var isOrdered = true;
        for (var k = 0; k < on.Length; k++)
        {
            on[k] = siteOf[wires[k]] - first;
            isOrdered &= on[k] == k;
        }

        return isOrdered ? matrix : MatrixAlgebra.Embed(matrix, on, on.Length);
    }
}
