// SPDX-License-Identifier: Apache-2.0
namespace Qusp;

/// <summary>A symbol on a wire of a drawing.</summary>
internal enum WireMark
{
    /// <summary>None: a box with the gate's label.</summary>
    None,

    /// <summary>● a control that must be 1, or a target that is one as much as the control (CZ).</summary>
    Dot,

    /// <summary>○ a control that must be 0.</summary>
    Ring,

    /// <summary>⊕ the target of a controlled X.</summary>
    Plus,

    /// <summary>× one of two wires that are exchanged.</summary>
    Cross,

    /// <summary>░ a barrier.</summary>
    Bar,
}
