// SPDX-License-Identifier: Apache-2.0
namespace Qusp.OpenQasm;

/// <summary>A version of the language.</summary>
public enum QasmVersion
{
    /// <summary>OpenQASM 2.0 (Cross et al. 2017, arXiv:1707.03429).</summary>
    Two = 2,

    /// <summary>OpenQASM 3.0 and 3.1 (Cross et al. 2022, arXiv:2104.14722).</summary>
    Three = 3,
}
