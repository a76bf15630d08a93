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
        for (var wire = 0; wire < 200; wire += 2)
        {
            apart.RY(0.3, wire).CRX(0.2, wire, wire + 1);
        }

        Assert.Equal("cpu", Devices.Select("auto", apart.ExpectZ().Build()).Device.Name);
    }
}
