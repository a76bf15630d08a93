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
    private readonly Complex[,]?[] letters; // of a word, by site; null between calls
    private readonly MpsLimits limits;
    private readonly MpsScratch scratch;
    private int center;
    private (int First, int Last) changed;

    /// <summary>A state of some wires that is not yet one: <see cref="SetZero"/> or <see cref="SetPlaces"/> comes first.</summary>
    public MpsState(int wires, MpsLimits limits, MpsScratch scratch)
    {
        (this.limits, this.scratch) = (limits, scratch);
        tensors = [.. Enumerable.Range(0, wires).Select(_ => new MpsTensor())];
        (siteOf, wireAt, letters) = (new int[wires], new int[wires], new Complex[,]?[wires]);
    }

    /// <summary>The share of the state's weight that was cut off, summed over all splits.</summary>
    public double Discarded { get; private set; }

    /// <summary>The number of sites.</summary>
    public int Sites => tensors.Length;

    /// <summary>Becomes |0…0⟩.</summary>
    public void SetZero()
    {
        for (var site = 0; site < Sites; site++)
        {
            tensors[site].SetUnit(2);
            (siteOf[site], wireAt[site]) = (site, site);
        }

        (center, Discarded, changed) = (0, 0, (0, Sites - 1));
    }

    /// <summary>Has its wires on the sites of another; its tensors are written next, and then compressed.</summary>
    public void SetPlaces(MpsState other)
    {
        other.siteOf.CopyTo(siteOf, 0);
        other.wireAt.CopyTo(wireAt, 0);
        Discarded = 0;
    }

    public MpsTensor Tensor(int site) => tensors[site];

    public int SiteOf(int wire) => siteOf[wire];

    public int WireAt(int site) => wireAt[site];

    /// <summary>The sites whose tensors have changed since the last call; none if the first is beyond the last.</summary>
    public (int First, int Last) TakeChanged()
    {
        var taken = changed;
        changed = (Sites, -1);
        return taken;
    }

    /// <summary>Applies a matrix to some wires, the first the most significant bit of its index.</summary>
    public void Apply(Complex[,] matrix, ReadOnlySpan<int> wires)
    {
        var first = Gather(wires);
        var ordered = Ordered(matrix, wires, first);
        if (wires.Length == 1)
        {
            scratch.A.SetApplied(ordered, tensors[first]); // the site stays an isometry
            Write(first, scratch.A);
            return;
        }

        MoveTo(first);
        Block(first, wires.Length, ordered);
    }

    /// <summary>Brings wires side by side.</summary>
    /// <returns>The first of their sites.</returns>
    public int Gather(ReadOnlySpan<int> wires)
    {
        if (wires.Length == 1)
        {
            return siteOf[wires[0]];
        }

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

    /// <summary>The matrix with its index bits in the order of the sites; valid until the next call.</summary>
    public Complex[,] Ordered(Complex[,] matrix, ReadOnlySpan<int> wires, int first)
    {
        Span<int> places = stackalloc int[wires.Length];
        for (var k = 0; k < places.Length; k++)
        {
            places[k] = siteOf[wires[k]] - first;
        }

        return scratch.Ordered(matrix, places);
    }

    /// <summary>Sites side by side, joined.</summary>
    /// <returns>The site itself, or one of two tensors given.</returns>
    public MpsTensor Join(int first, int count, MpsTensor into, MpsTensor spare)
    {
        var joined = tensors[first];
        for (var k = 1; k < count; k++)
        {
            into.SetJoined(joined, tensors[first + k]);
            (joined, into, spare) = (into, spare, into);
        }

        return joined;
    }

    /// <summary>Makes the form canonical and cuts bonds to what the limits leave, whatever the tensors are.</summary>
    public void Compress()
    {
        (center, changed) = (Sites - 1, (0, Sites - 1));
        MoveTo(0);
        for (var site = 0; site + 1 < Sites; site++)
        {
            Block(site, 2, matrix: null);
        }
    }

    /// <summary>Adds to what was cut off.</summary>
    public void AddDiscarded(double weight) => Discarded += weight;

    /// <summary>⟨P⟩.</summary>
    public double Expect(MpsWord word)
    {
        if (word.Letters.IsEmpty)
        {
            return 1;
        }

        var (first, last) = (Sites, -1);
        foreach (var (wire, letter) in word.Letters)
        {
            var site = siteOf[wire];
            letters[site] = letter;
            (first, last) = (Math.Min(first, site), Math.Max(last, site));
        }

        // Outside of the word and the centre, isometries contract to the identity.
        MoveTo(Math.Clamp(center, first, last));
        var (half, turned, environment) = (scratch.A, scratch.B, scratch.C);
        for (var site = first; site <= last; site++)
        {
            var ket = tensors[site];
            if (site > first)
            {
                half.SetJoined(environment, ket);
                ket = half;
            }

            if (letters[site] is { } letter)
            {
                turned.SetApplied(letter, ket);
                (ket, letters[site]) = (turned, null);
            }

            environment.SetLeftEnvironment(tensors[site], ket);
        }

        var trace = 0.0;
        for (var k = 0; k < environment.Left; k++)
        {
            trace += environment.Data[k * (environment.Right + 1)].Real;
        }

        return trace;
    }

    private void MoveTo(int site)
    {
        var (columns, factorization) = (scratch.Columns, scratch.Factorization);
        while (center < site)
        {
            tensors[center].CopyTo(columns, 1);
            var (q, daggerOfR) = factorization.Qr(columns);
            tensors[center].Set(q, q.Columns, sites: 1);
            scratch.A.SetDagger(daggerOfR, daggerOfR.Columns, size: 1);
            scratch.B.SetJoined(scratch.A, tensors[center + 1]);
            Write(center + 1, scratch.B);
            Change(center++);
        }

        while (center > site)
        {
            tensors[center].CopyDaggerTo(columns, 0);
            var (q, daggerOfR) = factorization.Qr(columns);
            tensors[center].SetDagger(q, q.Columns, size: 2);
            scratch.A.Set(daggerOfR, daggerOfR.Columns, sites: 0);
            scratch.B.SetJoined(tensors[center - 1], scratch.A);
            Write(center - 1, scratch.B);
            Change(center--);
        }
    }

    // Applies a matrix to sites side by side, the centre among them, and splits them again; the centre is then the last.
    private void Block(int first, int count, Complex[,]? matrix)
    {
        var joined = Join(first, count, scratch.A, scratch.B);
        if (matrix is not null)
        {
            scratch.C.SetApplied(matrix, joined);
            joined = scratch.C;
        }

        for (var site = first; site + 1 < first + count; site++)
        {
            joined.CopyTo(scratch.Columns, 1);
            var (u, v) = scratch.Factorization.Svd(scratch.Columns);
            var (kept, discarded) = limits.Cut(scratch.Factorization.Values);
            Discarded += discarded;
            tensors[site].Set(u, kept, sites: 1);
            Change(site);

            // What is kept has the norm of the whole.
            var norm = Math.Sqrt(1 - discarded);
            for (var k = 0; k < kept; k++)
            {
                v.Scale(k, scratch.Factorization.Values[k] / norm);
            }

            joined.SetDagger(v, kept, joined.Size / 2);
        }

        Write(first + count - 1, joined);
        center = first + count - 1;
    }

    // Tensors are copied, not exchanged: each then needs the same room in every call.
    private void Write(int site, MpsTensor tensor)
    {
        tensors[site].Set(tensor);
        Change(site);
    }

    private void Change(int site) => changed = (Math.Min(changed.First, site), Math.Max(changed.Last, site));
}
