// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Torch;

/// <summary>The library as a whole.</summary>
public static class QuspTorch
{
    /// <summary>
    /// Makes TorchSharp loadable. Runs by itself when the first type of Qusp.Torch is used; call it first where a program
    /// uses TorchSharp before that. Calling it again does nothing.
    /// </summary>
    public static void Initialize() => Native.TorchSharpLoader.Initialize();
}
