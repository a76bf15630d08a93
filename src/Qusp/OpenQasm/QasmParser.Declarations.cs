// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp.OpenQasm;

// Registers, variables, gates, subroutines, aliases.
internal sealed partial class QasmParser
{
    private QasmStatement.Declaration Register(QasmPlace place)
    {
        var word = Word("a register");
        var name = Word("the register's name");
        var size = Version == QasmVersion.Two || Is("[") ? Brackets("the register's size") : null;
        Expect(";", $"after the declaration of {name}");
        return new(place, null, new QasmType(word == "qreg" ? "qubit" : "bit", size), name, null, null);
    }

    private QasmStatement.Declaration Declaration(QasmPlace place, string? role, string? annotation)
    {
        var type = Type();
        var name = Word("the variable's name");
        var value = Take("=") ? Expression() : null;
        Expect(";", $"after the declaration of {name}");
        return new(place, role, type, name, value, annotation);
    }

    private QasmType Type()
    {
        if (Spelling is not ("qubit" or "bit" or "int" or "uint" or "float" or "angle" or "bool" or "creg" or "qreg"))
        {
            throw Unexpected("a type is qubit, bit, int, uint, float, angle or bool");
        }

        var word = Word("a type");
        return new(word switch { "qreg" => "qubit", "creg" => "bit", _ => word }, Is("[") ? Brackets("the type's size") : null);
    }

    private QasmStatement.Definition Gate(QasmPlace place)
    {
        var start = token.Start;
        Advance();
        var (name, angles, qubits) = GateHead();
        var body = Braces();
        return new(place, name, angles, qubits, body, source.Text[start..previous]);
    }

    private QasmStatement.Definition Opaque(QasmPlace place)
    {
        Advance();
        var (name, angles, qubits) = GateHead();
        Expect(";", "after an opaque gate");
        return new(place, name, angles, qubits, default, null);
    }

    private (string Name, ImmutableArray<string> Angles, ImmutableArray<string> Qubits) GateHead()
    {
        var name = Word("the gate's name");
        var angles = Take("(") ? Names(")", "a parameter's name") : [];
        var qubits = Is("{") || Is(";") ? throw Unexpected("a gate names its qubits before its body") : Names(null, "a qubit's name");
        return (name, angles, qubits);
    }

    private ImmutableArray<string> Names(string? close, string what)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        if (close is null || !Take(close))
        {
            do
            {
                var place = Here;
                var name = Word(what);
                names.Add(names.Contains(name) ? throw place.Refuse($"'{name}' stands here twice; give each a name of its own") : name);
            }
            while (Take(","));
            if (close is not null)
            {
                Expect(close, "after the names");
            }
        }

        return names.ToImmutable();
    }

    private QasmStatement.Subroutine Subroutine(QasmPlace place)
    {
        Advance();
        var name = Word("the subroutine's name");
        Expect("(", "before the parameters");
        var parameters = ImmutableArray.CreateBuilder<(QasmType, string)>();
        while (!Take(")"))
        {
            var type = Type();
            var parameter = Word("a parameter's name");
            parameters.Add((Is("[") ? type with { Size = Brackets("the parameter's size") } : type, parameter));
            if (!Is(")"))
            {
                Expect(",", "between parameters");
            }
        }

        var result = Take("->") ? Type() : null;
        return new(place, name, parameters.ToImmutable(), result, Braces());
    }

    private QasmStatement.Alias Alias(QasmPlace place)
    {
        Advance();
        var name = Word("the alias");
        Expect("=", "after the alias");
        var value = Expression();
        Expect(";", "after the alias");
        return new(place, name, value);
    }
}
