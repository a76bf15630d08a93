// SPDX-License-Identifier: Apache-2.0
namespace Qusp;

/// <summary>
/// Cuts a circuit, for one pattern of fired guards after another, into components that no gate connects: operations that do not
/// fire, do nothing to |0…0⟩ or are not seen go; the observables take in Clifford operations at the end; what is left joins wires.
/// The work for a pattern is linear in the circuit.
/// Where all measurements together need a large component, each is looked at alone if their light cones are smaller.
/// </summary>
internal sealed class Splitter
{
    private const int WorthCones = 10; // wires of a component that is worth looking for smaller cones

    private readonly Circuit circuit;
    private readonly Causality causality;
    private readonly int[] guards; // by operation: its guard, or −1
    private readonly int[] firing;
    private readonly Grouping grouping;

    public Splitter(Circuit circuit)
    {
        if (!Takes(circuit))
        {
            throw new ArgumentException("A circuit that measures amplitudes or large density matrices is not split.", nameof(circuit));
        }

        if (!circuit.Expressions.IsEmpty)
        {
            throw new ArgumentException("A circuit whose angles are expressions is not split: extract the expressions first.", nameof(circuit));
        }

        this.circuit = circuit = circuit.MeasureWords(probabilities: false);
        causality = new Causality(circuit);
        grouping = new Grouping(circuit, causality);
        var number = circuit.Guards.Select((guard, g) => (guard, g)).ToDictionary(pair => pair.guard, pair => pair.g);
        guards = [.. circuit.Operations.Select(operation => operation.Guard is { } guard ? number[guard] : -1)];
        firing = new int[guards.Length];
        AtZero = [.. circuit.Measurements.SelectMany(AtZeroState)];
    }

    /// <summary>The outputs where nothing touches |0…0⟩, <c>[K]</c>.</summary>
    public double[] AtZero { get; }

    /// <summary>How many shapes there are so far.</summary>
    public int Shapes => grouping.ShapeCount;

    /// <summary>Whether it can be split: its measurements are expectations of words and probabilities, or are made of these.</summary>
    public static bool Takes(Circuit circuit) => circuit.Measurements.All(measurement =>
        measurement is Expectation or Probabilities or DensityMatrix { OfWires.Length: <= MeasuredWords.MaxDensityWires });

    /// <summary>Forgets all shapes; their numbers begin anew.</summary>
    public void Forget() => grouping.Forget();

    /// <summary>Splits for one pattern.</summary>
    /// <param name="fires">For each of <see cref="Circuit.Guards"/>, whether it fires.</param>
    public Split Split(ReadOnlySpan<bool> fires)
    {
        var (count, gates, twoQubitGates, skipped) = (0, 0, 0, 0);
        for (var i = 0; i < guards.Length; i++)
        {
            var operation = circuit.Operations[i];
            if (guards[i] >= 0 && !fires[guards[i]])
            {
                skipped += operation.IsGate ? 1 : 0;
                continue;
            }

            firing[count++] = i;
            gates += operation.IsGate ? 1 : 0;
            twoQubitGates += operation.IsTwoQubitGate ? 1 : 0;
        }

        var operations = firing.AsSpan(0, count);
        operations = operations[..causality.KeepWoken(operations)];
        var result = new SplitBuilder();
        var (work, largest) = grouping.Group(operations, grouping.Looks, absorb: false);
        bool absorb = false, isAtHand = true; // the grouping that is best, and whether it is the last made
        if (largest > 1 && grouping.CanAbsorb)
        {
            var turned = grouping.Group(operations, grouping.Looks, absorb: true);
            absorb = isAtHand = turned.Work < work;
            (work, largest) = absorb ? turned : (work, largest);
        }

        if (largest > WorthCones && grouping.Looks.Length > 1)
        {
            isAtHand = false;
            if (ConesCostLess(operations, work))
            {
                EmitCones(operations, result);
                return result.Build((gates, twoQubitGates, skipped), AtZero);
            }
        }

        if (!isAtHand)
        {
            grouping.Group(operations, grouping.Looks, absorb);
        }

        grouping.Emit(result);
        return result.Build((gates, twoQubitGates, skipped), AtZero);
    }

    private void EmitCones(ReadOnlySpan<int> operations, SplitBuilder result)
    {
        for (var k = 0; k < grouping.Looks.Length; k++)
        {
            grouping.Group(operations, grouping.Looks.AsSpan(k, 1), grouping.CanAbsorb);
            grouping.Emit(result);
        }
    }

    private bool ConesCostLess(ReadOnlySpan<int> operations, double work)
    {
        var sum = 0.0;
        for (var k = 0; k < grouping.Looks.Length && sum < work; k++)
        {
            sum += grouping.Group(operations, grouping.Looks.AsSpan(k, 1), grouping.CanAbsorb).Work;
        }

        return sum < work;
    }

    private IEnumerable<double> AtZeroState(Measurement measurement) => measurement is Expectation expectation
        ? [expectation.Observable.Terms.Where(term => term.Word.IsDiagonal).Sum(term => term.Coefficient)]
        : Enumerable.Range(0, measurement.Outputs(circuit.Wires)).Select(outcome => outcome == 0 ? 1.0 : 0);
}
