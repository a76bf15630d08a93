// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.Lanes.Code;

/// <summary>What a node of a tape computes, of vectors lane by lane.</summary>
internal enum Op
{
    /// <summary>The same number in every lane.</summary>
    Constant,

    /// <summary>A vector of the worker's memory; <see cref="Node.A"/> counts vectors.</summary>
    Load,

    /// <summary>A number that all samples share, in every lane; <see cref="Node.A"/> counts numbers.</summary>
    LoadUniform,
    Add,
    Subtract,
    Multiply,
    Negate,

    /// <summary>A·B + C.</summary>
    MultiplyAdd,
    Abs,
    Round,
    Floor,

    /// <summary>A mask, A &gt; B.</summary>
    Exceeds,

    /// <summary>The mask of lanes that either holds.</summary>
    Or,

    /// <summary>B where the mask A holds, C elsewhere.</summary>
    Select,
}

/// <summary>One operation on earlier nodes.</summary>
internal readonly record struct Node(Op Op, int A = 0, int B = 0, int C = 0, double Value = 0)
{
    /// <summary>How many nodes it takes.</summary>
    public int Arity => Op switch
    {
        Op.Constant or Op.Load or Op.LoadUniform => 0,
        Op.Negate or Op.Abs or Op.Round or Op.Floor => 1,
        Op.MultiplyAdd or Op.Select => 3,
        _ => 2,
    };

    /// <summary>The node's k-th argument.</summary>
    public int Argument(int k) => k switch { 0 => A, 1 => B, _ => C };
}

/// <summary>
/// What a worker did, written down by <see cref="Traced{T}"/> as it ran on symbols. Equal nodes are one node. Products
/// with 0 and 1 and sums with 0 vanish here, so amplitudes known to be zero cost nothing. Every rule keeps the bits that
/// the arithmetic would give (save the sign of a zero), so code made from a tape agrees with the interpreter exactly.
/// </summary>
internal sealed unsafe class Tape
{
    /// <summary>The node 0 is the number 0: cleared memory holds zeros.</summary>
    public const int Zero = 0;

    [ThreadStatic]
    private static Tape? current;
    private readonly List<Node> nodes = [];
    private readonly Dictionary<Node, int> known = [];
    private readonly nint uniform;
    private readonly int numberSize;
    private readonly int limit;

    /// <summary>An empty tape.</summary>
    /// <param name="uniform">The address that shared numbers count from.</param>
    /// <param name="numberSize">Bytes of a number.</param>
    /// <param name="limit">Nodes after which it is <see cref="IsFull"/>.</param>
    public Tape(void* uniform, int numberSize, int limit)
    {
        (this.uniform, this.numberSize, this.limit) = ((nint)uniform, numberSize, limit);
        Constant(0);
    }

    /// <summary>The tape of this thread.</summary>
    public static Tape Current
    {
        get => current ?? throw new InvalidOperationException("No tape is running.");
        set => current = value;
    }

    /// <summary>The nodes; each takes earlier ones only.</summary>
    public IReadOnlyList<Node> Nodes => nodes;

    /// <summary>The mask of lanes for which the tape does not hold and the worker must run by itself; <see cref="Zero"/> if there is none.</summary>
    public int Exceptions { get; private set; }

    /// <summary>Whether it ran out of room: later nodes are missing.</summary>
    public bool IsFull { get; private set; }

    public void Except(int mask) => Exceptions = Exceptions == Zero ? mask : Put(new Node(Op.Or, Exceptions, mask));

    public int Constant(double value) => Put(new Node(Op.Constant, Value: value == 0 ? 0 : value));

    public int Load(int vector) => Put(new Node(Op.Load, vector));

    public int LoadUniform(void* address) => Put(new Node(Op.LoadUniform, (int)(((nint)address - uniform) / numberSize)));

    public int Unary(Op op, int a) => Put(new Node(op, a));

    public int Exceeds(int a, int b) => Put(new Node(Op.Exceeds, a, b));

    public int Select(int mask, int on, int off) => on == off ? on : Put(new Node(Op.Select, mask, on, off));

    public int Negate(int a) => nodes[a].Op switch
    {
        Op.Constant => Constant(-nodes[a].Value),
        Op.Negate => nodes[a].A,
        Op.Subtract => Subtract(nodes[a].B, nodes[a].A),
        _ => Put(new Node(Op.Negate, a)),
    };

    public int Add(int a, int b)
    {
        if (a == Zero || b == Zero)
        {
            return a == Zero ? b : a;
        }

        if (nodes[b].Op == Op.Negate)
        {
            return Subtract(a, nodes[b].A);
        }

        return nodes[a].Op == Op.Negate ? Subtract(b, nodes[a].A) : Put(new Node(Op.Add, Math.Min(a, b), Math.Max(a, b)));
    }

    public int Subtract(int a, int b)
    {
        if (a == Zero || b == Zero)
        {
            return a == Zero ? Negate(b) : a;
        }

        return a == b ? Zero : nodes[b].Op == Op.Negate ? Add(a, nodes[b].A) : Put(new Node(Op.Subtract, a, b));
    }

    public int Multiply(int a, int b)
    {
        if (Constants(ref a, ref b, out var value))
        {
            return Constant(value);
        }

        if (Factor(a) is 0 or 1 or -1)
        {
            return Factor(a) == 0 ? Zero : Factor(a) == 1 ? b : Negate(b);
        }

        var negative = Strip(ref a) ^ Strip(ref b);
        var product = Put(new Node(Op.Multiply, Math.Min(a, b), Math.Max(a, b)));
        return negative ? Negate(product) : product;
    }

    public int MultiplyAdd(int a, int b, int c)
    {
        if (c == Zero)
        {
            return Multiply(a, b);
        }

        if (Constants(ref a, ref b, out var value) && value == 0)
        {
            return c;
        }

        if (Factor(a) is 0 or 1 or -1)
        {
            return Factor(a) == 0 ? c : Factor(a) == 1 ? Add(c, b) : Subtract(c, b);
        }

        // The sign stays on one factor, where the processor takes it for nothing.
        var negative = Strip(ref a) ^ Strip(ref b);
        (a, b) = (Math.Min(a, b), Math.Max(a, b));
        return Put(new Node(Op.MultiplyAdd, negative ? Negate(a) : a, b, c));
    }

    // Whether both are constants; a lone constant comes first.
    private bool Constants(ref int a, ref int b, out double product)
    {
        if (nodes[b].Op == Op.Constant)
        {
            (a, b) = (b, a);
        }

        var both = nodes[a].Op == Op.Constant && nodes[b].Op == Op.Constant;
        product = !both ? 0 : numberSize == sizeof(float) ? (float)(nodes[a].Value * nodes[b].Value) : nodes[a].Value * nodes[b].Value;
        return both;
    }

    private double? Factor(int a) => nodes[a].Op == Op.Constant ? nodes[a].Value : null;

    private bool Strip(ref int a)
    {
        var negative = nodes[a].Op == Op.Negate;
        a = negative ? nodes[a].A : a;
        return negative;
    }

    private int Put(Node node)
    {
        if (known.TryGetValue(node, out var index))
        {
            return index;
        }

        if (nodes.Count >= limit)
        {
            IsFull = true;
            return Zero;
        }

        nodes.Add(node);
        return known[node] = nodes.Count - 1;
    }
}
