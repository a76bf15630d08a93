// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp;

/// <summary>Holds the name <c>gpu</c> while no package that brings a GPU device is installed, so that asking for it gets an answer.</summary>
internal sealed class MissingGpuDevice : IDevice
{
    public string Name => "gpu";

    public string Description => "state vectors on a graphics card; not part of this version";

    public IReadOnlyList<Differentiation> Differentiations => [];

    public string Refusal(Circuit? circuit) => "no GPU device is installed";

    public IProgram<T> Compile<T>(Circuit circuit, ProgramOptions? options = null)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        throw new NotSupportedException("gpu: no GPU device is installed; use cpu.");
}
