// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using CsCheck;

namespace Qusp.Tests.Passes;

/// <summary>Circuits of few gates from the whole table, so that wires stay apart, with guards, inputs and weights.</summary>
internal static class SparseCircuits
{
    private static readonly ImmutableArray<Gate> Table = [.. Gates.All.Where(gate => gate.Kind == GateKind.Unitary && gate.Wires <= 3)];

    private static readonly Gen<Angle> Angles = Gen.OneOf(
        Gen.Double[-3, 3].Select(Angle.Constant),
        Gen.Select(Gen.Int[0, 3], Gen.Double[0.5, 2], (j, scale) => Angle.Input(j, scale, 0.1)),
        Gen.Select(Gen.Int[0, 2], Gen.Double[-2, 2], (k, scale) => Angle.Weight(k, scale)));

    /// <summary>4 inputs, 3 weights; guards on every third operation or so.</summary>
    public static Gen<Circuit> Of(int wires, int operations, bool guarded) =>
        from ops in Operation(wires, guarded).Array[0, operations]
        from words in Word(wires).Array[1, 4]
        from measured in Gen.Shuffle(Enumerable.Range(0, wires).ToArray())
        from count in Gen.Int[1, 3]
        let terms = words.Select((word, k) => (0.5 - k, word)).ToImmutableArray()
        select new Circuit(wires, 4, [new WeightGroup("w", 0, [3])], [.. ops],
        [
            .. Enumerable.Range(0, wires).Select(wire => new Expectation(PauliWord.Z(wire))),
            new Expectation(new PauliSum(terms)),
            new Probabilities([.. measured.Take(Math.Min(count, wires))]),
        ]);

    private static Gen<Operation> Operation(int wires, bool guarded) =>
        from which in Gen.Int[0, 1 << 20]
        let fitting = Table.Where(gate => gate.Wires <= wires).ToArray()
        let gate = fitting[which % fitting.Length]
        from order in Gen.Shuffle(Enumerable.Range(0, wires).ToArray())
        from angles in Angles.Array[gate.Parameters]
        from input in Gen.Int[0, 11]
        select new Operation(gate, [.. order.Take(gate.Wires)], [.. angles], guarded && input < 4 ? new Guard(input, 0.2, input % 2 == 0) : null);

    private static Gen<PauliWord> Word(int wires) => Gen.Char["IIXYZ"].Array[wires].Select(letters => PauliWord.FromLetters(new string(letters)));
}
