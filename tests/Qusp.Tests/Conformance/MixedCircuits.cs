// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using CsCheck;

namespace Qusp.Tests.Conformance;

/// <summary>Random circuits with everything that makes a state mixed: channels of the whole table, measurements, resets, conditions, guards.</summary>
internal static class MixedCircuits
{
    public const int Inputs = 3, Weights = 3, Bits = 3;

    private static readonly ImmutableArray<Gate> Channels = [.. Gates.Channels, Gates.PauliChannel("X", "Z"), Gates.PauliChannel("YX"), Gates.Depolarizing(2), Gates.Reset];

    private static readonly ImmutableArray<Gate> Unitaries = [.. GateSamples.All.Where(gate => gate.Wires <= 4)];

    /// <summary>Circuits of 2 to 4 wires; their inputs and weights lie within [0, 1].</summary>
    public static Gen<Circuit> All { get; } = Of(Gen.Int[0, 9]);

    /// <summary>Longer ones of 5 and 6 wires: their density matrices are cut into chunks.</summary>
    public static Gen<Circuit> Wide { get; } =
        from wires in Gen.Int[5, 6]
        from operations in Operation(wires, Gen.Int[0, 9]).Array[10, 30]
        select Build(wires, operations);

    /// <summary>The same without measurements and conditions.</summary>
    public static Gen<Circuit> Noisy { get; } = Of(Gen.Int[0, 5]);

    /// <summary>Circuits of 2 or 3 wires with measurements, resets and conditions, and no other channel; no guard decides about a measurement.</summary>
    public static Gen<Circuit> Measured { get; } =
        from wires in Gen.Int[2, 3]
        from operations in Operation(wires, Gen.OneOf(Gen.Int[6, 7], Gen.Int[9, 12])).Array[3, 9]
        select Build(wires, [.. operations.Select(operation => operation.Gate.Kind == GateKind.Measure ? operation.WithGuard(null) : operation)]);

    private static Gen<Circuit> Of(Gen<int> kinds) =>
        from wires in Gen.Int[2, 4]
        from operations in Operation(wires, kinds).Array[4, 14]
        select Build(wires, operations);

    private static Gen<Operation> Operation(int wires, Gen<int> kinds) =>
        from kind in kinds
        from k in Gen.Int[0, 10_000]
        from order in Gen.Shuffle(Enumerable.Range(0, wires).ToArray())
        from sources in Gen.Select(Gen.Int[0, 2], Gen.Int[0, 2]).Array[4]
        from values in Gen.Double[0.02, 0.98].Array[4]
        from guard in Gen.Int[0, 5]
        from bits in Gen.Shuffle(new[] { 0, 1, 2 })
        from condition in Gen.Int[0, 7]
        select Make(wires, kind, k, order, sources, values, guard, bits, condition);

    private static Operation Make(int wires, int kind, int k, int[] on, (int Source, int Index)[] sources, double[] values, int guard, int[] bits, int condition)
    {
        var pool = kind switch { < 3 or 9 or > 10 => Unitaries, < 6 => Channels, 10 => [Gates.Reset], 8 => [Gates.NoisyMeasure], _ => [Gates.Measure] };
        ImmutableArray<Gate> fitting = [.. pool.Where(gate => gate.Wires <= wires)];
        var gate = fitting[k % fitting.Length];
        double[] strengths = gate.Form is not null ? ChannelTests.Strengths(gate, values) : values;

        // Affine in a source of [0, 1], and still a strength: half of it and a little more.
        ImmutableArray<Angle> angles = [.. Enumerable.Range(0, gate.Parameters).Select(j =>
        {
            var (scale, offset) = gate.Form is not null ? (0.3 * strengths[j] / gate.Parameters, 0.5 * strengths[j]) : (2 * values[j], strengths[j]);
            return sources[j].Source switch
            {
                0 => Angle.Input(sources[j].Index, scale, offset),
                1 => Angle.Weight(sources[j].Index, scale, offset),
                _ => Angle.Constant(offset),
            };
        })];
        ImmutableArray<Condition> conditions = kind < 6 ? []
            : condition switch
            {
                0 or 1 => [Condition.IsSet(bits[0])],
                2 => [new Condition([bits[0], bits[1]], 2)],
                3 => [new Condition([bits[0], bits[1]], 1, negated: true)],
                4 => [Condition.IsSet(bits[0]), Condition.IsSet(bits[1]).Not()],
                _ => [],
            };
        return new Operation(
            gate, [.. on.Take(gate.Wires)], angles, guard == 0 ? new Guard(0, 0.5) : guard == 1 ? new Guard(1, 0.4) : null, gate.Kind == GateKind.Measure ? bits[2] : null, conditions);
    }

    private static Circuit Build(int wires, Operation[] operations)
    {
        var builder = new CircuitBuilder(wires);
        builder.Inputs(Inputs);
        builder.Weights("w", Weights);
        builder.Bits(Bits);
        var plain = builder.ExpectZ().Expect(PauliSum.Parse("0.3*X0*Y1-1.2*Y0+Z1*X0+0.5")).Probabilities(1, 0).Measure(new DensityMatrix(1)).Measure(new BitProbabilities(2, 0)).Build();
        return plain.WithOperations([.. operations]);
    }
}
