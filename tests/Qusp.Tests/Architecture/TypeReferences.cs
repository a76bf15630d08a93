// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace Qusp.Tests;

/// <summary>Which types of an assembly a type of it uses: in its signatures and in the code of its methods.</summary>
internal static class TypeReferences
{
    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    private static readonly Dictionary<int, OpCode> OpCodesByValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => (int)(ushort)code.Value);

    /// <summary>The outermost types of the same assembly that <paramref name="type"/> and what is nested in it use.</summary>
    public static IReadOnlySet<Type> Of(Type type)
    {
        var found = new HashSet<Type>();
        Collect(type, found);
        found.Remove(type);
        found.RemoveWhere(other => other.Assembly != type.Assembly);
        return found;
    }

    /// <summary>The type that is nested in no other.</summary>
    public static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static void Collect(Type type, HashSet<Type> found)
    {
        Add(type.BaseType, found);
        foreach (var used in type.GetInterfaces())
        {
            Add(used, found);
        }

        foreach (var parameter in type.GetGenericArguments())
        {
            Add(parameter, found);
        }

        foreach (var field in type.GetFields(Declared))
        {
            Add(field.FieldType, found);
        }

        foreach (var method in type.GetMembers(Declared).OfType<MethodBase>())
        {
            Collect(method, found);
        }

        foreach (var nested in type.GetNestedTypes(Declared))
        {
            Collect(nested, found);
        }
    }

    private static void Collect(MethodBase method, HashSet<Type> found)
    {
        Add((method as MethodInfo)?.ReturnType, found);
        foreach (var parameter in method.GetParameters())
        {
            Add(parameter.ParameterType, found);
        }

        if (method.GetMethodBody() is not { } body)
        {
            return;
        }

        foreach (var local in body.LocalVariables)
        {
            Add(local.LocalType, found);
        }

        var arguments = method.DeclaringType!.GetGenericArguments();
        var ownArguments = method is MethodInfo { IsGenericMethod: true } generic ? generic.GetGenericArguments() : [];
        foreach (var token in Tokens(body.GetILAsByteArray()!))
        {
            Add(method.Module.ResolveMember(token, arguments, ownArguments), found);
        }
    }

    private static void Add(MemberInfo? member, HashSet<Type> found)
    {
        switch (member)
        {
            case null:
                return;
            case Type { IsGenericParameter: true } parameter:
                foreach (var constraint in parameter.GetGenericParameterConstraints().Where(constraint => !found.Contains(Definition(constraint))))
                {
                    Add(constraint, found);
                }

                return;
            case Type { HasElementType: true } type:
                Add(type.GetElementType(), found);
                return;
            case Type type:
                var isNew = found.Add(Definition(type));
                foreach (var argument in type.IsGenericType && (isNew || !type.IsGenericTypeDefinition) ? type.GetGenericArguments() : [])
                {
                    Add(argument, found);
                }

                return;
            default:
                Add(member.DeclaringType, found);
                foreach (var argument in member is MethodInfo { IsGenericMethod: true } method ? method.GetGenericArguments() : [])
                {
                    Add(argument, found);
                }

                return;
        }
    }

    private static Type Definition(Type type) => Outermost(type.IsGenericType ? type.GetGenericTypeDefinition() : type);

    // The metadata tokens of a method's instructions.
    private static IEnumerable<int> Tokens(byte[] code)
    {
        for (var at = 0; at < code.Length;)
        {
            var value = (int)code[at++];
            if (value == 0xFE)
            {
                value = 0xFE00 | code[at++];
            }

            var operand = OpCodesByValue[value].OperandType;
            if (operand is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType)
            {
                yield return BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at));
            }

            at += operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at))),
                _ => 4,
            };
        }
    }
}
