// SPDX-License-Identifier: Apache-2.0
namespace Qusp.OpenQasm;

/// <summary>A variable, constant, register or alias.</summary>
/// <param name="type">Its type; null for what is bound once and for all, such as a register or a parameter of a gate.</param>
/// <param name="width">The bits of a sized int or uint; 0 if it has no size.</param>
/// <param name="level">How many measured conditions stood around its declaration.</param>
/// <param name="value">Its value.</param>
internal sealed class QasmVariable(string? type, int width, int level, QasmValue value)
{
    /// <summary>The word of its type; null if it cannot be assigned.</summary>
    public string? Type => type;

    /// <summary>The bits of a sized int or uint; 0 if it has no size.</summary>
    public int Width => width;

    /// <summary>How many measured conditions stood around its declaration.</summary>
    public int Level => level;

    /// <summary>Its value now.</summary>
    public QasmValue Value { get; set; } = value;
}

/// <summary>Names that are known in a block, and those around it.</summary>
/// <param name="outer">The scope around; null for the outermost.</param>
internal sealed class QasmScope(QasmScope? outer)
{
    private readonly Dictionary<string, QasmVariable> names = [];

    /// <summary>Whether nothing is around it.</summary>
    public bool IsGlobal => outer is null;

    /// <summary>The variable of a name; null if there is none.</summary>
    public QasmVariable? Find(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope.names.TryGetValue(name, out var found))
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>Enters a name; false if this very scope has it already.</summary>
    public bool TryAdd(string name, QasmVariable variable) => names.TryAdd(name, variable);

    /// <summary>The scope around; null for the outermost.</summary>
    public QasmScope? Outer => outer;
}

/// <summary>What a name in front of qubits stands for.</summary>
/// <param name="Angles">How many angles it takes.</param>
/// <param name="Qubits">How many qubits it acts on.</param>
/// <param name="Row">The row of the gate table that it is; null if it is defined by a body.</param>
/// <param name="Definition">Its definition; null for a row.</param>
/// <param name="IsLibrary">Whether it is of qelib1.inc or stdgates.inc: a file may define the name anew.</param>
internal sealed record QasmGate(int Angles, int Qubits, Gate? Row, QasmStatement.Definition? Definition, bool IsLibrary)
{
    /// <summary>A gate that is a row of the table.</summary>
    public static QasmGate Of(Gate row) => new(row.Parameters, row.Wires, row, null, true);

    /// <summary>A gate with a body.</summary>
    public static QasmGate Of(QasmStatement.Definition definition, bool isLibrary) =>
        new(definition.Angles.Length, definition.Qubits.Length, null, definition, isLibrary);
}
