// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Numerics;
using Qusp.OpenQasm;
using Xunit;

namespace Qusp.Tests;

/// <summary>
/// The OpenQASM names of the table against the definitions that qelib1.inc (arXiv:1707.03429) and stdgates.inc publish, down to U and CX. A row
/// and the definition of its name agree but for a global phase.
/// </summary>
public sealed class QasmDefinitionTests
{
    public static TheoryData<string, int, string> Definitions => new()
    {
        { "u3", 3, "a { U(p0,p1,p2) a; }" },
        { "u2", 2, "a { U(pi/2,p0,p1) a; }" },
        { "u1", 1, "a { U(0,0,p0) a; }" },
        { "cx", 0, "a,b { CX a,b; }" },
        { "id", 0, "a { U(0,0,0) a; }" },
        { "x", 0, "a { u3(pi,0,pi) a; }" },
        { "y", 0, "a { u3(pi,pi/2,pi/2) a; }" },
        { "z", 0, "a { u1(pi) a; }" },
        { "h", 0, "a { u2(0,pi) a; }" },
        { "s", 0, "a { u1(pi/2) a; }" },
        { "sdg", 0, "a { u1(-pi/2) a; }" },
        { "t", 0, "a { u1(pi/4) a; }" },
        { "tdg", 0, "a { u1(-pi/4) a; }" },
        { "sx", 0, "a { sdg a; h a; sdg a; }" },
        { "rx", 1, "a { u3(p0,-pi/2,pi/2) a; }" },
        { "ry", 1, "a { u3(p0,0,0) a; }" },
        { "rz", 1, "a { u1(p0) a; }" },
        { "cz", 0, "a,b { h b; cx a,b; h b; }" },
        { "cy", 0, "a,b { sdg b; cx a,b; s b; }" },
        { "ch", 0, "a,b { h b; sdg b; cx a,b; h b; t b; cx a,b; t b; h b; s b; x b; s a; }" },
        { "swap", 0, "a,b { cx a,b; cx b,a; cx a,b; }" },
        { "ccx", 0, "a,b,c { h c; cx b,c; tdg c; cx a,c; t c; cx b,c; tdg c; cx a,c; t b; t c; h c; cx a,b; t a; tdg b; cx a,b; }" },
        { "cswap", 0, "a,b,c { cx c,b; ccx a,b,c; cx c,b; }" },
        { "crz", 1, "a,b { u1(p0/2) b; cx a,b; u1(-p0/2) b; cx a,b; }" },
        { "crx", 1, "a,b { u1(pi/2) b; cx a,b; u3(-p0/2,0,0) b; cx a,b; u3(p0/2,-pi/2,0) b; }" },
        { "cry", 1, "a,b { u3(p0/2,0,0) b; cx a,b; u3(-p0/2,0,0) b; cx a,b; }" },
        { "cu1", 1, "a,b { u1(p0/2) a; cx a,b; u1(-p0/2) b; cx a,b; u1(p0/2) b; }" },
        { "rzz", 1, "a,b { cx a,b; u1(p0) b; cx a,b; }" },
        { "rxx", 1, "a,b { u3(pi/2,p0,0) a; h b; cx a,b; u1(-p0) b; cx a,b; h b; u2(-pi,pi-p0) a; }" },
    };

    [Theory]
    [MemberData(nameof(Definitions))]
    public void A_row_is_what_its_OpenQASM_name_is_defined_as(string name, int parameters, string definition)
    {
        var row = Assert.Single(Gates.All, gate => gate.Qasm2 == name);
        Assert.Equal(parameters, row.Parameters);
        double[] angles = [.. Enumerable.Range(0, parameters).Select(k => 0.7 - (1.3 * k))];
        var formal = parameters == 0 ? "" : $"({string.Join(",", Enumerable.Range(0, parameters).Select(k => $"p{k}"))})";
        var actual = parameters == 0 ? "" : $"({string.Join(",", angles.Select(angle => angle.ToString("R", CultureInfo.InvariantCulture)))})";
        var wires = string.Join(",", Enumerable.Range(0, row.Wires).Select(wire => $"q[{wire}]"));
        var text = $"OPENQASM 2.0; include \"qelib1.inc\"; gate published{formal} {definition} qreg q[{row.Wires}]; published{actual} {wires};";
        var written = QasmReader.Parse(text).Circuit.Operations.Aggregate(
            MatrixAlgebra.Identity(1 << row.Wires),
            (product, operation) => MatrixAlgebra.Multiply(
                MatrixAlgebra.Embed(operation.Gate.Matrix([.. operation.Angles.Select(angle => angle.Value([], []))]), operation.Wires.AsSpan(), row.Wires), product));
        var ratio = MatrixAlgebra.Multiply(MatrixAlgebra.Dagger(written), row.Matrix(angles));
        Assert.Equal(1, ratio[0, 0].Magnitude, 12);
        GateSamples.AssertClose(MatrixAlgebra.Scale(MatrixAlgebra.Identity(1 << row.Wires), ratio[0, 0]), ratio, 1e-12, name);
    }

    [Fact]
    public void Every_row_with_a_name_in_OpenQASM_2_is_held_against_its_definition() =>
        Assert.Empty(Gates.All.Select(gate => gate.Qasm2).Where(name => name is not null).Except(Definitions.Select(row => (string?)row.Data.Item1)));

    [Fact]
    public void A_name_of_OpenQASM_3_is_that_of_2_or_its_published_successor()
    {
        var renamed = Gates.All.Where(gate => gate.Qasm3 != gate.Qasm2).Select(gate => (gate.Qasm2, gate.Qasm3)).ToHashSet();
        Assert.Equal([("u1", "p"), ("cu1", "cp"), ("rxx", null), ("rzz", null)], renamed);
    }
}
