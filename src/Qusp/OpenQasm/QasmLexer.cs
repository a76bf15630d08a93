// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace Qusp.OpenQasm;

/// <summary>What a token is.</summary>
internal enum QasmTokenKind
{
    End,
    Identifier,
    Integer,
    Real,
    Timing,
    Text,
    Symbol,
    Annotation,
    Pragma,
}

/// <summary>A token: a stretch of the source.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Its first character.</param>
/// <param name="Length">How many characters it has.</param>
internal readonly record struct QasmToken(QasmTokenKind Kind, int Start, int Length);

/// <summary>Cuts a source into tokens, one at a time. Comments and blanks are passed over.</summary>
internal sealed class QasmLexer(QasmSource source)
{
    // Longest first.
    private static readonly string[] Symbols =
    [
        "**=", "<<=", ">>=", "->", "++", "==", "!=", "<=", ">=", "&&", "||", "<<", ">>", "**", "+=", "-=", "*=", "/=", "%=", "^=", "&=", "|=",
        "(", ")", "[", "]", "{", "}", ",", ";", ":", "=", "+", "-", "*", "/", "%", "^", "&", "|", "~", "!", "<", ">", "@", "$",
    ];

    private readonly string text = source.Text;
    private int at;
    private bool startsStatement = true;

    /// <summary>The next token; after the last one <see cref="QasmTokenKind.End"/>, for ever.</summary>
    public QasmToken Next()
    {
        SkipBlanks();
        var token = at == text.Length ? new QasmToken(QasmTokenKind.End, at, 0) : Read();
        at = token.Start + token.Length;
        startsStatement = token.Kind is QasmTokenKind.Annotation or QasmTokenKind.Pragma
            || (token.Kind == QasmTokenKind.Symbol && text[token.Start] is ';' or '{' or '}');
        return token;
    }

    private QasmToken Read()
    {
        var first = text[at];
        if (IsLetter(at))
        {
            return Word();
        }

        if (char.IsAsciiDigit(first) || (first == '.' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1])))
        {
            return Number();
        }

        return first switch
        {
            '"' or '\'' => Quoted(first),
            '@' when startsStatement => Line(QasmTokenKind.Annotation),
            '#' => string.CompareOrdinal(text, at, "#pragma", 0, 7) == 0
                ? Line(QasmTokenKind.Pragma)
                : throw Refuse(at, "'#' begins nothing here; a directive is written #pragma"),
            _ => Array.Find(Symbols, symbol => string.CompareOrdinal(text, at, symbol, 0, symbol.Length) == 0) is { } found
                ? new QasmToken(QasmTokenKind.Symbol, at, found.Length)
                : throw Refuse(at, $"{Shown(at)} is no part of OpenQASM; remove it, or check that this is an OpenQASM file"),
        };
    }

    private QasmToken Word()
    {
        var end = at;
        while (end < text.Length && (IsLetter(end) || char.IsDigit(text[end]) || char.IsLowSurrogate(text[end])))
        {
            end++;
        }

        return startsStatement && text.AsSpan(at, end - at).SequenceEqual("pragma") ? Line(QasmTokenKind.Pragma) : new QasmToken(QasmTokenKind.Identifier, at, end - at);
    }

    private QasmToken Number()
    {
        var (end, kind) = (at, QasmTokenKind.Integer);
        if (text[at] == '0' && at + 1 < text.Length && char.ToLowerInvariant(text[at + 1]) is 'x' or 'b' or 'o')
        {
            end += 2;
            while (end < text.Length && (char.IsAsciiHexDigit(text[end]) || text[end] == '_'))
            {
                end++;
            }
        }
        else
        {
            end = Digits(end);
            if (end < text.Length && text[end] == '.')
            {
                (kind, end) = (QasmTokenKind.Real, Digits(end + 1));
            }

            if (end < text.Length && text[end] is 'e' or 'E')
            {
                var exponent = end + 1 < text.Length && text[end + 1] is '+' or '-' ? end + 2 : end + 1;
                if (exponent < text.Length && char.IsAsciiDigit(text[exponent]))
                {
                    (kind, end) = (QasmTokenKind.Real, Digits(exponent));
                }
            }
        }

        var unit = end;
        while (unit < text.Length && IsLetter(unit))
        {
            unit++;
        }

        return unit == end ? new QasmToken(kind, at, end - at)
            : text[end..unit] is "ns" or "us" or "µs" or "μs" or "ms" or "s" or "dt" ? new QasmToken(QasmTokenKind.Timing, at, unit - at)
            : throw Refuse(at, $"'{text[at..unit]}' is neither a number nor a name; a name begins with a letter");
    }

    private int Digits(int end)
    {
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || (text[end] == '_' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]))))
        {
            end++;
        }

        return end;
    }

    private QasmToken Quoted(char quote)
    {
        var end = text.AsSpan(at + 1).IndexOfAny(quote, '\n');
        return end >= 0 && text[at + 1 + end] == quote
            ? new QasmToken(QasmTokenKind.Text, at, end + 2)
            : throw Refuse(at, $"the text that begins here does not end on its line; close it with {quote}");
    }

    private QasmToken Line(QasmTokenKind kind)
    {
        var end = text.AsSpan(at).IndexOf('\n');
        return new QasmToken(kind, at, end < 0 ? text.Length - at : end);
    }

    private void SkipBlanks()
    {
        while (at < text.Length)
        {
            if (text[at] is ' ' or '\t' or '\r' or '\n' or '\f' || (at == 0 && text[0] == '\uFEFF'))
            {
                at++;
            }
            else if (string.CompareOrdinal(text, at, "//", 0, 2) == 0)
            {
                at += Line(QasmTokenKind.Pragma).Length;
            }
            else if (string.CompareOrdinal(text, at, "/*", 0, 2) == 0)
            {
                var end = text.IndexOf("*/", at + 2, StringComparison.Ordinal);
                at = end >= 0 ? end + 2 : throw Refuse(at, "the comment that begins here does not end; close it with */");
            }
            else
            {
                return;
            }
        }
    }

    private bool IsLetter(int index) => text[index] is '_'
        || (char.IsSurrogate(text[index]) ? char.IsHighSurrogate(text[index]) && Rune.TryGetRuneAt(text, index, out var rune) && Rune.IsLetter(rune) : char.IsLetter(text[index]));

    private string Shown(int index) => char.IsControl(text[index])
        ? string.Create(CultureInfo.InvariantCulture, $"the character U+{(int)text[index]:X4}")
        : $"'{(Rune.TryGetRuneAt(text, index, out var rune) ? rune : Rune.ReplacementChar)}'";

    private InvalidDataException Refuse(int index, string problem) => source.Refuse(index, problem);
}
