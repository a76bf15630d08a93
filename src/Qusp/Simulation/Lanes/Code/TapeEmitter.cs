// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Reflection.Emit;

namespace Qusp.Simulation.Lanes.Code;

/// <summary>A part of a tape as a method: false, with nothing written, if the tape does not hold for the block.</summary>
/// <param name="memory">A worker's memory.</param>
/// <param name="uniform">What all samples share.</param>
/// <param name="kept">What one part hands to the next.</param>
internal unsafe delegate bool LaneBlock(byte* memory, byte* uniform, byte* kept);

/// <summary>
/// Tape → straight-line methods, amplitudes in locals that the compiler keeps in registers. In long methods it gives up
/// on that, so a long tape is cut into several.
/// </summary>
[RequiresDynamicCode("Makes methods at run time.")]
internal sealed class TapeEmitter
{
    // A value used once and soon stays on the evaluation stack; later, it would keep its own arguments alive instead.
    private const int Near = 6;

    private const int MaxReferences = 1_000; // measured: 700 to 1500 alike, from 2000 on many times slower

    private readonly Tape tape;
    private readonly IReadOnlyList<(int Vector, int Node)> results;
    private readonly VectorMethods methods;
    private readonly int numberSize;
    private readonly int vectorSize;
    private readonly List<LaneBlock> parts = [];
    private DynamicMethod method;
    private ILGenerator il;
    private int partOf; // of the node at hand
    private readonly int[] uses;
    private readonly int[] at; // where a node is emitted: its own place, or its only user's
    private readonly int[] last; // where it is used last
    private readonly LocalBuilder?[] locals;
    private readonly int[] part; // which method a node is emitted in
    private readonly int[] places; // where it is kept for later methods, or −1
    private readonly Stack<LocalBuilder> free = new();
    private readonly Stack<int> freePlaces = new();
    private int placeCount;

    private TapeEmitter(Tape tape, IReadOnlyList<(int Vector, int Node)> results, VectorMethods methods, int numberSize, int vectorSize)
    {
        (this.tape, this.results, this.methods, this.numberSize, this.vectorSize) = (tape, results, methods, numberSize, vectorSize);
        var count = tape.Nodes.Count;
        (uses, at, last, locals, part, places) = (new int[count], new int[count], new int[count], new LocalBuilder?[count], new int[count], new int[count]);
        Begin();
    }

    /// <summary>Makes the methods; null if the tape does not say in the first whether it holds.</summary>
    /// <param name="tape">What they compute.</param>
    /// <param name="results">The nodes they store, and at which vectors of the worker's memory.</param>
    /// <param name="methods">The vectors they compute with.</param>
    /// <param name="numberSize">Bytes of a number.</param>
    /// <param name="lanes">Numbers of a vector.</param>
    public static (LaneBlock[] Parts, int KeptBytes)? Emit(
        Tape tape, IReadOnlyList<(int Vector, int Node)> results, VectorMethods methods, int numberSize, int lanes)
    {
        var emitter = new TapeEmitter(tape, results, methods, numberSize, numberSize * lanes);
        emitter.Place();
        emitter.Cut();
        if (emitter.part[tape.Exceptions] > 0)
        {
            return null;
        }

        emitter.Emit();
        return ([.. emitter.parts], emitter.placeCount * emitter.vectorSize);
    }

    private void Emit()
    {
        var stores = results.ToLookup(result => result.Node, result => result.Vector);
        var ending = Enumerable.Range(0, tape.Nodes.Count).Where(IsHeld).ToLookup(node => last[node]);
        if (tape.Exceptions == Tape.Zero)
        {
            Store(stores[Tape.Zero], Tape.Zero);
        }

        for (var node = 0; node < tape.Nodes.Count; node++)
        {
            if (part[node] != partOf)
            {
                End();
                Begin();
                partOf = part[node];
            }

            if (IsHeld(node))
            {
                Compute(node);
                Release(ending[node].Where(dead => dead != node));
                Hold(node);
            }

            if (node == tape.Exceptions && node != Tape.Zero)
            {
                LeaveIfAny(node);

                // Nothing is stored before it is known that the tape holds.
                for (var early = 0; early <= node; early++)
                {
                    Store(stores[early], early);
                }
            }
            else if (node > tape.Exceptions)
            {
                Store(stores[node], node);
                Release(ending[node].Where(dead => dead == node));
            }
        }

        End();
    }

    [MemberNotNull(nameof(method), nameof(il))]
    private void Begin()
    {
        method = new DynamicMethod("Qusp.Lanes", typeof(bool), [typeof(byte*), typeof(byte*), typeof(byte*)], typeof(TapeEmitter).Module);
        il = method.GetILGenerator();
        free.Clear();
    }

    private void End()
    {
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Ret);
        parts.Add(method.CreateDelegate<LaneBlock>());
    }

    private void Release(IEnumerable<int> dead)
    {
        foreach (var node in dead)
        {
            if (part[node] == partOf)
            {
                free.Push(locals[node]!);
            }

            if (places[node] >= 0)
            {
                freePlaces.Push(places[node]);
            }
        }
    }

    private void Hold(int node)
    {
        var local = free.Count > 0 ? free.Pop() : il.DeclareLocal(methods.Vector);
        il.Emit(OpCodes.Stloc, local);
        places[node] = -1;
        if (last[node] < tape.Nodes.Count && part[last[node]] != partOf)
        {
            places[node] = freePlaces.Count > 0 ? freePlaces.Pop() : placeCount++;
            il.Emit(OpCodes.Ldarg_2);
            Offset((long)places[node] * vectorSize);
            il.Emit(OpCodes.Ldloc, local);
            il.Emit(OpCodes.Unaligned, (byte)1);
            il.Emit(OpCodes.Stobj, methods.Vector);
        }

        locals[node] = local;
    }

    // Which method each node goes to, by a bound of its uses of locals and arguments.
    private void Cut()
    {
        var (current, references) = (0, 0);
        for (var node = 0; node < tape.Nodes.Count; node++)
        {
            references += uses[node] == 0 ? 0 : tape.Nodes[node].Arity + 1;
            if (IsHeld(node) && references > MaxReferences)
            {
                (current, references) = (current + 1, 0);
            }

            part[node] = current;
        }
    }

    private bool IsHeld(int node) => uses[node] > 0 && at[node] == node && tape.Nodes[node].Arity > 0;

    private void Place()
    {
        // A result is stored where it is computed, or where the exceptions are known.
        foreach (var (_, node) in results)
        {
            uses[node] += 2;
            last[node] = node > tape.Exceptions ? node : tape.Nodes.Count;
        }

        uses[tape.Exceptions] += 2;
        last[tape.Exceptions] = tape.Nodes.Count;
        for (var node = tape.Nodes.Count - 1; node >= 0; node--)
        {
            if (uses[node] == 0)
            {
                continue;
            }

            at[node] = uses[node] == 1 && last[node] - node <= Near ? last[node] : node;
            for (var k = 0; k < tape.Nodes[node].Arity; k++)
            {
                var argument = tape.Nodes[node].Argument(k);
                uses[argument]++;
                last[argument] = Math.Max(last[argument], at[node]);
            }
        }
    }

    private void Store(IEnumerable<int> vectors, int node)
    {
        foreach (var vector in vectors)
        {
            il.Emit(OpCodes.Ldarg_0);
            Offset((long)vector * vectorSize);
            Push(node);
            il.Emit(OpCodes.Unaligned, (byte)1);
            il.Emit(OpCodes.Stobj, methods.Vector);
        }
    }

    private void LeaveIfAny(int mask)
    {
        var holds = il.DefineLabel();
        Push(mask);
        il.Emit(OpCodes.Call, methods.Bits);
        il.Emit(OpCodes.Brfalse, holds);
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Ret);
        il.MarkLabel(holds);
    }

    private void Push(int node)
    {
        if (locals[node] is { } local && part[node] == partOf)
        {
            il.Emit(OpCodes.Ldloc, local);
        }
        else if (locals[node] is not null)
        {
            il.Emit(OpCodes.Ldarg_2);
            Offset((long)places[node] * vectorSize);
            il.Emit(OpCodes.Unaligned, (byte)1);
            il.Emit(OpCodes.Ldobj, methods.Vector);
        }
        else
        {
            Compute(node);
        }
    }

    private void Compute(int index)
    {
        var node = tape.Nodes[index];
        switch (node.Op)
        {
            case Op.Constant when numberSize == sizeof(float):
                il.Emit(OpCodes.Ldc_R4, (float)node.Value);
                il.Emit(OpCodes.Call, methods.Create);
                break;
            case Op.Constant:
                il.Emit(OpCodes.Ldc_R8, node.Value);
                il.Emit(OpCodes.Call, methods.Create);
                break;
            case Op.Load:
                il.Emit(OpCodes.Ldarg_0);
                Offset((long)node.A * vectorSize);
                il.Emit(OpCodes.Unaligned, (byte)1);
                il.Emit(OpCodes.Ldobj, methods.Vector);
                break;
            case Op.LoadUniform:
                il.Emit(OpCodes.Ldarg_1);
                Offset((long)node.A * numberSize);
                il.Emit(numberSize == sizeof(float) ? OpCodes.Ldind_R4 : OpCodes.Ldind_R8);
                il.Emit(OpCodes.Call, methods.Create);
                break;
            default:
                for (var k = 0; k < node.Arity; k++)
                {
                    Push(node.Argument(k));
                }

                il.Emit(OpCodes.Call, methods.Of[node.Op]);
                break;
        }
    }

    private void Offset(long bytes)
    {
        il.Emit(OpCodes.Ldc_I4, checked((int)bytes));
        il.Emit(OpCodes.Add);
    }
}
