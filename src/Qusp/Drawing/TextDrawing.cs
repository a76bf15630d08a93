// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Drawing;

/// <summary>Draws circuits as text.</summary>
public static class TextDrawing
{
    /// <summary>The circuit, one line a wire.</summary>
    public static string Draw(Circuit circuit)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        return string.Join("\n", circuit.Operations);
    }
}
