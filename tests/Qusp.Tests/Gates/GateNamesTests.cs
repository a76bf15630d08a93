// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Reflection;
using CsCheck;
using Xunit;

namespace Qusp.Tests;

public sealed class GateNamesTests
{
    [Fact]
    public void A_row_is_found_by_its_name_and_by_every_alias_in_any_case()
    {
        foreach (var gate in Gates.All)
        {
            foreach (var name in (IEnumerable<string>)[gate.Name, .. gate.Aliases])
            {
                Assert.Same(gate, Gates.Find(name));
                Assert.Same(gate, Gates.Find(name.ToUpperInvariant()));
            }
        }
    }

    [Fact]
    public void Names_and_aliases_are_unique()
    {
        var names = Gates.All.SelectMany(gate => (IEnumerable<string>)[gate.Name, .. gate.Aliases]).ToList();
        Assert.Equal(names.Count, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void OpenQasm_names_are_unique_and_are_found()
    {
        foreach (var column in (Func<Gate, string?>[])[gate => gate.Qasm2, gate => gate.Qasm3])
        {
            var rows = Gates.All.Where(gate => column(gate) is not null).ToList();
            Assert.Equal(rows.Count, rows.Select(column).Distinct().Count());
        }
    }

    [Fact]
    public void Every_gate_of_the_standard_libraries_of_OpenQasm_that_PennyLane_has_is_a_row()
    {
        string[] qelib1 = ["u3", "u2", "u1", "cx", "id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "rx", "ry", "rz", "cz", "cy", "ch", "ccx", "crz", "cu1", "swap", "cswap", "rxx", "rzz", "sx", "crx", "cry"];
        string[] stdgates = ["p", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "rx", "ry", "rz", "cx", "cy", "cz", "cp", "crx", "cry", "crz", "ch", "swap", "ccx", "cswap", "id", "u2", "u3"];
        Assert.Empty(qelib1.Except(Gates.All.Select(gate => gate.Qasm2)));
        Assert.Empty(stdgates.Except(Gates.All.Select(gate => gate.Qasm3)));
    }

    [Fact]
    public void The_builder_has_a_method_for_every_row_and_it_adds_that_row()
    {
        foreach (var property in typeof(Gates).GetProperties(BindingFlags.Public | BindingFlags.Static).Where(p => p.PropertyType == typeof(Gate)))
        {
            var gate = (Gate)property.GetValue(null)!;
            if (gate.Kind != GateKind.Unitary)
            {
                continue;
            }

            Assert.Contains(gate, Gates.All);
            var method = typeof(CircuitBuilder).GetMethod(property.Name, [.. Enumerable.Repeat(typeof(Angle), gate.Parameters), .. Enumerable.Repeat(typeof(int), gate.Wires)]);
            Assert.True(method is not null, $"CircuitBuilder has no method {property.Name}: first the angles, then the wires");

            object[] angles = [.. Enumerable.Range(0, gate.Parameters).Select(k => (object)Angle.Constant(0.5 + k))];
            object[] wires = [.. Enumerable.Range(0, gate.Wires).Select(wire => (object)(5 - wire))];
            var builder = new CircuitBuilder(6);
            Assert.Same(builder, method.Invoke(builder, [.. angles, .. wires]));
            var operation = Assert.Single(builder.Build().Operations);
            Assert.Same(gate, operation.Gate);
            Assert.Equal([.. angles.Cast<Angle>()], operation.Angles);
            Assert.Equal([.. wires.Cast<int>()], operation.Wires);
        }
    }

    [Fact]
    public void Every_row_is_a_property_of_the_table()
    {
        var properties = typeof(Gates).GetProperties(BindingFlags.Public | BindingFlags.Static).Where(p => p.PropertyType == typeof(Gate)).ToList();
        Assert.Equal(Gates.All.Length, properties.Count(property => ((Gate)property.GetValue(null)!).Kind == GateKind.Unitary));
    }

    [Fact]
    public void A_name_that_is_read_is_the_name_that_was_written()
    {
        foreach (var gate in GateSamples.All.Where(gate => !gate.IsCustom))
        {
            AssertReads(gate);
        }
    }

    [Fact]
    public void Nested_names_are_read_as_they_were_written()
    {
        ImmutableArray<Gate> bases = [.. GateSamples.Base.Where(gate => !gate.IsCustom)];
        var step = Gen.Select(Gen.Int[0, 2], Gen.Bool.Array[1, 3], Gen.OneOf(-3.0, -1, 0, 0.25, 1, 2, 1e-7));
        Gen.Select(Gen.Int[0, bases.Length - 1], step.Array[0, 4]).Sample((k, steps) => AssertReads(steps.Aggregate(bases[k], Derive)));

        static Gate Derive(Gate gate, (int Kind, bool[] Values, double Power) step) => step.Kind switch
        {
            0 => gate.Adjoint(),
            1 => gate.Wires > 4 ? gate : gate.Controlled([.. step.Values]),
            _ => gate.Parameters > 0 && gate.Generator is null ? gate.Power(Math.Truncate(step.Power)) : gate.Power(step.Power),
        };
    }

    [Theory]
    [InlineData("PauliX", "X")]
    [InlineData("Hadamard", "H")]
    [InlineData("cx", "CNOT")]
    [InlineData("U1", "PhaseShift")]
    [InlineData("sdg", "Adjoint(S)")]
    [InlineData("Adjoint(PauliX)", "X")]
    [InlineData("Adjoint(Adjoint(SX))", "SX")]
    [InlineData("Controlled[1](X)", "CNOT")]
    [InlineData("Controlled[1](CNOT)", "Toffoli")]
    [InlineData("Controlled[0](CNOT)", "Controlled[01](X)")]
    [InlineData("MultiControlledX[11]", "Toffoli")]
    [InlineData("MultiControlledX[10]", "Controlled[10](X)")]
    [InlineData("Adjoint(CRot)", "Controlled[1](Adjoint(Rot))")]
    [InlineData("Power[2](CRX)", "Controlled[1](Power[2](RX))")]
    [InlineData("Power[0.5](Power[2](RX))", "RX")]
    [InlineData("Adjoint(Power[0.5](X))", "Power[-0.5](X)")]
    public void Gates_that_are_the_same_have_one_name(string written, string name) => Assert.Equal(name, Gates.Find(written).Name);

    [Theory]
    [InlineData("")]
    [InlineData("RXX1")]
    [InlineData("(X)")]
    [InlineData("[1](X)")]
    [InlineData("Adjoint")]
    [InlineData("Adjoint()")]
    [InlineData("Adjoint(X")]
    [InlineData("Adjoint[1](S)")]
    [InlineData("Adjoint[](S)")]
    [InlineData("Adjoint(Nothing)")]
    [InlineData("Controlled(X)")]
    [InlineData("Controlled[](X)")]
    [InlineData("Controlled[2](X)")]
    [InlineData("Controlled[1(X)")]
    [InlineData("Power[](X)")]
    [InlineData("Power[NaN](X)")]
    [InlineData("Power[1e999](RX)")]
    [InlineData("Power[1,5](RX)")]
    [InlineData("Power[0.5](Rot)")]
    [InlineData("Power[65](Rot)")]
    [InlineData("MultiRZ")]
    [InlineData("MultiRZ[0]")]
    [InlineData("MultiRZ[65]")]
    [InlineData("MultiRZ[-1]")]
    [InlineData("MultiRZ[2](X)")]
    [InlineData("PauliRot[]")]
    [InlineData("PauliRot[XW]")]
    [InlineData("QFT[11]")]
    [InlineData("MultiControlledX[]")]
    [InlineData("Unitary")]
    public void A_name_that_says_no_gate_is_not_found(string name)
    {
        Assert.False(Gates.TryFind(name, out _));
        Assert.Contains($"'{name}'", Assert.Throws<KeyNotFoundException>(() => Gates.Find(name)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hostile_name_is_refused_and_not_followed()
    {
        const int Depth = 200_000;
        Assert.False(Gates.TryFind(string.Concat(Enumerable.Repeat("Adjoint(", Depth)) + "S" + new string(')', Depth), out _));
        Assert.False(Gates.TryFind($"Controlled[{new string('1', Depth)}](X)", out _));
        Assert.False(Gates.TryFind($"PauliRot[{new string('X', Depth)}]", out _));
        Assert.Equal(1001, Gates.Find($"Controlled[{new string('1', 1000)}](RX)").Wires); // large, but nothing is written out
        Assert.Throws<NotSupportedException>(() => Gates.Find($"Controlled[{new string('1', 1000)}](RX)").Matrix(0.1));
    }

    private static void AssertReads(Gate gate)
    {
        var read = Gates.Find(gate.Name);
        Assert.Equal(gate.Name, read.Name);
        Assert.Equal(gate, read);
        Assert.Equal(gate.GetHashCode(), read.GetHashCode());
        double[] angles = [.. Enumerable.Range(0, gate.Parameters).Select(k => 0.4 + k)];
        GateSamples.AssertClose(gate.Matrix(angles), read.Matrix(angles), 0, gate.Name);
    }
}
