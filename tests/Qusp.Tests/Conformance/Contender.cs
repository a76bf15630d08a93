// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using Qusp.Simulation;
using Qusp.Simulation.Lanes.Code;
using Xunit;

namespace Qusp.Tests.Conformance;

/// <summary>
/// A device as the conformance suite sees it. A new device gets the suite by one line in <see cref="Exact"/>.
/// </summary>
/// <param name="Name">What the test's name shows.</param>
/// <param name="Device">The device.</param>
public sealed record Contender(string Name, IDevice Device)
{
    /// <summary>Devices whose outputs are exact.</summary>
    public static IReadOnlyList<Contender> Exact { get; } =
    [
        new("reference", new ReferenceDevice()),
        new("cpu", new CpuDevice()),
        new("cpu-512", new CpuDevice(512)),
        new("cpu-256", new CpuDevice(256)),
        new("cpu-128", new CpuDevice(128)),
        new("cpu-scalar", new CpuDevice(64)),
        new("cpu-one-state-512", new CpuDevice(512, CpuPath.OneState)),
        new("cpu-one-state-256", new CpuDevice(256, CpuPath.OneState)),
        new("cpu-one-state-128", new CpuDevice(128, CpuPath.OneState)),
        new("cpu-one-state-scalar", new CpuDevice(64, CpuPath.OneState)),
        new("cpu-lanes", new CpuDevice(0, CpuPath.Lanes)),
        new("cpu-interpreted", new CodeDevice(CodeUse.Never)),
        new("cpu-generated", new CodeDevice(CodeUse.AtOnce)),
        new("cpu-generated-256", new CodeDevice(CodeUse.AtOnce, 256)),
        new("cpu-generated-128", new CodeDevice(CodeUse.AtOnce, 128)),
        new("cpu-components", new OptionsDevice(new CpuDevice(), options => options with { Components = true })),
        new("mps", new MpsDevice()) { Measures = measurement => measurement is not StateVector },
        new("pauli", new PauliDevice()) { Measures = measurement => measurement is not StateVector },
    ];

    /// <summary>Every exact device with every batch size: one sample, a few lanes, a full vector, several vectors and a rest.</summary>
    public static TheoryData<string, int> ByBatch { get; } = Cross(Exact.Select(contender => contender.Name), [1, 3, 8, 21]);

    /// <summary>Every exact device with every exact differentiation method that it offers.</summary>
    public static TheoryData<string, Differentiation> ByExactMethod { get; } =
        Cross(Exact.Select(contender => contender.Name), [Differentiation.Adjoint, Differentiation.ParameterShift]);

    /// <summary>Every exact device.</summary>
    public static TheoryData<string> Devices { get; } = [.. Exact.Select(contender => contender.Name)];

    /// <summary>What it measures; it must refuse the rest by name.</summary>
    public Predicate<Measurement> Measures { get; init; } = _ => true;

    /// <summary>The measurements, of these, that a device offers.</summary>
    public static ImmutableArray<Measurement> Offered(string name, ImmutableArray<Measurement> measurements)
    {
        var contender = Exact.Single(contender => contender.Name == name);
        return [.. measurements.Where(measurement => contender.Measures(measurement))];
    }

    public static IDevice Find(string name) => Exact.Single(contender => contender.Name == name).Device;

    public override string ToString() => Name;

    private static TheoryData<string, T> Cross<T>(IEnumerable<string> names, T[] values)
    {
        var data = new TheoryData<string, T>();
        foreach (var name in names)
        {
            foreach (var value in values)
            {
                data.Add(name, value);
            }
        }

        return data;
    }
}

/// <summary>How far results may be from the golden data, for each precision.</summary>
internal static class Tolerance
{
    /// <summary>Double precision against data computed in double precision by other programs.</summary>
    public const double Double = 1e-10;

    /// <summary>The origin's circuit, four gates: rounding has no room to grow.</summary>
    public const double Seed = 1e-12;

    /// <summary>Single precision: some hundred operations of relative error 6e-8.</summary>
    public const double Single = 1e-5;

    /// <summary>Central differences in double: truncation (∛ε)²/6 and rounding ε/∛ε.</summary>
    public const double Difference = 1e-7;

    public static double Of<T>() => typeof(T) == typeof(float) ? Single : Double;

    public static T[] Convert<T>(IEnumerable<double> values)
        where T : INumberBase<T> => [.. values.Select(T.CreateChecked)];

    public static void Near(double expected, double actual, double tolerance, string what)
    {
        if (!(Math.Abs(expected - actual) <= tolerance))
        {
            Assert.Fail($"{what}: {actual:R} differs from {expected:R} by {Math.Abs(expected - actual):G2}, more than {tolerance:G2}");
        }
    }
}
