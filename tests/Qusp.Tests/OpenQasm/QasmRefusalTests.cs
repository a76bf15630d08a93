// SPDX-License-Identifier: Apache-2.0
using System.Text;
using CsCheck;
using Qusp.OpenQasm;
using Xunit;

namespace Qusp.Tests;

/// <summary>Wrong and hostile files: each ends in one line that names the place and the remedy.</summary>
public sealed class QasmRefusalTests
{
    private const string Two = "OPENQASM 2.0;\ninclude \"qelib1.inc\";\n";
    private const string Three = "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n";

    /// <summary>A text, and the complaint about it after the file's name.</summary>
    public static TheoryData<string, string> Wrong => new()
    {
        { "", "1:1: the file is empty; an OpenQASM file begins with OPENQASM 2.0; or OPENQASM 3.0;" },
        { "  // nothing\n", "2:1: the file is empty; an OpenQASM file begins with OPENQASM 2.0; or OPENQASM 3.0;" },
        { "OPENQASM 4.0;", "1:10: OPENQASM 4.0 is not known here; write OPENQASM 2.0; or OPENQASM 3.0;" },
        { "OPENQASM 2.0\nqreg q[1];", "2:1: 'qreg' is unexpected; ';' was expected: after the version" },
        { "hello world", "1:1: the file begins with 'hello'; an OpenQASM file begins with OPENQASM 2.0; or OPENQASM 3.0;" },
        { "\u0000\u0001\u0002ELF", "1:1: the character U+0000 is no part of OpenQASM; remove it, or check that this is an OpenQASM file" },
        { Two + "qreg q[1];\nfoo q[0];", "4:1: there is no gate 'foo' here; define it before it is used, or check its spelling" },
        { "OPENQASM 2.0;\nqreg q[1];\nh q[0];", "3:1: 'h' is defined in qelib1.inc; write include \"qelib1.inc\"; before it" },
        { Two + "qreg q[2];\nh q[2];", "4:5: q[2] is not there: q has 2 elements, 0 to 1" },
        { Two + "qreg q[2];\ncx q[0];", "4:1: cx acts on 2 qubits, not 1; write as many" },
        { Two + "qreg q[2];\ncx q[0],q[0];", "4:10: q[0] stands twice in cx; a gate acts on different qubits" },
        { Two + "qreg q[2];\nrx q[0];", "4:1: rx takes 1 angle, not 0; write rx(a1)" },
        { Two + "qreg q[2];\nrx(0.1,0.2) q[0];", "4:1: rx takes 1 angle, not 2; write rx(a1)" },
        { Two + "qreg q[2];\nh q[0]", "4:7: the file ends here; ',' was expected: after a qubit of h; several are separated by commas, and the last one is followed by a semicolon" },
        { Two + "qreg q[2]\nh q[0];", "4:1: 'h' is unexpected; ';' was expected: after the declaration of q" },
        { Two + "qreg q[2];\nrx(0.1 q[0];", "4:8: 'q' is unexpected; ',' was expected: between arguments; the last one is followed by )" },
        { Two + "qreg q[2];\nrx(foo) q[0];", "4:4: 'foo' is not declared; declare it before it is used" },
        { Two + "qreg q[2];\nrx(1/0) q[0];", "4:5: '/' has no value for 1 and 0; change the expression" },
        { Two + "qreg q[2];\nrx(ln(0)) q[0];", "4:4: the function has no value for 0; change its argument" },
        { Two + "qreg q[2];\nrx(1e999) q[0];", "4:4: '1e999' is too large for a number; numbers go to 1.8e308" },
        { Two + "qreg q[2];\nrx(" + new string('9', 400) + ") q[0];", "4:4: '9999999999999999999999999999999999999999…' is too large for a number; numbers go to 1.8e308" },
        { Two + "qreg q[2];\nqreg q[3];", "4:1: 'q' is declared already; choose another name" },
        { Two + "qreg q[0];", "3:1: 0 qubits cannot be declared; a size is a whole number from 1" },
        { Two + "qreg q[1000000000];", "3:1: q brings the circuit to 1000000000 qubits; it has at most 1024" },
        { Two + "qreg q[99999999999999999999999999];", "3:1: 99999999999999999999999999 qubits cannot be declared; a size is a whole number from 1" },
        { Two + "qreg q[1]; creg c[100000];", "3:12: c brings the file to 100000 classical bits; it has at most 4096" },
        { Two + "qreg a[2]; qreg b[3];\ncx a,b;", "4:6: cx goes side by side over registers of 2 and 3 qubits; their sizes must be equal" },
        { Two + "qreg q[2]; creg c[3];\nmeasure q -> c;", "4:1: 2 qubit(s) are measured into 3 bit(s); their numbers must be equal" },
        { Two + "qreg q[2]; creg c[2];\nmeasure q[0] -> q[1];", "4:1: a measurement is written to bits; declare creg c[n];" },
        { Two + "qreg q[2]; creg c[2];\nmeasure q[0];", "4:1: the measurement names no bit; write measure q -> c;" },
        { Two + "qreg q[2];\nif(d==1) x q[0];", "4:4: 'd' is not declared; declare it before it is used" },
        { Two + "opaque magic q;\nqreg q[1];\nmagic q[0];", "5:1: 'magic' is opaque: it has no body, so what it does is not known; define it with gate" },
        { Two + "gate g a { g a; }\nqreg q[1];\ng q[0];", "3:12: the gate g calls itself; a gate uses gates that are defined before it" },
        { Two + "gate g a { h b; }\nqreg q[1];", "3:14: inside of the gate g only its own qubits are known: a" },
        { Two + "gate g a { measure a -> c; }\nqreg q[1];", "3:12: a gate's body has gates, barriers and loops alone; for anything else write def" },
        { Two + "gate g a { h a; }\ngate g a { x a; }\nqreg q[1];", "4:1: 'g' is defined already; choose another name" },
        { Two + "gate g a { h a;", "3:10: the block that begins here does not end; close it with }" },
        { Two + "creg c[2];", "3:11: the file declares no qubit; write qubit[2] q; or, in OpenQASM 2, qreg q[2];" },
        { Two + "qreg q[1]; x c[0];", "3:14: 'c' is not declared; declare it before it is used" },
        { Two + "/* qreg q[1];", "3:1: the comment that begins here does not end; close it with */" },
        { Two + "include \"missing.inc\";", "3:1: \"missing.inc\" is not read: a text includes only qelib1.inc or stdgates.inc; load it as a file" },
        { Two + "qreg q[1]; x q[0]; é;", "3:20: there is no gate 'é' here; define it before it is used, or check its spelling" },
        { Three + "qubit q; delay[100ns] q;", "3:10: 'delay' is not read here: timing, calibration, foreign functions, arrays and complex numbers are outside; remove it" },
        { Three + "box { }", "3:1: 'box' is not read here: timing, calibration, foreign functions, arrays and complex numbers are outside; remove it" },
        { Three + "extern f(int) -> int;", "3:1: 'extern' is not read here: timing, calibration, foreign functions, arrays and complex numbers are outside; remove it" },
        { Three + "array[int, 3] a;", "3:1: 'array' is not read here: timing, calibration, foreign functions, arrays and complex numbers are outside; remove it" },
        { Three + "input int n;", "3:1: the input n is not read: an input is a float or an angle, without a value, outside of all blocks; for a fixed int write const" },
        { Three + "h $0;", "3:3: physical qubits such as $0 are not read here; declare qubits, as in qubit[2] q;" },
        { Three + "qubit[2] q; for int i in [0:3] { x q[i]; }", "3:38: q[2] is not there: q has 2 elements, 0 to 1" },
        { Three + "qubit[2] q; int n = 1.5; x q[n / 0];", "3:32: '/' has no value for 1 and 0; change the expression" },
        { Three + "qubit[2] q; x q[0.5];", "3:17: 0.5 is no whole number of 64 bits; one is needed here" },
        { Three + "qubit[2] q; bit c; c = measure q[0]; int n = c; rx(c) q[0];", "3:52: an angle cannot depend on a measured bit; write if (…) around the gate" },
        { Three + "qubit[2] q; bit c; c = measure q[0]; while (c) { x q[0]; }", "3:38: a while loop is run when the file is read, so its condition must be known then; to repeat while a measured bit c is 0, at most 8 times, write for int i in [1:8] { if (c == 0) { … } }" },
        { Three + "qubit[2] q; bit c; c = measure q[0]; int n = 0; if (c) { n = 1; }", "3:58: n is assigned under a condition that is not known when the file is read; declare it inside of the if" },
        { Three + "qubit q; bit c; c = measure q; if (c) { c = measure q; x q; }", "3:56: a bit that the condition around this reads was measured again inside of it; measure into another bit" },
        { Three + "qubit q; input float x; if (x > 1) { h q; } else { x q; }", "3:31: a comparison of an input is x > number or x > number || x < -number, without else; negate the input where it is made" },
        { Three + "qubit q; const int n = 1; n = 2;", "3:27: n cannot be assigned; it is constant" },
        { Three + "qubit q; ctrl(0) @ x q;", "3:10: ctrl(0) is not possible: a gate has 1 to 1023 controls" },
        { Three + "qubit[2] q; ctrl(5000) @ x q[0], q[1];", "3:13: ctrl(5000) is not possible: a gate has 1 to 1023 controls" },
        { Three + "qubit q; pow(1e6) @ inv @ h q; gate g a { h a; s a; } pow(1e6) @ g q;", "3:55: this power repeats 2 operations 1000000 times, more than 250000 in all; choose a smaller one" },
        { Three + "def f(qubit q) { f(q); }\nqubit q; f(q);", "3:18: gates and subroutines call one another more than 100 deep; a subroutine that calls itself must end" },
        { Three + "qubit q; { gate g a { h a; } }", "3:12: gates are defined outside of all blocks; move this definition there" },
        { Three + "qubit q; for int i in [0:10000000] { }", "3:10: the loop runs more than 250000 times; make its range shorter" },
        { Three + "qubit q; for int i in [0:1000] { for int j in [0:1000] { x q; } }", "3:58: the file expands to more than 250000 operations; make its loops shorter and its gates smaller" },
        { Three + "qubit q; int i = 0; while (i < 1) { }", "3:21: the loop runs more than 250000 times; let its condition become false" },
        { Three + "qubit q; int i = 0; while (true) { i += 1; }", "3:21: the loop runs more than 250000 times; let its condition become false" },
        { Three + "qubit q; rx(" + new string('(', 100000) + "1" + new string(')', 100000) + ") q;", "3:212: this is nested more than 200 deep; write it in several statements" },
        { Three + "qubit q; rx(" + new string('-', 100000) + "1) q;", "3:211: this is nested more than 200 deep; write it in several statements" },
        { Three + "qubit q; rx(" + string.Concat(Enumerable.Repeat("1+", 100000)) + "1) q;", "3:524: more than 256 operators stand in one chain; write it in several statements" },
        { Three + "qubit q; rx(" + string.Concat(Enumerable.Repeat("2**", 100000)) + "1) q;", "3:608: this is nested more than 200 deep; write it in several statements" },
        { Three + "qubit q; " + new string('{', 100000), "3:110: this is nested more than 200 deep; write it in several statements" },
        { Three + "qubit q; " + string.Concat(Enumerable.Repeat("inv @ ", 100000)) + "x q;", "3:1210: more than 200 modifiers stand before one gate; write fewer" },
        { Three + "qubit q; " + string.Concat(Enumerable.Repeat("if (true) ", 100000)) + "x q;", "3:2004: this is nested more than 200 deep; write it in several statements" },
        { Three + Doubling(60) + "qubit q; g60 q;", "3:13: the file expands to more than 250000 operations; make its loops shorter and its gates smaller" },
        { Three + Doubling(200, uses: 1) + "qubit q; g200 q;", "3:2216: gates and subroutines call one another more than 100 deep; write the inner ones out" },
        { Two + "qreg q[1024];\n" + string.Concat(Enumerable.Repeat("h q;", 600)), "4:977: the file expands to more than 250000 operations; make its loops shorter and its gates smaller" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_text_is_refused_in_one_line_that_names_the_place(string text, string expected)
    {
        var error = Assert.Throws<InvalidDataException>(() => QasmReader.Parse(text, "f.qasm"));
        Assert.Equal("f.qasm:" + expected, error.Message);
    }

    // Whatever a file becomes when pieces of it are cut, doubled, exchanged or overwritten: it is read, or refused in one line.
    [Fact]
    public void A_damaged_file_is_read_or_refused_in_one_line()
    {
        string[] texts = [.. QasmSample.Names.Select(name => File.ReadAllText(Path.Combine(QasmSample.Folder, name + ".qasm")))];
        string[] pieces = ["(", ")", "[", "]", "{", "}", ";", ",", "q", "c", "0", "-1", "99999999999", "1e308", "*", "/", "**", "^", "==", "&&", "!", "@", "ctrl @ ", "pow(0.5) @ ", "inv @ ", "if (c[0]) ",
            "if (c == 1) ", "for int i in [0:3] ", "while (true) ", "measure q[0]", "gphase(x)", "input float x;", "x", "int", "bit[2] c;", "const ", "let a = ", "++", ":", "\"01\"", "\u0000", "é", "\n", "//", "/*", "$0", "end;"];
        Gen.Select(Gen.Int[0, texts.Length - 1], Gen.Select(Gen.Double[0, 1], Gen.Int[0, 12], Gen.Int[0, pieces.Length - 1], Gen.Int[0, 3]).Array[1, 4]).Sample(
            (index, changes) =>
            {
                var text = texts[index];
                foreach (var (place, length, piece, kind) in changes)
                {
                    var at = (int)(place * text.Length);
                    var end = Math.Min(at + length, text.Length);
                    text = kind switch
                    {
                        0 => text[..at] + text[end..],
                        1 => text[..at] + pieces[piece] + text[at..],
                        2 => text[..at] + pieces[piece] + text[end..],
                        _ => text[..end] + text[at..end] + text[end..],
                    };
                }

                try
                {
                    var program = QasmReader.Parse(text, "f.qasm");
                    Assert.Equal(program.Circuit.Operations.Length, program.Names.Length);
                }
                catch (InvalidDataException error)
                {
                    Assert.Matches(@"^f\.qasm:\d+:\d+: \P{C}+$", error.Message);
                }
            },
            iter: 3000,
            print: sample => texts[sample.Item1] + string.Join(";", sample.Item2));
    }

    [Fact]
    public void Files_that_are_not_there_or_no_text_are_refused()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            string Write(string name, byte[] bytes)
            {
                var path = Path.Combine(folder.FullName, name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllBytes(path, bytes);
                return path;
            }

            string Including(string name, string file) => Write(name, Encoding.UTF8.GetBytes($"OPENQASM 2.0;\ninclude \"{file}\";\nqreg q[1];"));
            Write("outside.inc", "gate g a { }"u8.ToArray());
            File.CreateSymbolicLink(Write("in/link.inc", [])[..^"link.inc".Length] + "sym.inc", Path.Combine(folder.FullName, "outside.inc"));
            foreach (var (path, expected) in (IEnumerable<(string, string)>)
            [
                (Including("in/a.qasm", "../outside.inc"), "2:1: \"../outside.inc\" lies outside of the folder of the file; copy it there"),
                (Including("in/b.qasm", "sym.inc"), "2:1: \"sym.inc\" lies outside of the folder of the file; copy it there"),
                (Including("in/c.qasm", "/etc/passwd"), "2:1: \"/etc/passwd\" is no relative path; a file includes what lies in its folder"),
                (Including("in/d.qasm", "x/../../outside.inc"), "2:1: \"x/../../outside.inc\" lies outside of the folder of the file; copy it there"),
                (Including("in/e.qasm", "nowhere.inc"), "2:1: there is no file \"nowhere.inc\" beside this one; check its name. The libraries are qelib1.inc and stdgates.inc"),
                (Including("in/f.qasm", "f.qasm"), "2:1: \"f.qasm\" includes itself; remove one of the includes"),
                (Write("in/g.qasm", [.. "OPENQASM 2.0;\nqreg q"u8, 0xC3, 0x28, .. "[1];"u8]), "2:7: a byte here is no part of UTF-8; OpenQASM is text: save it as UTF-8"),
                (Write("in/h.qasm", [0x7F, 0x45, 0x4C, 0x46, 2, 1, 0, 0]), "1:1: the character U+007F is no part of OpenQASM; remove it, or check that this is an OpenQASM file"),
                (Write("in/i.qasm", new byte[(16 << 20) + 1]), " the file is larger than 16 MiB; split it or make it smaller"),
            ])
            {
                Assert.Equal($"{path}:{expected}", Assert.Throws<InvalidDataException>(() => QasmReader.Load(path)).Message);
            }

            Assert.Equal($"{folder.FullName}: this is a folder; give an OpenQASM file", Assert.Throws<InvalidDataException>(() => QasmReader.Load(folder.FullName)).Message);
            Assert.Throws<FileNotFoundException>(() => QasmReader.Load(Path.Combine(folder.FullName, "none.qasm")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Doubling(int count, int uses = 2) => "gate g0 a { h a; } " + string.Concat(Enumerable.Range(1, count).Select(k =>
        $"gate g{k} a {{ {string.Concat(Enumerable.Repeat($"g{k - 1} a; ", uses))}}} "));
}
