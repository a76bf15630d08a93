// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp.OpenQasm;

/// <summary>
/// Recursive descent from tokens to statements, for OpenQASM 2 and 3 (openqasm.com, arXiv:1707.03429 and arXiv:2104.14722).
/// It knows the grammar alone; what names mean is found later. Nesting has a limit, so that no file exhausts the stack.
/// </summary>
internal sealed partial class QasmParser
{
    private readonly QasmSource source;
    private readonly QasmLexer lexer;
    private QasmToken token;
    private int depth;
    private int previous; // the end of the token before this one

    private QasmParser(QasmSource source)
    {
        this.source = source;
        lexer = new QasmLexer(source);
        token = lexer.Next();
    }

    /// <summary>The version of the language: of the header, or told by who includes it.</summary>
    public QasmVersion Version { get; private set; }

    /// <summary>The statements of a file.</summary>
    /// <param name="source">The file.</param>
    /// <param name="within">The version of the file that includes it; null for the first file, whose header tells.</param>
    /// <returns>The version and the statements.</returns>
    public static (QasmVersion Version, ImmutableArray<QasmStatement> Statements) Parse(QasmSource source, QasmVersion? within)
    {
        var parser = new QasmParser(source);
        parser.Header(within);
        var statements = ImmutableArray.CreateBuilder<QasmStatement>();
        while (parser.token.Kind != QasmTokenKind.End)
        {
            statements.Add(parser.Statement());
        }

        return (parser.Version, statements.ToImmutable());
    }

    private QasmPlace Here => new(source, token.Start);

    private ReadOnlySpan<char> Spelling => source.Text.AsSpan(token.Start, token.Length);

    private void Header(QasmVersion? within)
    {
        var place = Here;
        if (token.Kind == QasmTokenKind.End && within is null)
        {
            throw place.Refuse("the file is empty; an OpenQASM file begins with OPENQASM 2.0; or OPENQASM 3.0;");
        }

        if (!Take("OPENQASM"))
        {
            if (within is null && token.Kind is QasmTokenKind.Identifier && Spelling is not ("include" or "qubit" or "qreg" or "creg" or "gate" or "def" or "const" or "input"
                or "bit" or "int" or "uint" or "float" or "angle" or "bool"))
            {
                throw place.Refuse($"the file begins with '{Found()}'; an OpenQASM file begins with OPENQASM 2.0; or OPENQASM 3.0;");
            }

            // The header of version 3 may be left out. A file of version 2 without one shows itself by its library.
            Version = within ?? (Is("include") && source.Text.AsSpan(token.Start).TrimStart("include").TrimStart() is ['"', .. var file] && file.StartsWith("qelib1.inc")
                ? QasmVersion.Two
                : QasmVersion.Three);
            return;
        }

        place = Here;
        Version = Spelling switch
        {
            "2.0" or "2" => QasmVersion.Two,
            "3.0" or "3" or "3.1" => QasmVersion.Three,
            _ => throw place.Refuse($"OPENQASM {Found()} is not known here; write OPENQASM 2.0; or OPENQASM 3.0;"),
        };
        Advance();
        Expect(";", "after the version");
        if (within is { } outer && outer != Version)
        {
            throw place.Refuse("an included file has the version of the file that includes it; change this one's header");
        }
    }

    private QasmStatement Statement()
    {
        Enter();
        var annotation = Annotations();
        var place = Here;
        var statement = token.Kind switch
        {
            QasmTokenKind.Identifier when Version == QasmVersion.Two => Statement2(place),
            QasmTokenKind.Identifier => Statement3(place, annotation),
            QasmTokenKind.Symbol when Is("{") && Version == QasmVersion.Three => new QasmStatement.Block(place, Braces()),
            _ => throw Unexpected("a statement begins with a word, such as a gate's name or a declaration"),
        };
        depth--;
        return statement;
    }

    // Pragmas and annotations speak to other tools; only the annotations of our own writer mean something here.
    private string? Annotations()
    {
        string? kept = null;
        while (token.Kind is QasmTokenKind.Annotation or QasmTokenKind.Pragma)
        {
            kept = Spelling.StartsWith("@qusp.") ? Spelling.Trim().ToString() : kept;
            Advance();
        }

        return kept;
    }

    private QasmStatement Statement2(QasmPlace place) => Spelling switch
    {
        "include" => Include(place),
        "qreg" or "creg" => Register(place),
        "gate" => Gate(place),
        "opaque" => Opaque(place),
        "if" => If2(place),
        "measure" => Measure(place),
        _ => Application(place),
    };

    private QasmStatement Statement3(QasmPlace place, string? annotation) => Spelling switch
    {
        "include" => Include(place),
        "qreg" or "creg" => Register(place),
        "gate" => Gate(place),
        "opaque" => Opaque(place),
        "qubit" or "bit" or "int" or "uint" or "float" or "angle" or "bool" => Declaration(place, null, annotation),
        "const" or "input" or "output" => Declaration(place, Word("a declaration"), annotation),
        "def" => Subroutine(place),
        "let" => Alias(place),
        "if" => If3(place),
        "for" => For(place),
        "while" => While(place),
        "switch" => Switch(place),
        "measure" => Measure(place),
        "break" or "continue" or "return" or "end" => Jump(place),
        "ctrl" or "negctrl" or "inv" or "pow" => Application(place),
        "delay" or "box" or "cal" or "defcal" or "defcalgrammar" or "extern" or "duration" or "stretch" or "array" or "complex" or "nop" =>
            throw place.Refuse($"'{Found()}' is not read here: timing, calibration, foreign functions, arrays and complex numbers are outside; remove it"),
        _ => Application(place),
    };

    private QasmStatement.Include Include(QasmPlace place)
    {
        Advance();
        var text = token.Kind == QasmTokenKind.Text ? Spelling[1..^1].ToString() : throw Unexpected("the name of a file in quotes follows include");
        Advance();
        Expect(";", "after the file's name");
        return new(place, text);
    }

    // measure q; and measure q -> c;
    private QasmStatement Measure(QasmPlace place)
    {
        var value = Primary();
        if (!Take("->"))
        {
            Expect(";", Version == QasmVersion.Two ? "a measurement is written measure q -> c" : "after the measurement");
            return Version == QasmVersion.Three ? new QasmStatement.Evaluate(place, value) : throw place.Refuse("the measurement names no bit; write measure q -> c;");
        }

        var target = Operand();
        Expect(";", "after the measurement");
        return new QasmStatement.Assign(place, target, null, value);
    }

    // A gate on qubits, an assignment, or a value alone: the three begin alike.
    private QasmStatement Application(QasmPlace place)
    {
        var modifiers = Modifiers();
        var name = Word("a gate's name");
        var arguments = ImmutableArray<QasmExpression>.Empty;
        var called = Take("(");
        if (called)
        {
            arguments = Arguments(")");
        }

        if (Version == QasmVersion.Three && modifiers.IsEmpty && !called && (Is("=") || Is("[") || IsCompound()))
        {
            return Assignment(place, new QasmExpression.Name(place, name));
        }

        if (Version == QasmVersion.Three && modifiers.IsEmpty && called && Take(";"))
        {
            return name == "gphase"
                ? new QasmStatement.Apply(place, modifiers, name, arguments, [])
                : new QasmStatement.Evaluate(place, new QasmExpression.Call(place, name, arguments));
        }

        if (name == "measure")
        {
            throw place.Refuse("a measurement has no modifiers and stands alone; remove what is before it");
        }

        var qubits = ImmutableArray.CreateBuilder<QasmExpression>();
        while (!Take(";"))
        {
            if (qubits.Count > 0)
            {
                Expect(",", $"after a qubit of {name}; several are separated by commas, and the last one is followed by a semicolon");
            }

            qubits.Add(Operand());
        }

        return new QasmStatement.Apply(place, modifiers, name, arguments, qubits.ToImmutable());
    }

    private QasmStatement.Assign Assignment(QasmPlace place, QasmExpression target)
    {
        target = Indices(target);
        var word = Spelling.ToString();
        if (!Is("=") && !IsCompound())
        {
            throw Unexpected("an assignment has = here, and a gate a qubit");
        }

        Advance();
        var value = Expression();
        Expect(";", "after the assignment");
        return new(place, target, word == "=" ? null : word[..^1], value);
    }

    private bool IsCompound() => token is { Kind: QasmTokenKind.Symbol, Length: > 1 } && Spelling[^1] == '=' && Spelling is not ("==" or "!=" or "<=" or ">=");

    private ImmutableArray<QasmModifier> Modifiers()
    {
        var modifiers = ImmutableArray.CreateBuilder<QasmModifier>();
        while (Version == QasmVersion.Three && Spelling is "ctrl" or "negctrl" or "inv" or "pow")
        {
            var place = Here;
            var word = Word("a modifier");
            var argument = word is "inv" || !Is("(") ? null : Parenthesis($"after {word}");
            if (word == "pow" && argument is null)
            {
                throw Unexpected("a power names its exponent, as in pow(2) @ x q");
            }

            Expect("@", $"after the modifier {word}");
            modifiers.Add(modifiers.Count < QasmLimits.Nesting
                ? new QasmModifier(place, word, argument)
                : throw place.Refuse($"more than {QasmLimits.Nesting} modifiers stand before one gate; write fewer"));
        }

        return modifiers.ToImmutable();
    }

    private ImmutableArray<QasmStatement> Body() => Is("{") ? Braces() : [Statement()];

    private ImmutableArray<QasmStatement> Braces()
    {
        var open = Here;
        Expect("{", "before the body");
        Enter();
        var body = ImmutableArray.CreateBuilder<QasmStatement>();
        while (!Take("}"))
        {
            body.Add(token.Kind == QasmTokenKind.End ? throw open.Refuse("the block that begins here does not end; close it with }") : Statement());
        }

        depth--;
        return body.ToImmutable();
    }
}
