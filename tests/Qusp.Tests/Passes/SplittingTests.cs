// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Xunit;

namespace Qusp.Tests.Passes;

/// <summary>Passes that leave out and take apart, against the whole circuit on the reference device.</summary>
public sealed class SplittingTests
{
    private static readonly double[] Weights = [0.4, -1.3, 2.1];

    [Fact]
    public void What_is_outside_of_the_light_cone_changes_no_output_and_no_derivative() =>
        Sample(guarded: true, (circuit, x, expected) =>
        {
            var seen = circuit.LightCone();
            Assert.True(seen.Operations.Length <= circuit.Operations.Length);
            Same(expected, Run(seen, x));
        });

    [Fact]
    public void One_measurement_s_light_cone_gives_its_outputs() =>
        Sample(guarded: true, (circuit, x, expected) =>
        {
            var first = 0;
            for (var m = 0; m < circuit.Measurements.Length; m++)
            {
                var alone = Run(circuit.LightCone(m), x).Outputs;
                Near(expected.Outputs.AsSpan(first, alone.Length), alone);
                first += alone.Length;
            }
        });

    [Fact]
    public void With_guards_resolved_the_circuit_is_what_the_sample_runs() =>
        Sample(guarded: true, (circuit, x, expected) =>
        {
            var resolved = circuit.ResolveGuards(circuit.FiringGuards<double>(x));
            Assert.Empty(resolved.Guards);
            Same(expected, Run(resolved, x));
        });

    [Fact]
    public void Components_give_the_same_outputs_and_pull_cotangents_back() =>
        Sample(guarded: false, (circuit, x, expected) =>
        {
            var split = circuit.Components();
            Assert.Distinct(split.Components.SelectMany(component => component.Wires)); // circuits this small are not cut by light cone
            var runs = split.Components.Select(component => (component, Data: component.Sources.Select(source => source.Value(x, Weights)).ToArray())).ToArray();
            double[] values = [.. runs.SelectMany(run => Run(run.component.Circuit, run.Data).Outputs)];
            Near(expected.Outputs, split.Combine(values));

            var cotangents = split.Pullback(values, Cotangents(circuit));
            var (byInputs, byWeights, first) = (new double[4], new double[3], 0);
            foreach (var (component, data) in runs)
            {
                using var program = new ReferenceDevice().Compile<double>(component.Circuit);
                var gradient = new double[data.Length];
                program.Pullback(1, data, [], cotangents.AsSpan(first, component.Circuit.Outputs), gradient, []);
                first += component.Circuit.Outputs;
                for (var j = 0; j < gradient.Length; j++)
                {
                    var source = component.Sources[j];
                    (source.Source == AngleSource.Input ? byInputs : byWeights)[source.Index] += gradient[j];
                }
            }

            Near(expected.ByInputs, byInputs);
            Near(expected.ByWeights, byWeights);
        });

    [Fact]
    public void A_word_across_components_is_the_product_of_their_words()
    {
        var circuit = new CircuitBuilder(6).RY(0.3, 1).CRY(0.5, 1, 2).RX(0.7, 4).Expect(PauliWord.Parse("Z0*Z2*Y4")).Build();
        var split = circuit.Components();
        Assert.Equal([[1, 2], [4]], split.Components.Select(component => component.Wires.ToArray()));
        Assert.Equal(0.3 * -0.7, split.Combine([0.3, -0.7])[0], 1e-15);
        Assert.Equal([-0.7, 0.3], split.Pullback([0.3, -0.7], [1]));
    }

    [Fact]
    public void Clifford_gates_at_the_end_are_taken_in_by_the_observables_and_join_no_wires()
    {
        // Z_i behind a ladder of CNOTs is Z_0…Z_i before it; behind X it has a minus, and behind H it is X.
        var builder = new CircuitBuilder(5);
        var x = builder.Inputs(3);
        builder.RY(x[0], 0).RY(x[1], 1).RY(x[2], 2).CNOT(0, 1).CNOT(1, 2).X(3).H(4);
        var split = builder.ExpectZ().Build().Components();
        Assert.Equal([[0], [1], [2]], split.Components.Select(component => component.Wires.ToArray()));
        Assert.Equal([0.9, 0.72, 0.504, -1, 0], split.Combine([0.9, 0.8, 0.7]).Select(value => Math.Round(value, 12)));
    }

    [Fact]
    public void Equal_components_elsewhere_are_equal_circuits()
    {
        var builder = new CircuitBuilder(9);
        var (x, w) = (builder.Inputs(9), builder.Weights("w", 3));
        for (var first = 0; first < 9; first += 3)
        {
            builder.RY(x[first], first).CNOT(first, first + 1).RX(w[first / 3], first + 1);
        }

        var split = builder.ExpectZ().Build().Components();
        Assert.Equal(3, split.Components.Length);
        Assert.All(split.Components, component => Assert.Equal(split.Components[0].Circuit, component.Circuit));
        Assert.Equal([3], split.Components[1].Sources.Where(source => source.Source == AngleSource.Input).Select(source => source.Index));
    }

    [Fact]
    public void A_large_shallow_circuit_falls_into_the_light_cones_of_its_measurements()
    {
        var split = Brickwork(60, 3).ExpectZ().Build().Components();
        Assert.InRange(split.Components.Length, 60, 180);
        Assert.True(split.Components.Max(component => component.Circuit.Wires) <= 6);
    }

    [Fact]
    public void A_control_that_nothing_touched_and_a_phase_before_a_measurement_of_z_go()
    {
        var circuit = new CircuitBuilder(4).CNOT(0, 1).H(2).CNOT(2, 3).RZ(0.3, 2).T(3).CZ(2, 3).X(1).X(0).ExpectZ(1, 2, 3).Build();
        Assert.Equal(["H 2", "CNOT 2 3", "X 1"], circuit.LightCone().Operations.Select(operation => operation.ToString()));
    }

    [Fact]
    public void Measurements_that_are_read_and_post_selections_stay()
    {
        var builder = new CircuitBuilder(3);
        builder.Bits(1);
        var circuit = builder.H(0).Measure(0, 0).When(Condition.IsSet(0), then => then.X(1)).H(2).Postselect(2, true).ExpectZ(1).Build();
        Assert.Equal(circuit.Operations, circuit.LightCone().Operations);
        var split = circuit.Components();
        Assert.Equal([0, 1], Assert.Single(split.Components).Wires);
    }

    internal static CircuitBuilder Brickwork(int wires, int layers)
    {
        var builder = new CircuitBuilder(wires);
        for (var layer = 0; layer < layers; layer++)
        {
            for (var wire = 0; wire < wires; wire++)
            {
                builder.RY(0.3 + (0.1 * wire) + layer, wire).RZ(0.2 * wire, wire);
            }

            for (var wire = layer % 2; wire + 1 < wires; wire += 2)
            {
                builder.CNOT(wire, wire + 1);
            }
        }

        return builder;
    }

    private static void Sample(bool guarded, Action<Circuit, double[], Results> check) =>
        Gen.Select(Gen.Int[1, 7].SelectMany(wires => SparseCircuits.Of(wires, 8, guarded)), Gen.Double[-1, 1].Array[4]).Sample(
            (circuit, x) => check(circuit, x, Run(circuit, x)), iter: 100, threads: 1);

    private static double[] Cotangents(Circuit circuit) => [.. Enumerable.Range(0, circuit.Outputs).Select(k => Math.Cos(0.3 * k))];

    private static Results Run(Circuit circuit, double[] x)
    {
        using var program = new ReferenceDevice().Compile<double>(circuit);
        double[] weights = circuit.Weights > 0 ? Weights : [];
        var (outputs, byInputs, byWeights) = (new double[circuit.Outputs], new double[circuit.Inputs], new double[circuit.Weights]);
        program.Evaluate(1, x, weights, outputs);
        program.Pullback(1, x, weights, Cotangents(circuit), byInputs, byWeights);
        return new Results(outputs, byInputs, byWeights);
    }

    private static void Same(Results expected, Results actual)
    {
        Near(expected.Outputs, actual.Outputs);
        Near(expected.ByInputs, actual.ByInputs);
        Near(expected.ByWeights, actual.ByWeights);
    }

    private static void Near(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var k = 0; k < expected.Length; k++)
        {
            Assert.Equal(expected[k], actual[k], 1e-12);
        }
    }

    private sealed record Results(double[] Outputs, double[] ByInputs, double[] ByWeights);
}
