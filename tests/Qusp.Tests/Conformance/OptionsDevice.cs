// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Tests.Conformance;

/// <summary>A device whose programs are compiled with further options.</summary>
internal sealed class OptionsDevice(IDevice device, Func<ProgramOptions, ProgramOptions> change) : IDevice
{
    public string Name => device.Name;

    public string Description => device.Description;

    public IReadOnlyList<Differentiation> Differentiations => device.Differentiations;

    public string? Refusal(Circuit? circuit) => device.Refusal(circuit);

    public IProgram<T> Compile<T>(Circuit circuit, ProgramOptions? options = null)
        where T : unmanaged, IFloatingPointIeee754<T> => device.Compile<T>(circuit, change(options ?? new ProgramOptions()));
}
