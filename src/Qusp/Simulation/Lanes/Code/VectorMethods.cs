// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Reflection;
using System.Runtime.Intrinsics;

namespace Qusp.Simulation.Lanes.Code;

/// <summary>The runtime's vector operations for a width and a precision: each compiles to an instruction.</summary>
internal sealed class VectorMethods
{
    public required Type Vector { get; init; }

    public required MethodInfo Create { get; init; }

    /// <summary>Whether the most significant bit of any lane is set, as a number that is not 0.</summary>
    public required MethodInfo Bits { get; init; }

    public required Dictionary<Op, MethodInfo> Of { get; init; }

    /// <summary>The operations for lanes V; null if there are none.</summary>
    public static VectorMethods? For<V, T>()
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, IFloatingPointIeee754<T> =>
        typeof(V) == typeof(Lanes512<T>) ? Wide512<T>()
        : typeof(V) == typeof(Lanes256<T>) ? Wide256<T>()
        : typeof(V) == typeof(Lanes128<T>) ? Wide128<T>()
        : null;

    // Method groups, not names: trimming keeps what is taken here.
    private static VectorMethods Wide512<T>()
    {
        var isDouble = typeof(T) == typeof(double);
        return new()
        {
            Vector = typeof(Vector512<T>),
            Create = ((Func<T, Vector512<T>>)Vector512.Create).Method,
            Bits = ((Func<Vector512<T>, ulong>)Vector512.ExtractMostSignificantBits).Method,
            Of = new()
            {
                [Op.Add] = Two(Vector512.Add),
                [Op.Subtract] = Two(Vector512.Subtract),
                [Op.Multiply] = Two(Vector512.Multiply),
                [Op.Negate] = One(Vector512.Negate),
                [Op.Abs] = One(Vector512.Abs),
                [Op.Exceeds] = Two(Vector512.GreaterThan),
                [Op.Or] = Two(Vector512.BitwiseOr),
                [Op.Select] = ((Func<Vector512<T>, Vector512<T>, Vector512<T>, Vector512<T>>)Vector512.ConditionalSelect).Method,
                [Op.MultiplyAdd] = isDouble
                    ? ((Func<Vector512<double>, Vector512<double>, Vector512<double>, Vector512<double>>)Vector512.MultiplyAddEstimate).Method
                    : ((Func<Vector512<float>, Vector512<float>, Vector512<float>, Vector512<float>>)Vector512.MultiplyAddEstimate).Method,
                [Op.Round] = isDouble ? ((Func<Vector512<double>, Vector512<double>>)Vector512.Round).Method : ((Func<Vector512<float>, Vector512<float>>)Vector512.Round).Method,
                [Op.Floor] = isDouble ? ((Func<Vector512<double>, Vector512<double>>)Vector512.Floor).Method : ((Func<Vector512<float>, Vector512<float>>)Vector512.Floor).Method,
            },
        };

        static MethodInfo One(Func<Vector512<T>, Vector512<T>> method) => method.Method;

        static MethodInfo Two(Func<Vector512<T>, Vector512<T>, Vector512<T>> method) => method.Method;
    }

    private static VectorMethods Wide256<T>()
    {
        var isDouble = typeof(T) == typeof(double);
        return new()
        {
            Vector = typeof(Vector256<T>),
            Create = ((Func<T, Vector256<T>>)Vector256.Create).Method,
            Bits = ((Func<Vector256<T>, uint>)Vector256.ExtractMostSignificantBits).Method,
            Of = new()
            {
                [Op.Add] = Two(Vector256.Add),
                [Op.Subtract] = Two(Vector256.Subtract),
                [Op.Multiply] = Two(Vector256.Multiply),
                [Op.Negate] = One(Vector256.Negate),
                [Op.Abs] = One(Vector256.Abs),
                [Op.Exceeds] = Two(Vector256.GreaterThan),
                [Op.Or] = Two(Vector256.BitwiseOr),
                [Op.Select] = ((Func<Vector256<T>, Vector256<T>, Vector256<T>, Vector256<T>>)Vector256.ConditionalSelect).Method,
                [Op.MultiplyAdd] = isDouble
                    ? ((Func<Vector256<double>, Vector256<double>, Vector256<double>, Vector256<double>>)Vector256.MultiplyAddEstimate).Method
                    : ((Func<Vector256<float>, Vector256<float>, Vector256<float>, Vector256<float>>)Vector256.MultiplyAddEstimate).Method,
                [Op.Round] = isDouble ? ((Func<Vector256<double>, Vector256<double>>)Vector256.Round).Method : ((Func<Vector256<float>, Vector256<float>>)Vector256.Round).Method,
                [Op.Floor] = isDouble ? ((Func<Vector256<double>, Vector256<double>>)Vector256.Floor).Method : ((Func<Vector256<float>, Vector256<float>>)Vector256.Floor).Method,
            },
        };

        static MethodInfo One(Func<Vector256<T>, Vector256<T>> method) => method.Method;

        static MethodInfo Two(Func<Vector256<T>, Vector256<T>, Vector256<T>> method) => method.Method;
    }

    private static VectorMethods Wide128<T>()
    {
        var isDouble = typeof(T) == typeof(double);
        return new()
        {
            Vector = typeof(Vector128<T>),
            Create = ((Func<T, Vector128<T>>)Vector128.Create).Method,
            Bits = ((Func<Vector128<T>, uint>)Vector128.ExtractMostSignificantBits).Method,
            Of = new()
            {
                [Op.Add] = Two(Vector128.Add),
                [Op.Subtract] = Two(Vector128.Subtract),
                [Op.Multiply] = Two(Vector128.Multiply),
                [Op.Negate] = One(Vector128.Negate),
                [Op.Abs] = One(Vector128.Abs),
                [Op.Exceeds] = Two(Vector128.GreaterThan),
                [Op.Or] = Two(Vector128.BitwiseOr),
                [Op.Select] = ((Func<Vector128<T>, Vector128<T>, Vector128<T>, Vector128<T>>)Vector128.ConditionalSelect).Method,
                [Op.MultiplyAdd] = isDouble
                    ? ((Func<Vector128<double>, Vector128<double>, Vector128<double>, Vector128<double>>)Vector128.MultiplyAddEstimate).Method
                    : ((Func<Vector128<float>, Vector128<float>, Vector128<float>, Vector128<float>>)Vector128.MultiplyAddEstimate).Method,
                [Op.Round] = isDouble ? ((Func<Vector128<double>, Vector128<double>>)Vector128.Round).Method : ((Func<Vector128<float>, Vector128<float>>)Vector128.Round).Method,
                [Op.Floor] = isDouble ? ((Func<Vector128<double>, Vector128<double>>)Vector128.Floor).Method : ((Func<Vector128<float>, Vector128<float>>)Vector128.Floor).Method,
            },
        };

        static MethodInfo One(Func<Vector128<T>, Vector128<T>> method) => method.Method;

        static MethodInfo Two(Func<Vector128<T>, Vector128<T>, Vector128<T>> method) => method.Method;
    }
}
