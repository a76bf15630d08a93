// SPDX-License-Identifier: Apache-2.0
namespace Qusp;

/// <summary>
/// Expressions and all that they are made of, each once and after its arguments. Two expressions are equal if they get
/// the same number. Nothing recurses: what a loop of a million additions made is followed as well.
/// </summary>
internal sealed class ExpressionGraph
{
    private readonly Dictionary<Expression, int> numbers = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Node, int> known = [];
    private readonly List<Node> nodes = [];

    /// <summary>The distinct nodes, arguments first.</summary>
    public IReadOnlyList<Node> Nodes => nodes;

    /// <summary>Adds an expression with its parts, and returns its number in <see cref="Nodes"/>.</summary>
    public int Add(Expression root)
    {
        var pending = new Stack<Expression>([root]);
        while (pending.TryPeek(out var expression))
        {
            if (numbers.ContainsKey(expression))
            {
                pending.Pop();
                continue;
            }

            var ready = true;
            foreach (var argument in (ReadOnlySpan<Angle>)[expression.Second, expression.First])
            {
                if (argument.Expression is { } inner && !numbers.ContainsKey(inner))
                {
                    pending.Push(inner);
                    ready = false;
                }
            }

            if (ready)
            {
                numbers.Add(pending.Pop(), Number(new Node(expression.Row, ToOperand(expression.First), ToOperand(expression.Second))));
            }
        }

        return numbers[root];
    }

    /// <summary>The angle, its expression added.</summary>
    public Operand ToOperand(Angle angle) => new(
        angle.Source,
        angle.Expression is not { } inner ? angle.Index : numbers.TryGetValue(inner, out var number) ? number : Add(inner),
        angle.Scale,
        angle.Offset);

    private int Number(Node node)
    {
        if (!known.TryGetValue(node, out var number))
        {
            number = nodes.Count;
            known.Add(node, number);
            nodes.Add(node);
        }

        return number;
    }

    /// <summary>A function applied to operands.</summary>
    internal readonly record struct Node(ExpressionFunction Function, Operand First, Operand Second);
}

/// <summary>An argument of a node: an angle whose index, where its source is an expression, is the number of a node.</summary>
internal readonly record struct Operand(AngleSource Source, int Index, double Scale, double Offset);
