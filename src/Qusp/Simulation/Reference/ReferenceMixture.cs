// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using static Qusp.MatrixAlgebra;

namespace Qusp.Simulation;

/// <summary>
/// A density matrix for each value of the classical bits, its trace the probability of the value; values that cannot be are
/// left out. The obvious way, as dense matrices on all wires: what fast code is proved against.
/// </summary>
internal sealed class ReferenceMixture(int wires, ImmutableSortedDictionary<string, Complex[,]> branches)
{
    private const int ByNothing = -1;

    public static ReferenceMixture Zero(int wires, int bits) => new(
        wires, ImmutableSortedDictionary<string, Complex[,]>.Empty.Add(new string('0', bits), Map(new Complex[1 << wires, 1 << wires], (r, c) => r + c == 0 ? 1 : 0)));

    /// <summary>The density matrix of each value of the bits, written as 0 and 1.</summary>
    public ImmutableSortedDictionary<string, Complex[,]> Branches => branches;

    /// <summary>The operation, <c>ρ → Σ w K ρ K†</c>, or with <paramref name="by"/> its derivative by an angle; every outcome of a measurement to its own branch.</summary>
    public ReferenceMixture Apply(Operation operation, double[] angles, int by = ByNothing)
    {
        var after = ImmutableSortedDictionary<string, Complex[,]>.Empty;
        foreach (var (bits, rho) in branches)
        {
            if (!Fires(operation, bits))
            {
                after = by == ByNothing ? Add(after, bits, rho) : after;
                continue;
            }

            foreach (var (to, weight, kraus, weightSlope, slope) in Terms(operation, angles, by, bits))
            {
                var changed = by == ByNothing
                    ? Scale(Sandwich(kraus, rho, kraus), weight)
                    : MatrixAlgebra.Add(
                        Scale(MatrixAlgebra.Add(Sandwich(slope, rho, kraus), Sandwich(kraus, rho, slope), 1), weight), Sandwich(kraus, rho, kraus), weightSlope);
                after = Add(after, to, changed);
            }
        }

        return new(wires, after);
    }

    /// <summary>The operation backwards on observables, <c>Λ → Σ w K†ΛK</c>: what is Λ after it is this before it, for these bits.</summary>
    public ReferenceMixture Pull(Operation operation, double[] angles, IEnumerable<string> before)
    {
        var pulled = ImmutableSortedDictionary<string, Complex[,]>.Empty;
        foreach (var bits in before)
        {
            if (!Fires(operation, bits))
            {
                pulled = pulled.Add(bits, branches[bits]);
                continue;
            }

            foreach (var (to, weight, kraus, _, _) in Terms(operation, angles, ByNothing, bits))
            {
                var dagger = Dagger(kraus);
                pulled = Add(pulled, bits, Scale(Sandwich(dagger, branches[to], dagger), weight));
            }
        }

        return new(wires, pulled);
    }

    /// <summary>Re Σ conj(this) other, over all branches of the other.</summary>
    public double Inner(ReferenceMixture other)
    {
        var sum = 0.0;
        foreach (var (bits, rho) in other.Branches)
        {
            var mine = branches[bits];
            for (var r = 0; r < rho.GetLength(0); r++)
            {
                for (var c = 0; c < rho.GetLength(1); c++)
                {
                    sum += (Complex.Conjugate(mine[r, c]) * rho[r, c]).Real;
                }
            }
        }

        return sum;
    }

    /// <summary>This and a multiple of another.</summary>
    public ReferenceMixture Plus(ReferenceMixture other, double factor) =>
        new(wires, branches.ToImmutableSortedDictionary(branch => branch.Key, branch => MatrixAlgebra.Add(branch.Value, other.Branches[branch.Key], factor)));

    /// <summary>The same matrix for every branch.</summary>
    public ReferenceMixture Everywhere(Complex[,] matrix) => new(wires, branches.ToImmutableSortedDictionary(branch => branch.Key, _ => matrix));

    /// <summary>The matrices Λ of a measurement, <c>output_k = Re Σ conj(Λ_k) ρ</c>: measurements are linear in the density matrix.</summary>
    public IEnumerable<ReferenceMixture> Observables(Measurement measurement) => measurement switch
    {
        Expectation expectation => [Everywhere(Observable(expectation.Observable))],
        Probabilities of => Enumerable.Range(0, 1 << of.OfWires.Length).Select(value => Everywhere(Outcome(of.OfWires, value, value))),
        DensityMatrix of => Enumerable.Range(0, 1 << (2 * of.OfWires.Length)).SelectMany(entry =>
        {
            var (row, column) = (entry >> of.OfWires.Length, entry & ((1 << of.OfWires.Length) - 1));
            var matrix = Outcome(of.OfWires, row, column);
            return (ReferenceMixture[])[Everywhere(matrix), Everywhere(Scale(matrix, Complex.ImaginaryOne))];
        }),
        BitProbabilities of => Enumerable.Range(0, 1 << of.OfBits.Length).Select(value => new ReferenceMixture(
            wires,
            branches.ToImmutableSortedDictionary(
                branch => branch.Key,
                branch => Scale(Identity(1 << wires), of.OfBits.Aggregate(0, (number, bit) => (number << 1) | (branch.Key[bit] - '0')) == value ? 1 : 0)))),
        _ => throw new NotSupportedException($"The reference device does not measure {measurement} on a density matrix."),
    };

    private Complex[,] Observable(PauliSum sum)
    {
        var total = new Complex[1 << wires, 1 << wires];
        foreach (var (coefficient, word) in sum.Terms)
        {
            var product = Identity(1 << wires);
            foreach (var (wire, pauli) in word.Letters)
            {
                product = Multiply(Embed(Gates.Find(pauli.ToString()).Matrix(), [wire], wires), product);
            }

            total = MatrixAlgebra.Add(total, product, coefficient);
        }

        return total;
    }

    // |row⟩⟨column| on some wires, the identity on the others.
    private Complex[,] Outcome(ImmutableArray<int> on, int row, int column) =>
        Embed(Map(new Complex[1 << on.Length, 1 << on.Length], (r, c) => r == row && c == column ? 1 : 0), on.AsSpan(), wires);

    private static Complex[,] Sandwich(Complex[,] left, Complex[,] rho, Complex[,] right) => Multiply(left, Multiply(rho, Dagger(right)));

    private static bool Fires(Operation operation, string bits)
    {
        bool[] values = [.. bits.Select(bit => bit == '1')];
        return operation.Conditions.All(condition => condition.Holds(values));
    }

    // Where each Kraus operator leads, its weight, the operator on all wires, and what changes of both with an angle.
    private IEnumerable<(string Bits, double Weight, Complex[,] Kraus, double WeightSlope, Complex[,] Slope)> Terms(Operation operation, double[] angles, int by, string bits)
    {
        Complex[,] OnAll(Complex[,] matrix) => Embed(matrix, operation.Wires.AsSpan(), wires);
        if (operation.Gate.Form is not { } form)
        {
            yield return (bits, 1, OnAll(operation.Gate.Kraus(angles)[0]), 0, by < 0 ? new Complex[0, 0] : OnAll(operation.Gate.Derivative(by, angles)));
            yield break;
        }

        var factors = new KrausFactor[form.Terms.Length];
        form.Factors(angles, by, factors);
        for (var i = 0; i < factors.Length; i++)
        {
            var ((still, moving), (weight, scale)) = (form.Terms[i], factors[i]);
            moving ??= new Complex[still.GetLength(0), still.GetLength(1)];
            var to = operation.Bit is { } bit ? bits.Remove(bit, 1).Insert(bit, form.Outcome(i) == 0 ? "0" : "1") : bits;
            yield return (to, weight.Value, OnAll(MatrixAlgebra.Add(still, moving, scale.Value)), weight.Slope, OnAll(Scale(moving, scale.Slope)));
        }
    }

    private static ImmutableSortedDictionary<string, Complex[,]> Add(ImmutableSortedDictionary<string, Complex[,]> to, string bits, Complex[,] matrix) =>
        to.SetItem(bits, to.TryGetValue(bits, out var there) ? MatrixAlgebra.Add(there, matrix, 1) : matrix);
}
