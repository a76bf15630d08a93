// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;

namespace Qusp.OpenQasm;

/// <content>One token of foresight: what stands here, what must, and what to say if it does not.</content>
internal sealed partial class QasmParser
{
    private void Enter()
    {
        if (++depth > QasmLimits.Nesting)
        {
            throw Here.Refuse($"this is nested more than {QasmLimits.Nesting} deep; write it in several statements");
        }
    }

    private void Advance()
    {
        previous = token.Start + token.Length;
        token = lexer.Next();
    }

    private bool Is(string spelling) => token.Kind is QasmTokenKind.Symbol or QasmTokenKind.Identifier && Spelling.SequenceEqual(spelling);

    private bool Take(string spelling)
    {
        var found = Is(spelling);
        if (found)
        {
            Advance();
        }

        return found;
    }

    private void Expect(string spelling, string where)
    {
        if (!Take(spelling))
        {
            throw Unexpected($"'{spelling}' was expected: {where}");
        }
    }

    private string Word(string what)
    {
        if (token.Kind != QasmTokenKind.Identifier)
        {
            throw Unexpected($"{what} was expected");
        }

        var word = Spelling.ToString();
        Advance();
        return word;
    }

    private string Found() => token.Kind == QasmTokenKind.End ? "the end of the file" : CutTo(Spelling.ToString(), 40);

    private InvalidDataException Unexpected(string expected) =>
        Here.Refuse(token.Kind == QasmTokenKind.End ? $"the file ends here; {expected}" : $"'{Found()}' is unexpected; {expected}");

    [return: NotNullIfNotNull(nameof(text))]
    private static string? CutTo(string? text, int length) => text?.Length > length ? text[..length] + "…" : text;
}
