// SPDX-License-Identifier: Apache-2.0
namespace Qusp.OpenQasm;

/// <summary>How much a file may ask for. A hostile one ends in one line, within a second and little memory.</summary>
internal static class QasmLimits
{
    /// <summary>The largest file, bytes.</summary>
    public const int FileBytes = 16 << 20;

    /// <summary>How deep files may include one another.</summary>
    public const int Includes = 16;

    /// <summary>How deep parentheses, blocks and operators may nest.</summary>
    public const int Nesting = 200;

    /// <summary>The most operators in one chain.</summary>
    public const int Chain = 256;

    /// <summary>How deep gates and subroutines may call one another.</summary>
    public const int Calls = 100;

    /// <summary>The most classical bits.</summary>
    public const int Bits = 4096;

    /// <summary>The most operations that a file may expand to.</summary>
    public const int Operations = 250_000;

    /// <summary>The most statements and expressions that are evaluated while loops and gates are expanded.</summary>
    public const int Steps = 4_000_000;

    /// <summary>The most iterations of one loop.</summary>
    public const int Iterations = 250_000;

    /// <summary>The most measured bits of an expression that is decided by trying all their values.</summary>
    public const int TriedBits = 10;

    /// <summary>The most conditions of one operation.</summary>
    public const int Conditions = 64;

    /// <summary>The most inputs.</summary>
    public const int Inputs = 65_536;
}
