// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Reflection.Emit;

namespace Qusp.Simulation.Lanes.Code;

/// <summary>A block of samples by generated code: false, with nothing written, if the tape does not hold for it.</summary>
/// <param name="memory">A worker's memory.</param>
/// <param name="uniform">Cosine and sine of shared arguments.</param>
internal unsafe delegate bool LaneBlock(byte* memory, byte* uniform);

/// <summary>Tape → one straight-line method, amplitudes in locals that the compiler keeps in registers.</summary>
[RequiresDynamicCode("Makes methods at run time.")]
internal sealed class TapeEmitter
{
    // A value used once and soon stays on the evaluation stack; later, it would keep its own arguments alive instead.
    private const int Near = 6;

    private readonly Tape tape;
    private readonly IReadOnlyList<(int Vector, int Node)> results;
    private readonly VectorMethods methods;
    private readonly int numberSize;
    private readonly int vectorSize;
    private readonly DynamicMethod method;
    private readonly ILGenerator il;
    private readonly int[] uses;
    private readonly int[] at; // where a node is emitted: its own place, or its only user's
    private readonly int[] last; // where it is used last
    private readonly LocalBuilder?[] locals;
    private readonly Stack<LocalBuilder> free = new();

    private TapeEmitter(Tape tape, IReadOnlyList<(int Vector, int Node)> results, VectorMethods methods, int numberSize, int vectorSize)
    {
        (this.tape, this.results, this.methods, this.numberSize, this.vectorSize) = (tape, results, methods, numberSize, vectorSize);
        method = new DynamicMethod("Qusp.Lanes", typeof(bool), [typeof(byte*), typeof(byte*)], typeof(TapeEmitter).Module);
        il = method.GetILGenerator();
        var count = tape.Nodes.Count;
        (uses, at, last, locals) = (new int[count], new int[count], new int[count], new LocalBuilder?[count]);
    }

    /// <summary>Makes the method.</summary>
    /// <param name="tape">What it computes.</param>
    /// <param name="results">The nodes it stores, and at which vectors of the worker's memory.</param>
    /// <param name="methods">The vectors it computes with.</param>
    /// <param name="numberSize">Bytes of a number.</param>
    /// <param name="lanes">Numbers of a vector.</param>
    public static LaneBlock Emit(Tape tape, IReadOnlyList<(int Vector, int Node)> results, VectorMethods methods, int numberSize, int lanes)
    {
        var emitter = new TapeEmitter(tape, results, methods, numberSize, numberSize * lanes);
        emitter.Emit();
        return emitter.method.CreateDelegate<LaneBlock>();
    }

    private void Emit()
    {
        Place();
        var stores = results.ToLookup(result => result.Node, result => result.Vector);
        var ending = Enumerable.Range(0, tape.Nodes.Count).Where(IsHeld).ToLookup(node => last[node]);
        if (tape.Exceptions == Tape.Zero)
        {
            StoreUpTo(0);
        }

        for (var node = 0; node < tape.Nodes.Count; node++)
        {
            if (IsHeld(node))
            {
                Compute(node);
                foreach (var dead in ending[node])
                {
                    free.Push(locals[dead]!);
                }

                il.Emit(OpCodes.Stloc, locals[node] = free.Count > 0 ? free.Pop() : il.DeclareLocal(methods.Vector));
            }

            if (node == tape.Exceptions && node != Tape.Zero)
            {
                LeaveIfAny(node);
                StoreUpTo(node);
            }
            else if (node > tape.Exceptions)
            {
                Store(stores[node], node);
            }
        }

        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Ret);

        // Nothing is stored before it is known that the tape holds.
        void StoreUpTo(int end)
        {
            for (var node = 0; node <= end; node++)
            {
                Store(stores[node], node);
            }
        }
    }

    private bool IsHeld(int node) => uses[node] > 0 && at[node] == node && tape.Nodes[node].Arity > 0;

    private void Place()
    {
        foreach (var (_, node) in results)
        {
            uses[node]++;
            last[node] = int.MaxValue;
        }

        uses[tape.Exceptions]++;
        last[tape.Exceptions] = int.MaxValue;
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
        if (locals[node] is { } local)
        {
            il.Emit(OpCodes.Ldloc, local);
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
        il.Emit(OpCodes.Ldc_I8, bytes);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Add);
    }
}
