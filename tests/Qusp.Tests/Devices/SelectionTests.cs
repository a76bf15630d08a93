// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Xunit;

namespace Qusp.Tests.DeviceSelection;

public sealed class SelectionTests
{
    [Fact]
    public void Auto_takes_the_cpu_and_says_why_not_the_gpu()
    {
        var selection = Devices.Select();
        Assert.Equal("cpu", selection.Device.Name);
        Assert.Equal([("gpu", "no GPU device is installed")], selection.PassedOver.ToArray());
        Assert.Contains("no GPU device is installed", selection.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_origin_documents_order_ends_at_the_sampler_by_its_alias()
    {
        var selection = Devices.Select("lightning.gpu,qiskit.aer,default.qubit");
        Assert.Equal("sampler", selection.Device.Name);
        Assert.Equal("qiskit.aer", selection.Requested);
        Assert.Equal("lightning.gpu", Assert.Single(selection.PassedOver).Name);
    }

    [Theory]
    [InlineData("lightning.qubit", "cpu")]
    [InlineData("default.qubit", "reference")]
    [InlineData("Reference", "reference")]
    [InlineData(" cpu , sampler", "cpu")]
    public void Names_and_aliases_are_found(string preference, string device) => Assert.Equal(device, Devices.Select(preference).Device.Name);

    [Fact]
    public void A_device_is_asked_for_the_parts_of_what_is_measured()
    {
        var builder = new CircuitBuilder(6).H(0);
        Assert.Null(Devices.Refusal(new SamplerDevice(), builder.Entropy(0, 1).Build()));
        var wide = builder.Purity(0, 1, 2, 3, 4).Build(); // of a pure state that of the other wire
        Assert.Null(Devices.Refusal(new SamplerDevice(), wide));
        var mixed = new Complex[32, 32];
        mixed[0, 0] = 1;
        var all = new CircuitBuilder(9).H(0).Measure(new Fidelity(mixed, 0, 2, 4, 6, 8)).Build();
        Assert.Contains("3^5 bases", Devices.Refusal(new SamplerDevice(), all), StringComparison.Ordinal);
        var selection = Devices.Select("sampler,cpu", all);
        Assert.Equal("cpu", selection.Device.Name);
    }

    [Fact]
    public void A_device_that_cannot_do_the_method_or_the_circuit_is_passed_over_with_the_reason()
    {
        var selection = Devices.Select("sampler,reference,cpu", differentiation: Differentiation.Adjoint);
        Assert.Equal("reference", selection.Device.Name);
        Assert.Contains("Adjoint", Assert.Single(selection.PassedOver).Reason, StringComparison.Ordinal);
        var wide = new CircuitBuilder(15).ExpectZ().Build();
        Assert.Contains("15 wires", Assert.Single(Devices.Select("reference,cpu", wide).PassedOver).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_name_lists_the_known_ones()
    {
        var error = Assert.Throws<ArgumentException>(() => Devices.Select("lightning.tpu"));
        Assert.Contains("lightning.tpu", error.Message, StringComparison.Ordinal);
        Assert.Contains("cpu", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Devices.Select(" , "));
    }

    [Fact]
    public void When_nothing_fits_the_reason_for_each_is_told()
    {
        var error = Assert.Throws<NotSupportedException>(() => Devices.Select("gpu"));
        Assert.Contains("gpu: no GPU device is installed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sixty_wires_are_refused_before_memory_is_taken()
    {
        var chain = new CircuitBuilder(60).H(0);
        for (var wire = 1; wire < 60; wire++)
        {
            chain.CNOT(wire - 1, wire).RY(0.3, wire);
        }

        var error = Assert.Throws<NotSupportedException>(() => new CpuDevice().Compile<double>(chain.ExpectZ(59).Build()));
        Assert.Contains("60 wires", error.Message, StringComparison.Ordinal);
        Assert.Contains("GiB", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Auto_takes_sixty_wires_that_the_cpu_refuses_to_the_device_that_is_expected_to_be_exact_and_quick()
    {
        // Chains: words without end, but each doubles the bonds only.
        var builder = new CircuitBuilder(60).H(0);
        for (var layer = 0; layer < 4; layer++)
        {
            for (var wire = 1; wire < 60; wire++)
            {
                builder.RX(0.1, wire - 1).CRY(0.3, wire - 1, wire).RZ(0.2, wire - 1);
            }
        }

        var chain = builder.ExpectZ(59).Build();
        var selection = Devices.Select("auto", chain);
        Assert.Equal("mps", selection.Device.Name);
        Assert.Contains(selection.PassedOver, passed => passed.Name == "cpu" && passed.Reason.Contains("60 wires", StringComparison.Ordinal));
        Assert.Contains("Pauli words", selection.Reason, StringComparison.Ordinal);
        Assert.Contains("bonds of at most", selection.Reason, StringComparison.Ordinal);

        var clifford = new CircuitBuilder(60);
        for (var layer = 0; layer < 40; layer++)
        {
            for (var wire = 0; wire < 60; wire++)
            {
                clifford.H(wire).CNOT(wire, (wire + 7) % 60);
            }
        }

        Assert.Equal("pauli", Devices.Select("auto", clifford.RX(0.2, 3).CNOT(3, 4).RX(0.3, 4).ExpectZ().Build()).Device.Name);
    }

    [Fact]
    public void Auto_leaves_small_circuits_and_independent_parts_to_the_cpu()
    {
        Assert.Equal("cpu", Devices.Select("auto", new CircuitBuilder(4).H(0).CNOT(0, 1).ExpectZ().Build()).Device.Name);
        var apart = new CircuitBuilder(200);
        for (var layer = 0; layer < 4; layer++) // too many Pauli words, whatever the vectors' width
        {
            for (var wire = 0; wire < 200; wire++)
            {
                apart.RY(0.3, wire).RX(0.4, wire).CRX(0.2, wire, wire - (wire % 5) + ((wire + 1) % 5));
            }
        }

        Assert.Equal("cpu", Devices.Select("auto", apart.ExpectZ().Build()).Device.Name);
    }

    [Fact]
    public void Auto_says_how_the_cpu_runs_a_circuit()
    {
        Assert.Contains("side by side", CostModel.Of(new CpuDevice(512), Rotations(4, layers: 1), batch: 64).Single(way => way.IsTaken).ToString(), StringComparison.Ordinal);
        Assert.Contains("one state of 9 wires (batches of", Devices.Select("auto", Rotations(9, layers: 3)).Reason, StringComparison.Ordinal);
        Assert.Contains("one state of 16 wires, about", Devices.Select("auto", Rotations(16, layers: 3)).Reason, StringComparison.Ordinal);
        var pairs = new CircuitBuilder(20);
        for (var wire = 0; wire < 20; wire += 2)
        {
            pairs.RY(0.3, wire).CRX(0.2, wire, wire + 1);
        }

        Assert.Contains("10 components of at most 2 wires", Devices.Select("auto", pairs.ExpectZ().Build()).Reason, StringComparison.Ordinal);
        Assert.Contains("a density matrix of 2 wires", Devices.Select("auto", new CircuitBuilder(2).H(0).DepolarizingChannel(0.1, 0).ExpectZ().Build()).Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("side by side", Devices.Select("cpu", Rotations(4, layers: 1)).Reason, StringComparison.Ordinal); // nothing to choose
    }

    [Theory]
    [InlineData(512, 10, 4, 2, "one state")] // lanes would run two samples in the time of eight
    [InlineData(256, 10, 4, 2, "one state")] // or of four
    [InlineData(128, 10, 4, 2, "lanes")] // they are full
    [InlineData(512, 8, 4, 64, "lanes")]
    [InlineData(256, 8, 4, 64, "lanes")]
    [InlineData(128, 8, 4, 64, "lanes")]
    [InlineData(512, 6, 1, 64, "lanes")]
    [InlineData(256, 6, 1, 64, "lanes")]
    [InlineData(512, 14, 4, 64, "one state")] // a block of states falls out of the caches
    [InlineData(64, 14, 4, 64, "one state")]
    public void The_width_of_vectors_and_the_batch_decide_between_lanes_and_one_state(int vectorBits, int wires, int layers, int batch, string way) =>
        Assert.Equal(way, CostModel.Of(new CpuDevice(vectorBits), Rotations(wires, layers), batch).Single(one => one.IsTaken).Way);

    [Fact]
    public void Guards_that_let_a_circuit_fall_apart_are_components_and_guards_that_do_not_are_not()
    {
        Assert.Equal("components", Taken(Guarded(12, ring: true), batch: 64).Way);
        Assert.NotEqual("components", Taken(Guarded(12, ring: false), batch: 64).Way);
        Assert.NotEqual("components", Taken(Guarded(4, ring: true), batch: 64).Way);
    }

    [Fact]
    public void Every_way_that_is_estimated_runs_and_agrees_with_the_others()
    {
        var circuit = Guarded(8, ring: true);
        double[] x = [.. Enumerable.Range(0, 3 * circuit.Inputs).Select(k => 0.7 * (k % 5))];
        using var reference = new ReferenceDevice().Compile<double>(circuit);
        var expected = reference.Evaluate<double>(x);
        var ways = Devices.Estimate(circuit, batch: 3);
        Assert.Equal(["components", "one state", "lanes", "", ""], ways.Select(way => way.Way));
        Assert.Equal(["cpu", "cpu", "cpu", "pauli", "mps"], ways.Select(way => way.Device.Name));
        Assert.Single(ways, way => way.Device.Name == "cpu" && way.IsTaken);
        Assert.All(ways, way =>
        {
            Assert.True(way.Seconds > 0);
            using var program = way.Device.Compile<double>(circuit);
            var outputs = program.Evaluate<double>(x);
            for (var k = 0; k < outputs.Length; k++)
            {
                Assert.Equal(expected[k], outputs[k], 1e-12);
            }

            // Only components leave wires out.
            Assert.Equal(way.Way == "components", program.Device == "cpu" && program.Cost.LargestState < 8);
        });
    }

    [Fact]
    public void What_cannot_run_has_no_time_and_says_why()
    {
        var chain = new CircuitBuilder(60);
        for (var wire = 1; wire < 60; wire++)
        {
            chain.RX(0.1, wire - 1).CRY(0.3, wire - 1, wire);
        }

        var ways = Devices.Estimate(chain.ExpectZ(59).Build());
        Assert.All(ways.Where(way => way.Device.Name == "cpu"), way => Assert.Equal(double.PositiveInfinity, way.Seconds));
        Assert.Contains(ways, way => way.Way == "one state" && way.Reason.Contains("60 wires", StringComparison.Ordinal));
        Assert.True(ways.Single(way => way.Device.Name == "mps").Seconds < 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => Devices.Estimate(chain.Build(), batch: 0));
    }

    private static DeviceEstimate Taken(Circuit circuit, int batch) => Devices.Estimate(circuit, batch).Single(way => way.Device.Name == "cpu" && way.IsTaken);

    private static Circuit Rotations(int wires, int layers)
    {
        var circuit = new CircuitBuilder(wires);
        var x = circuit.Inputs(wires);
        for (var wire = 0; wire < wires; wire++)
        {
            circuit.RY(x[wire], wire);
        }

        var weights = circuit.Weights("weights", layers, wires, 2);
        for (var layer = 0; layer < layers; layer++)
        {
            for (var wire = 0; wire < wires; wire++)
            {
                circuit.RZ(weights[layer, wire, 0], wire).RY(weights[layer, wire, 1], wire);
            }

            for (var wire = 0; wire < wires; wire++)
            {
                circuit.CNOT(wire, (wire + 1) % wires);
            }
        }

        return circuit.ExpectZ().Build();
    }

    // Rotations and a ring of CNOTs, twice; all of it guarded, or the rotations alone.
    private static Circuit Guarded(int wires, bool ring)
    {
        var circuit = new CircuitBuilder(wires);
        var x = circuit.Inputs(wires);
        for (var layer = 0; layer < 2; layer++)
        {
            for (var q = 0; q < wires; q++)
            {
                var wire = q;
                circuit.RX(0.3, wire);
                circuit.If(x[wire] > 1, then => then.RY(x[wire], wire));
                if (ring)
                {
                    circuit.If(x[wire] > 1, then => then.CNOT(wire, (wire + 1) % wires));
                }
                else
                {
                    circuit.CNOT(wire, (wire + 1) % wires);
                }
            }
        }

        return circuit.ExpectZ().Build();
    }
}
