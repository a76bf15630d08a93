// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp.Gradients;

/// <summary>
/// Pullback by the Hadamard test (Guerreschi and Smelyanskiy 2017, arXiv:1701.01450; Li and Benjamin 2017, arXiv:1611.09301). With
/// G = Σ_j c_j P_j the generator of an angle, <c>∂⟨O⟩/∂θ = −2 Σ_j c_j ⟨Y ⊗ O⟩</c> in the circuit with a further wire in |+⟩ that controls
/// P_j after the gate. One evaluation for each angle and word, without shifts; on hardware one wire more.
/// </summary>
internal sealed class HadamardTestProgram<T> : IProgram<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly IProgram<T> values;
    private readonly ImmutableArray<Test> tests;
    private readonly GradientSums sums;
    private T[] results = [];
    private long[] keys = [];
    private OneAtATime calls;

    public HadamardTestProgram(Circuit circuit, Func<Circuit, Differentiation, IProgram<T>> native)
    {
        (Circuit, sums) = (circuit, new GradientSums(circuit));
        values = native(circuit, Differentiation.None);
        tests = [.. Tests(circuit.ExpandToGenerators()).Select(test => new Test(native(test.Circuit, Differentiation.None), test.Angle, test.Guard, test.Factor))];
    }

    public Circuit Circuit { get; }

    public string Device => values.Device;

    public Differentiation Differentiation => Differentiation.HadamardTest;

    public bool IsStochastic => values.IsStochastic;

    public Cost Cost => tests.Aggregate(values.Cost, (sum, test) => sum + test.Program.Cost);

    public void Evaluate(int batch, ReadOnlySpan<T> inputs, ReadOnlySpan<T> weights, Span<T> outputs, Draw draw = default) =>
        values.Evaluate(batch, inputs, weights, outputs, draw);

    public void Pullback(
        int batch,
        ReadOnlySpan<T> inputs,
        ReadOnlySpan<T> weights,
        ReadOnlySpan<T> cotangents,
        Span<T> inputGradients,
        Span<T> weightGradients,
        Draw draw = default)
    {
        Call.CheckPullback(Circuit, batch, inputs.Length, weights.Length, cotangents.Length, inputGradients.Length, weightGradients.Length);
        using var running = calls.Take();
        var (inputCount, outputs) = (Circuit.Inputs, Circuit.Outputs);
        sums.Begin(batch);
        var found = Numbers.Room(ref results, batch * (tests.IsEmpty ? 0 : tests[0].Program.Circuit.Outputs));
        _ = Numbers.Room(ref keys, batch);
        for (var t = 0; t < tests.Length; t++)
        {
            var test = tests[t];
            for (var sample = 0; sample < batch; sample++)
            {
                keys[sample] = (draw.Sample(sample) * (tests.Length + 1)) + t + 1; // fresh shots for each
            }

            test.Program.Evaluate(batch, inputs, weights, found, draw with { Samples = keys.AsMemory(0, batch) });
            for (var sample = 0; sample < batch; sample++)
            {
                if (!(test.Guard?.Fires(inputs.Slice(sample * inputCount, inputCount)) ?? true))
                {
                    continue;
                }

                var value = Contract(
                    cotangents.Slice(sample * outputs, outputs), found.Slice(sample * test.Program.Circuit.Outputs, test.Program.Circuit.Outputs));
                sums.Of(sample, test.Angle) += test.Angle.Scale * test.Factor * value;
            }
        }

        sums.CopyTo(inputGradients, weightGradients);
    }

    public void Dispose()
    {
        calls.Close();
        values.Dispose();
        foreach (var test in tests)
        {
            test.Program.Dispose();
        }
    }

    // Σ_k g_k of the outputs where the further wire is 0, less those where it is 1.
    private double Contract(ReadOnlySpan<T> cotangents, ReadOnlySpan<T> results)
    {
        var (sum, output, at) = (0.0, 0, 0);
        foreach (var measurement in Circuit.Measurements)
        {
            var count = measurement.Outputs(Circuit.Wires);
            for (var k = 0; k < count; k++)
            {
                var value = measurement switch
                {
                    Expectation => results[at + k],
                    Probabilities => results[at + k] - results[at + count + k],
                    DensityMatrix matrix => results[at + Block(k, matrix, 0)] - results[at + Block(k, matrix, 1)],
                    _ => throw new NotSupportedException($"The Hadamard test does not read {measurement}."),
                };
                sum += double.CreateChecked(cotangents[output + k]) * double.CreateChecked(value);
            }

            output += count;
            at += measurement switch { Expectation => 1, Probabilities => 2 * count, _ => 4 * count };
        }

        return sum;

        // Where entry k of a density matrix lies in a diagonal block of the one with the further wire first.
        static int Block(int k, DensityMatrix matrix, int of)
        {
            var size = 1 << matrix.OfWires.Length;
            var (row, column, part) = (k / 2 / size, k / 2 % size, k % 2);
            return (2 * ((((of * size) + row) * 2 * size) + (of * size) + column)) + part;
        }
    }

    private static IEnumerable<(Circuit Circuit, Angle Angle, Guard? Guard, double Factor)> Tests(Circuit circuit)
    {
        if (circuit.Measurements.FirstOrDefault(measurement => measurement is not (Expectation or Probabilities or DensityMatrix)) is { } other)
        {
            throw new NotSupportedException($"The Hadamard test does not differentiate {other}; use Adjoint or FiniteDifference.");
        }

        var ancilla = circuit.Wires;
        ImmutableArray<Measurement> measurements = [.. circuit.Measurements.Select(measurement => measurement switch
        {
            Expectation expectation => (Measurement)new Expectation(new PauliSum(
                [.. expectation.Observable.Terms.Select(term => (term.Coefficient, term.Word * PauliWord.Z(ancilla)))])),
            Probabilities probabilities => new Probabilities([ancilla, .. probabilities.OfWires]),
            DensityMatrix matrix => new DensityMatrix([ancilla, .. matrix.OfWires]),
            _ => measurement,
        })];
        for (var i = 0; i < circuit.Operations.Length; i++)
        {
            var operation = circuit.Operations[i];
            if (operation.Angles.All(angle => angle.IsConstant))
            {
                continue;
            }

            if (operation.Gate.GeneratorScale == 0)
            {
                throw new NotSupportedException($"{operation.Gate.Name} has no generator for a Hadamard test; use ParameterShift or Adjoint.");
            }

            foreach (var (word, coefficient) in PauliTerms.Of(operation.Gate.Generator!).Where(term => term.Word.Any(letter => letter != 'I')))
            {
                // Y of the further wire, turned to Z.
                ImmutableArray<Operation> operations =
                [
                    new Operation(Gates.H, [ancilla], []),
                    .. circuit.Operations[..(i + 1)],
                    .. word.Index().Where(letter => letter.Item != 'I').Select(letter => new Operation(
                        Gates.Find(letter.Item.ToString()).Controlled(), [ancilla, operation.Wires[letter.Index]], [], operation.Guard, null, operation.Conditions)),
                    .. circuit.Operations[(i + 1)..],
                    new Operation(Gates.Sdg, [ancilla], []),
                    new Operation(Gates.H, [ancilla], []),
                ];
                yield return (
                    new Circuit(circuit.Wires + 1, circuit.Inputs, circuit.WeightGroups, operations, measurements, circuit.Bits),
                    operation.Angles[0],
                    operation.Guard,
                    -2 * coefficient);
            }
        }
    }

    private readonly record struct Test(IProgram<T> Program, Angle Angle, Guard? Guard, double Factor);
}
