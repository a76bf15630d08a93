// SPDX-License-Identifier: Apache-2.0
using Xunit;

namespace Qusp.Torch.Tests;

public sealed class ListingTests
{
    [Fact]
    public void Devices_are_listed_with_what_they_can_do_or_why_they_cannot()
    {
        var run = CommandLineRun.Of("devices", "--json");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var devices = run.Json.EnumerateArray().ToDictionary(device => device.GetProperty("name").GetString()!);
        Assert.Equal(Devices.All.Select(device => device.Name), devices.Keys);
        Assert.True(devices["cpu"].GetProperty("available").GetBoolean());
        Assert.Equal("lightning.qubit", devices["cpu"].GetProperty("aliases")[0].GetString());
        Assert.Equal("adjoint", devices["cpu"].GetProperty("differentiation")[0].GetString());
        Assert.Equal(["single", "double"], devices["cpu"].GetProperty("precision").EnumerateArray().Select(word => word.GetString()));
        Assert.Equal("parameter-shift", devices["sampler"].GetProperty("differentiation")[0].GetString());

        var table = CommandLineRun.Of("devices").Output;
        Assert.All(Devices.All, device => Assert.Contains(device.Description, table, StringComparison.Ordinal));
        Assert.Contains("qiskit.aer", table, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_that_is_not_there_has_a_reason()
    {
        foreach (var device in CommandLineRun.Of("devices", "--json").Json.EnumerateArray())
        {
            var reason = device.GetProperty("reason").GetString();
            Assert.Equal(device.GetProperty("available").GetBoolean(), reason is null);
        }
    }

    [Fact]
    public void Every_gate_of_the_table_is_listed()
    {
        var run = CommandLineRun.Of("gates", "--json");
        Gate[] rows = [.. Gates.All, .. Gates.Channels, .. Gates.MidCircuit];
        Assert.Equal(rows.Select(gate => gate.Name), run.Json.EnumerateArray().Select(gate => gate.GetProperty("name").GetString()));
        var cnot = run.Json.EnumerateArray().Single(gate => gate.GetProperty("name").GetString() == "CNOT");
        Assert.Equal((2, 0, "cx"), (cnot.GetProperty("wires").GetInt32(), cnot.GetProperty("parameters").GetInt32(), cnot.GetProperty("qasm2").GetString()));
        Assert.Equal("unitary", cnot.GetProperty("kind").GetString());
        var table = CommandLineRun.Of("gates").Output;
        Assert.All(rows, gate => Assert.Contains($" {gate.Name} ", table, StringComparison.Ordinal));
    }
}
