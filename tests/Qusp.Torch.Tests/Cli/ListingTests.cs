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
    public void What_a_circuit_would_cost_on_each_device_is_told_with_what_auto_takes_and_why()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("ring.qasm", """
            OPENQASM 3.0;
            include "stdgates.inc";
            input float t;
            qubit[7] q;
            rx(t) q;
            for int i in [0:5] { crx(t) q[i], q[i + 1]; }
            """);
        var run = CommandLineRun.Of("devices", path, "--observables", "Z6", "--batch", "3", "--measure", "--json");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal((7, 3), (run.Json.GetProperty("wires").GetInt32(), run.Json.GetProperty("batch").GetInt32()));
        var ways = run.Json.GetProperty("devices").EnumerateArray().ToArray();
        Assert.Equal(["components", "one state", "lanes", "", ""], ways.Select(way => way.GetProperty("way").GetString()));
        Assert.All(ways, way => Assert.True(way.GetProperty("expectedSeconds").GetDouble() > 0 && way.GetProperty("measuredSeconds").GetDouble() > 0));
        Assert.Equal("cpu", Assert.Single(ways, way => way.GetProperty("taken").GetBoolean()).GetProperty("device").GetString());
        Assert.Equal("cpu", run.Json.GetProperty("chosen").GetString());
        Assert.StartsWith("cpu: one state of 7 wires", run.Json.GetProperty("reason").GetString(), StringComparison.Ordinal);

        var table = CommandLineRun.Of("devices", path).Output;
        Assert.Contains("→ │ cpu, one state", table, StringComparison.Ordinal);
        Assert.Contains("bonds of at most", table, StringComparison.Ordinal);
        Assert.Equal(2, CommandLineRun.Of("devices", path, "--observables", "Z9").ExitCode);
        Assert.Equal(2, CommandLineRun.Of("devices", path, "--batch", "0").ExitCode);
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
