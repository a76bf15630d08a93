// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp.OpenQasm;

/// <summary>An expression: a number, a name, or something made of others.</summary>
/// <param name="Place">Where it stands.</param>
internal abstract record QasmExpression(QasmPlace Place)
{
    /// <summary>How deep it is nested: what evaluates it calls itself as often.</summary>
    public virtual int Depth => 1;

    /// <summary>A number, a truth value, or a bit string.</summary>
    public sealed record Literal(QasmPlace Place, QasmNumber Value) : QasmExpression(Place);

    /// <summary>A variable, a register, a constant.</summary>
    public sealed record Name(QasmPlace Place, string Text) : QasmExpression(Place);

    /// <summary>An operator before its operand.</summary>
    public sealed record Unary(QasmPlace Place, string Operator, QasmExpression Operand) : QasmExpression(Place)
    {
        /// <inheritdoc/>
        public override int Depth { get; } = 1 + Operand.Depth;
    }

    /// <summary>An operator between its operands.</summary>
    public sealed record Binary(QasmPlace Place, string Operator, QasmExpression Left, QasmExpression Right) : QasmExpression(Place)
    {
        /// <inheritdoc/>
        public override int Depth { get; } = 1 + Math.Max(Left.Depth, Right.Depth);
    }

    /// <summary>A function, a subroutine or a conversion of arguments; <c>measure</c> is a function of qubits.</summary>
    public sealed record Call(QasmPlace Place, string Function, ImmutableArray<QasmExpression> Arguments, QasmExpression? Size = null) : QasmExpression(Place);

    /// <summary>Elements of a register: one, a <see cref="Range"/> or a <see cref="Set"/> of them.</summary>
    public sealed record Index(QasmPlace Place, QasmExpression Register, QasmExpression Element) : QasmExpression(Place);

    /// <summary><c>first : step : last</c>, the last included.</summary>
    public sealed record Range(QasmPlace Place, QasmExpression? First, QasmExpression? Step, QasmExpression? Last) : QasmExpression(Place);

    /// <summary><c>{a, b, c}</c>.</summary>
    public sealed record Set(QasmPlace Place, ImmutableArray<QasmExpression> Elements) : QasmExpression(Place);
}

/// <summary>A type: its word and, in brackets, its size.</summary>
internal sealed record QasmType(string Word, QasmExpression? Size);

/// <summary>A statement.</summary>
/// <param name="Place">Where it stands.</param>
internal abstract record QasmStatement(QasmPlace Place)
{
    /// <summary><c>const</c>, <c>input</c> or plain declaration of a variable or a register. A weight group's annotation is kept.</summary>
    public sealed record Declaration(QasmPlace Place, string? Role, QasmType Type, string Name, QasmExpression? Value, string? Annotation) : QasmStatement(Place);

    /// <summary>A gate's definition; without a body it is opaque.</summary>
    public sealed record Definition(QasmPlace Place, string Name, ImmutableArray<string> Angles, ImmutableArray<string> Qubits, ImmutableArray<QasmStatement> Body, string? Text)
        : QasmStatement(Place);

    /// <summary>A subroutine's definition.</summary>
    public sealed record Subroutine(QasmPlace Place, string Name, ImmutableArray<(QasmType Type, string Name)> Parameters, QasmType? Result, ImmutableArray<QasmStatement> Body)
        : QasmStatement(Place);

    /// <summary>A gate on qubits. <c>barrier</c> and <c>reset</c> have this form too.</summary>
    public sealed record Apply(
        QasmPlace Place,
        ImmutableArray<QasmModifier> Modifiers,
        string Gate,
        ImmutableArray<QasmExpression> Angles,
        ImmutableArray<QasmExpression> Qubits) : QasmStatement(Place);

    /// <summary><c>target = value</c>, with an operator or without. A measurement is a value.</summary>
    public sealed record Assign(QasmPlace Place, QasmExpression Target, string? Operator, QasmExpression Value) : QasmStatement(Place);

    /// <summary>A value that nobody takes: a subroutine's call, a measurement.</summary>
    public sealed record Evaluate(QasmPlace Place, QasmExpression Value) : QasmStatement(Place);

    /// <summary>Branches in order, the first whose condition holds; a last one without condition is <c>else</c>.</summary>
    public sealed record If(QasmPlace Place, ImmutableArray<(QasmExpression? Condition, ImmutableArray<QasmStatement> Body)> Branches) : QasmStatement(Place);

    /// <summary>A loop over the values of a range, a set or a register.</summary>
    public sealed record For(QasmPlace Place, QasmType Type, string Variable, QasmExpression Values, ImmutableArray<QasmStatement> Body) : QasmStatement(Place);

    /// <summary>A loop while a condition holds.</summary>
    public sealed record While(QasmPlace Place, QasmExpression Condition, ImmutableArray<QasmStatement> Body) : QasmStatement(Place);

    /// <summary>Another name for qubits or bits.</summary>
    public sealed record Alias(QasmPlace Place, string Name, QasmExpression Value) : QasmStatement(Place);

    /// <summary><c>break</c>, <c>continue</c>, <c>return</c>, <c>end</c>.</summary>
    public sealed record Jump(QasmPlace Place, string Word, QasmExpression? Value) : QasmStatement(Place);

    /// <summary>Statements with a scope of their own.</summary>
    public sealed record Block(QasmPlace Place, ImmutableArray<QasmStatement> Body) : QasmStatement(Place);

    /// <summary>Another file, or a library.</summary>
    public sealed record Include(QasmPlace Place, string File) : QasmStatement(Place);
}

/// <summary><c>ctrl</c>, <c>negctrl</c>, <c>inv</c> or <c>pow</c> before a gate, with its argument.</summary>
internal sealed record QasmModifier(QasmPlace Place, string Word, QasmExpression? Argument);
