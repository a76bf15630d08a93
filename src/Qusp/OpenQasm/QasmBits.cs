// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;

namespace Qusp.OpenQasm;

/// <summary>
/// The classical registers of a written circuit. OpenQASM 3 compares any bits, so one register holds all. OpenQASM 2 compares
/// whole registers alone, so the bits that a condition compares are a register of their own.
/// </summary>
internal sealed class QasmBits
{
    private readonly ImmutableArray<(string Name, int First, int Count)> registers;
    private readonly QasmVersion version;

    private QasmBits(QasmVersion version, ImmutableArray<(string Name, int First, int Count)> registers) => (this.version, this.registers) = (version, registers);

    /// <summary>The lines that declare them.</summary>
    public string Declarations => string.Concat(registers.Select(register => version == QasmVersion.Two
        ? string.Create(CultureInfo.InvariantCulture, $"creg {register.Name}[{register.Count}];\n")
        : string.Create(CultureInfo.InvariantCulture, $"bit[{register.Count}] {register.Name};\n")));

    /// <summary>The registers for a circuit.</summary>
    /// <exception cref="NotSupportedException">OpenQASM 2 cannot say the circuit's conditions.</exception>
    public static QasmBits Of(Circuit circuit, QasmVersion version)
    {
        if (circuit.Bits == 0)
        {
            return new(version, []);
        }

        if (version == QasmVersion.Three)
        {
            return new(version, [("c", 0, circuit.Bits)]);
        }

        var starts = new SortedSet<int> { 0, circuit.Bits };
        var groups = new HashSet<(int First, int Count)>();
        foreach (var operation in circuit.Operations.Where(operation => !operation.Conditions.IsEmpty && operation.Gate.Kind != GateKind.Barrier))
        {
            if (operation.Conditions is not [var only] || (only.Negated && only.Bits.Length > 1) || !only.Bits.SequenceEqual(Enumerable.Range(only.Bits[^1], only.Bits.Length).Reverse()))
            {
                throw new NotSupportedException($"{operation}: OpenQASM 2 asks whether one register equals a number, and nothing else; write OpenQASM 3.");
            }

            var group = (First: only.Bits[^1], Count: only.Bits.Length);
            if (groups.Any(other => other != group && group.First < other.First + other.Count && other.First < group.First + group.Count))
            {
                throw new NotSupportedException($"{operation}: another condition shares some of its bits, and OpenQASM 2 compares whole registers; write OpenQASM 3.");
            }

            groups.Add(group);
            starts.UnionWith([group.First, group.First + group.Count]);
        }

        int[] edges = [.. starts];
        return new(version, [.. edges.Zip(edges.Skip(1)).Select((edge, k) =>
            (edges.Length == 2 ? "c" : string.Create(CultureInfo.InvariantCulture, $"c{k}"), edge.First, edge.Second - edge.First))]);
    }

    /// <summary>A bit, such as <c>c[0]</c>.</summary>
    public string Name(int bit)
    {
        var (name, first, _) = registers.First(register => bit < register.First + register.Count);
        return string.Create(CultureInfo.InvariantCulture, $"{name}[{bit - first}]");
    }

    /// <summary>A condition as a comparison.</summary>
    public string Text(Condition condition)
    {
        var (bits, number) = (condition.Bits, condition.Value);
        if (version == QasmVersion.Two)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{registers.First(register => register.First == bits[^1]).Name}=={(condition.Negated ? 1 - number : number)}");
        }

        // A register reads as a number with its first bit the least significant.
        var left = bits.SequenceEqual(Enumerable.Range(0, registers[0].Count).Reverse()) && registers[0].Count > 1 ? registers[0].Name
            : bits is [var only] ? Name(only)
            : $"{registers[0].Name}[{{{string.Join(", ", bits.Reverse())}}}]";
        return string.Create(CultureInfo.InvariantCulture, $"{left} {(condition.Negated ? "!=" : "==")} {number}");
    }
}
