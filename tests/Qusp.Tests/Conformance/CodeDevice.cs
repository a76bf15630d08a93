// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Simulation;
using Qusp.Simulation.Lanes.Code;

namespace Qusp.Tests.Conformance;

/// <summary>The <c>cpu</c> device whose programs run by generated code from the first block, or never.</summary>
internal sealed class CodeDevice(CodeUse use, int vectorBits = 0) : IDevice
{
    private readonly CpuDevice device = new(vectorBits, CpuPath.Lanes);

    public string Name => device.Name;

    public string Description => device.Description;

    public IReadOnlyList<Differentiation> Differentiations => device.Differentiations;

    public string? Refusal(Circuit? circuit) => device.Refusal(circuit);

    public IProgram<T> Compile<T>(Circuit circuit, ProgramOptions? options = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var before = LaneCode.Use;
        LaneCode.Use = use;
        try
        {
            return device.Compile<T>(circuit, options);
        }
        finally
        {
            LaneCode.Use = before;
        }
    }
}
