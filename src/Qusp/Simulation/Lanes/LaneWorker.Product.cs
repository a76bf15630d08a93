// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;

namespace Qusp.Simulation.Lanes;

// Before anything joins two wires the state is a product of states of one wire: written at once whatever the number of
// gates, and their derivatives are read from the adjoint state at once, which is contracted with all wires but one. Both
// go by halves, so that all wires together cost little more than the last product and the first contraction.
internal sealed unsafe partial class LaneWorker<V, T>
{
    // The state of a factor's wires, the low ones' with the high ones'.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Compose<F>(Factor factor, Planes<V> to)
        where F : IField
    {
        if (factor is not { Low: { } low, High: { } high })
        {
            to.Set<F>(0, V.Broadcast(T.One), V.Broadcast(T.Zero));
            to.Set<F>(1, V.Broadcast(T.Zero), V.Broadcast(T.Zero));
            foreach (var step in schedule.Starts[factor.First])
            {
                Apply<F>(step, 1, to, inverse: false);
            }

            return;
        }

        Compose<F>(low, low.State);
        Compose<F>(high, high.State);
        for (nint h = 0; h < high.Size; h++)
        {
            var row = h << low.Wires;
            var x = high.State.Re[h];
            if (F.IsReal)
            {
                for (nint l = 0; l < low.Size; l++)
                {
                    to.Re[row + l] = x * low.State.Re[l];
                }

                continue;
            }

            var y = high.State.Im[h];
            for (nint l = 0; l < low.Size; l++)
            {
                var (a, b) = (low.State.Re[l], low.State.Im[l]);
                to.Re[row + l] = V.MultiplyAdd(x, a, -(y * b));
                to.Im[row + l] = V.MultiplyAdd(x, b, y * a);
            }
        }
    }

    // Re⟨λ|dψ⟩ by the angles of a factor's wires, from λ contracted with all others.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Differentiate<F>(Factor factor, Planes<V> on, Planes<V> dual)
        where F : IField
    {
        if (!factor.Varies)
        {
            return;
        }

        if (factor is not { Low: { } low, High: { } high })
        {
            var steps = schedule.Starts[factor.First];
            for (var k = steps.Count - 1; k >= 0; k--)
            {
                Reverse<F>(steps[k], 1, on, dual);
            }

            return;
        }

        for (nint l = 0; l < low.Size; l++)
        {
            low.Adjoint.Set<F>(l, V.Broadcast(T.Zero), V.Broadcast(T.Zero));
        }

        for (nint h = 0; h < high.Size; h++)
        {
            Contract<F>(low, high, h, dual);
        }

        Differentiate<F>(low, low.State, low.Adjoint);
        Differentiate<F>(high, high.State, high.Adjoint);
    }

    // A row of λ: its sum with the low wires, and its part of the sums with the high ones.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Contract<F>(Factor low, Factor high, nint row, Planes<V> dual)
        where F : IField
    {
        var (from, state, sums) = (dual.From(row << low.Wires), low.State, low.Adjoint);
        var (x, y) = (high.State.Re[row], F.IsReal ? default : high.State.Im[row]);
        var (rr, ii, ri, ir) = (V.Broadcast(T.Zero), V.Broadcast(T.Zero), V.Broadcast(T.Zero), V.Broadcast(T.Zero));
        for (nint l = 0; l < low.Size; l++)
        {
            var a = from.Re[l];
            rr = V.MultiplyAdd(state.Re[l], a, rr);
            var re = V.MultiplyAdd(x, a, sums.Re[l]);
            if (F.IsReal)
            {
                sums.Re[l] = re;
                continue;
            }

            var b = from.Im[l];
            ii = V.MultiplyAdd(state.Im[l], b, ii);
            ri = V.MultiplyAdd(state.Re[l], b, ri);
            ir = V.MultiplyAdd(state.Im[l], a, ir);
            sums.Re[l] = V.MultiplyAdd(y, b, re);
            sums.Im[l] = V.MultiplyAdd(x, b, V.MultiplyAdd(-y, a, sums.Im[l]));
        }

        high.Adjoint.Set<F>(row, rr + ii, ri - ir);
    }

    /// <summary>Neighbouring wires of a product: one, or two factors.</summary>
    private sealed class Factor
    {
        /// <summary>A factor of some wires; its parts are in memory that <paramref name="take"/> gives.</summary>
        public Factor(int first, int wires, Schedule schedule, bool differentiates, Func<nint, Planes<V>> take)
        {
            (First, Wires) = (first, wires);
            if (wires == 1)
            {
                Varies = schedule.Starts[first].Any(schedule.Varies);
                return;
            }

            (Low, High) = (Part(first, wires / 2), Part(first + (wires / 2), wires - (wires / 2)));
            Varies = Low.Varies || High.Varies;

            Factor Part(int from, int count) => new(from, count, schedule, differentiates, take)
            {
                State = take((nint)1 << count),
                Adjoint = differentiates ? take((nint)1 << count) : default,
            };
        }

        /// <summary>Its lowest bit.</summary>
        public int First { get; }

        public int Wires { get; }

        public nint Size => (nint)1 << Wires;

        /// <summary>The part of its low bits; null for one wire.</summary>
        public Factor? Low { get; }

        /// <summary>The part of its high bits; null for one wire.</summary>
        public Factor? High { get; }

        /// <summary>Whether an angle of it is an input or a weight.</summary>
        public bool Varies { get; }

        /// <summary>Its state, <c>[2^Wires]</c>, if it is a part.</summary>
        public Planes<V> State { get; private init; }

        /// <summary>The adjoint state contracted with all other wires, if it is a part.</summary>
        public Planes<V> Adjoint { get; private init; }
    }
}
