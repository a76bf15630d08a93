// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Qusp.OpenQasm;

/// <summary>The text of a file, and how a complaint about it begins.</summary>
/// <param name="name">The name that messages give it.</param>
/// <param name="text">Its text.</param>
internal sealed class QasmSource(string name, string text)
{
    /// <summary>The text.</summary>
    public string Text => text;

    /// <summary>The name that messages give it.</summary>
    public string Name => name;

    /// <summary>The exception <c>FILE:LINE:COLUMN: what is wrong; what to do</c>, in one line.</summary>
    /// <param name="offset">Where it is wrong; lines and columns count from 1.</param>
    /// <param name="problem">What is wrong, and what to do.</param>
    public InvalidDataException Refuse(int offset, string problem)
    {
        var before = text.AsSpan(0, Math.Min(offset, text.Length));
        var line = before.Count('\n') + 1;
        var column = before.Length - before.LastIndexOf('\n');
        return new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{OneLine.Of(name)}:{line}:{column}: {OneLine.Of(problem, 400)}"));
    }
}

/// <summary>A place in a source.</summary>
/// <param name="Source">The source.</param>
/// <param name="Offset">The character, from 0.</param>
internal readonly record struct QasmPlace(QasmSource Source, int Offset)
{
    /// <summary>The exception that names this place.</summary>
    public InvalidDataException Refuse(string problem) => Source.Refuse(Offset, problem);
}
