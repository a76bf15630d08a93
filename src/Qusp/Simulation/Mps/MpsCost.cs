// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Simulation.Mps;

/// <summary>
/// What a sample's value and gradient take as a matrix-product state: the program's steps are gone through with the bonds alone (<see cref="ChainShape"/>). A gate on two
/// sites multiplies the bond between them by at most its own rank; bonds of the adjoint state are those of the state times the rank of the observable, and are taken not to
/// grow on the way back. Bounds, which special states and angles near 0 leave behind.
/// </summary>
/// <param name="Seconds">A sample's; infinite if the bonds grow beyond the device's.</param>
/// <param name="Bond">The largest bond of the state.</param>
internal readonly partial record struct MpsCost(double Seconds, double Bond)
{
    private const double PerGate = 40; // nanoseconds: its matrix

    /// <summary>The cost of a circuit whose measurements are expectations.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="maxBond">The largest bond that the device allows.</param>
    /// <param name="fires">For each of <see cref="Circuit.Guards"/>, whether it fires.</param>
    public static MpsCost Of(Circuit circuit, double maxBond, ReadOnlySpan<bool> fires)
    {
        var walk = new Walk(circuit.Wires);
        var (way, bond) = (new Stack<Step>(), 1.0);
        foreach (var operation in circuit.Operations.SelectMany(MpsProgram<double>.Parts))
        {
            if (operation.Guard is { } guard && !fires[circuit.Guards.IndexOf(guard)])
            {
                continue;
            }

            var gate = new ChainGate(operation);
            way.Push(walk.Forward(gate));
            bond = Math.Max(bond, walk.State.LargestBond);
            if (bond > maxBond)
            {
                return new MpsCost(double.PositiveInfinity, bond);
            }
        }

        var words = circuit.Measurements.OfType<Expectation>().SelectMany(measurement => measurement.Observable.Terms).Select(term => term.Word).Distinct().ToArray();
        var nanoseconds = (2 * walk.State.Work) + walk.Expect(words) + (4 * PerGate * way.Count);
        walk.Turn(words);
        var varying = way.Count(step => step.Gate.Varies); // nothing before the first of them is gone back through
        while (walk.Adjoint is not null && varying > 0)
        {
            var last = way.Pop();
            varying -= last.Gate.Varies ? 1 : 0;
            walk.Back(last);
        }

        return new MpsCost(1e-9 * (nanoseconds + walk.Work), bond);
    }
}
