// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>A device chosen from an ordered preference, and why.</summary>
/// <param name="Device">The device.</param>
/// <param name="Requested">The name in the preference by which it was found, such as <c>default.qubit</c>.</param>
/// <param name="PassedOver">The names before it, each with the reason.</param>
public sealed record DeviceSelection(IDevice Device, string Requested, ImmutableArray<(string Name, string Reason)> PassedOver)
{
    /// <summary>One line: what was chosen and why the others were not.</summary>
    public string Reason
    {
        get
        {
            string[] reasons = [.. Why is null ? (string[])[] : [Why], .. PassedOver.Select(passed => $"{passed.Name} passed over: {passed.Reason}")];
            return $"{Device.Name}: {(reasons.Length == 0 ? "the first choice" : string.Join("; ", reasons))}";
        }
    }

    /// <summary>
    /// Where <c>auto</c> chose by expected cost: the way that the device runs the circuit and, where it was worth comparing, the cost of the others;
    /// otherwise null.
    /// </summary>
    public string? Why { get; init; }
}

/// <summary>The devices known by name, and the choice among them.</summary>
public static class Devices
{
    /// <summary>
    /// The devices that <c>auto</c> stands for: a GPU if there is one, and of the others the one that is expected to run the circuit fastest, exactly;
    /// the first of them without a circuit.
    /// </summary>
    public const string Auto = "gpu,cpu,pauli,mps";

    private const double SecondsWorthComparing = 10e-6; // below, the first is quick enough
    private const double WorthChanging = 2; // the model is no better

    /// <summary>Every known device, whether it is there or not.</summary>
    public static ImmutableArray<IDevice> All { get; } =
    [
        new CpuDevice(), new SamplerDevice(), new TrajectoriesDevice(), new PauliDevice(), new MpsDevice(), new MissingGpuDevice(), new ReferenceDevice(),
    ];

    /// <summary>Names of other libraries for the same kind of device.</summary>
    public static ImmutableArray<(string Alias, string Name)> Aliases { get; } =
    [
        ("lightning.gpu", "gpu"), ("lightning.qubit", "cpu"), ("qiskit.aer", "sampler"), ("default.qubit", "reference"), ("default.mixed", "cpu"),
    ];

    /// <summary>The device of a name or an alias.</summary>
    /// <exception cref="ArgumentException">There is no such name; the message lists all.</exception>
    public static IDevice Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var alias = Aliases.FirstOrDefault(alias => string.Equals(alias.Alias, name, StringComparison.OrdinalIgnoreCase)).Name ?? name;
        return All.FirstOrDefault(device => string.Equals(device.Name, alias, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException(
                $"there is no device '{name}'; use auto, {string.Join(", ", All.Select(device => device.Name))}, or one of {string.Join(", ", Aliases.Select(known => known.Alias))}",
                nameof(name));
    }

    /// <summary>
    /// Why a device cannot run here or cannot run this circuit, in one line; null if it can. Unlike <see cref="IDevice.Refusal"/> it knows that of a
    /// <see cref="DerivedMeasurement"/> a device reads the parts alone.
    /// </summary>
    /// <param name="device">The device.</param>
    /// <param name="circuit">The circuit, or null to ask only whether the device is there.</param>
    public static string? Refusal(IDevice device, Circuit? circuit)
    {
        ArgumentNullException.ThrowIfNull(device);
        return device.Refusal(circuit is null ? null : DeviceCompiler.WithParts(device, circuit));
    }

    /// <summary>The first device of a preference that is there and takes the circuit and the differentiation method.</summary>
    /// <param name="preference">Names in order, separated by commas; <c>auto</c> stands for <see cref="Auto"/>.</param>
    /// <param name="circuit">The circuit it must take; null if any.</param>
    /// <param name="differentiation">The method it must be able to do; null if any.</param>
    /// <exception cref="ArgumentException">A name is unknown, or there is none.</exception>
    /// <exception cref="NotSupportedException">No device of the preference can do it; the message says why for each.</exception>
    public static DeviceSelection Select(string preference = "auto", Circuit? circuit = null, Differentiation? differentiation = null)
    {
        ArgumentNullException.ThrowIfNull(preference);
        var names = preference.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(name => string.Equals(name, "auto", StringComparison.OrdinalIgnoreCase) ? Auto.Split(',') : [name])
            .ToArray();
        if (names.Length == 0)
        {
            throw new ArgumentException("no device is named; use auto", nameof(preference));
        }

        var candidates = names.Select(name => (Name: name, Device: Find(name))).ToArray();
        var passed = ImmutableArray.CreateBuilder<(string, string)>();
        var isAuto = string.Equals(preference.Trim(), "auto", StringComparison.OrdinalIgnoreCase);
        foreach (var (name, device) in candidates)
        {
            var reason = Refusal(device, circuit);
            if (reason is null && differentiation is { } method && method != Differentiation.None && !device.Differentiations.Contains(method))
            {
                reason = $"it cannot do {method}; it can do {string.Join(", ", device.Differentiations)}";
            }

            if (reason is null)
            {
                var first = new DeviceSelection(device, name, passed.ToImmutable());
                return isAuto && circuit is not null ? Cheapest(first, candidates.Select(candidate => candidate.Device), circuit, differentiation) : first;
            }

            passed.Add((name, reason));
        }

        throw new NotSupportedException(
            "no device can do this: " + string.Join("; ", passed.Select(one => $"{one.Item1}: {one.Item2}")) + "; add cpu to the preference");
    }

    /// <summary>
    /// What the ways to run a circuit exactly are expected to cost: those of <c>cpu</c>, then <c>pauli</c> and <c>mps</c>.
    /// </summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="batch">How many samples a call has: few of them do not fill the lanes of a vector.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batch"/> is below 1.</exception>
    public static ImmutableArray<DeviceEstimate> Estimate(Circuit circuit, int batch = 1)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        return [.. All.SelectMany(device => CostModel.Of(device, DeviceCompiler.WithParts(device, circuit), batch))];
    }

    // Of the devices from the first that can do it on, the one with the least expected cost, if that is much less.
    private static DeviceSelection Cheapest(DeviceSelection first, IEnumerable<IDevice> devices, Circuit circuit, Differentiation? differentiation)
    {
        if (Own(first.Device) is not { } own)
        {
            return first;
        }

        if (own.Seconds < SecondsWorthComparing)
        {
            return first with { Why = own.ToString() };
        }

        var others = devices.SkipWhile(device => device != first.Device).Skip(1)
            .Where(device => differentiation is not { } method || method == Differentiation.None || device.Differentiations.Contains(method))
            .Where(device => Refusal(device, circuit) is null)
            .Select(Own).OfType<DeviceEstimate>().ToArray();
        var best = others.Where(other => other.Seconds < own.Seconds / WorthChanging).MinBy(other => other.Seconds) ?? own;
        var told = ((DeviceEstimate[])[own, .. others]).Where(one => one != best).Select(one => $"{one.Device.Name}: {one}");
        return first with { Device = devices.First(device => device.Name == best.Device.Name), Requested = best.Device.Name, Why = string.Join("; ", [best.ToString(), .. told]) };

        DeviceEstimate? Own(IDevice device) => CostModel.Of(device, DeviceCompiler.WithParts(device, circuit), batch: 1).FirstOrDefault(one => one.IsTaken);
    }
}
