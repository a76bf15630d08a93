// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Qusp;

/// <summary>A way to run a circuit exactly, and what it is expected to cost (<see cref="Devices.Estimate"/>).</summary>
/// <param name="Device">The device, which runs circuits in just this way.</param>
/// <param name="Way">Which of the device's ways it is: <c>components</c>, <c>one state</c>, <c>lanes</c>; empty if it has one.</param>
/// <param name="Seconds">A sample's value and gradient on one thread, in double precision; infinite if it cannot run or is not expected to end.</param>
/// <param name="Reason">What decides the cost, in words, or why it cannot run.</param>
public sealed record DeviceEstimate(IDevice Device, string Way, double Seconds, string Reason)
{
    /// <summary>Whether the device by itself would run the circuit this way.</summary>
    public bool IsTaken { get; init; } = true;

    /// <summary>One line: the device's reason, and the time if it is expected to end.</summary>
    public override string ToString() => double.IsInfinity(Seconds) ? Reason : $"{Reason}, about {Time(Seconds)} a sample";

    private static string Time(double seconds) => seconds switch
    {
        < 1e-6 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e9:0} ns"),
        < 1e-3 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e6:0} µs"),
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e3:0} ms"),
        < 1e5 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 86400:0} days"),
    };
}
