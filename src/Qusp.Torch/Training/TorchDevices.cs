// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using static TorchSharp.torch;

namespace Qusp.Torch;

/// <summary>PyTorch's devices by name.</summary>
internal static class TorchDevices
{
    /// <summary>The device of a name; <c>auto</c> is CUDA where TorchSharp has it, else the CPU.</summary>
    /// <exception cref="ArgumentException">The name is unknown, or CUDA is not there.</exception>
    public static Device Resolve(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (string.Equals(name, "auto", StringComparison.OrdinalIgnoreCase))
        {
            return cuda.is_available() ? CUDA : CPU;
        }

        if (name == "cpu")
        {
            return CPU;
        }

        var index = 0;
        if (name != "cuda" && !(name.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(name.AsSpan(5), out index)))
        {
            throw new ArgumentException($"there is no torch device '{name}'; use auto, cpu, cuda or cuda:N", nameof(name));
        }

        return cuda.is_available()
            ? new Device(DeviceType.CUDA, index)
            : throw new ArgumentException($"the torch device '{name}' is not there: this libtorch has no CUDA or finds no GPU; use cpu, or reference a libtorch-cuda package", nameof(name));
    }
}
