// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;

namespace Qusp.Cli;

/// <summary><c>--device</c>, <c>--diff</c>, <c>--shots</c> and <c>--threads</c>: where and how circuits run.</summary>
internal sealed class DeviceOptions
{
    public Option<string?> Device { get; } = new("--device")
    {
        Description = $"Devices in order of preference, separated by commas; auto is {Devices.Auto}. The first that can do the circuit is taken, and for each one passed over it says why. See `qusp devices`.",
        HelpName = "auto|NAME[,NAME…]",
        Arity = ArgumentArity.ExactlyOne,
        DefaultValueFactory = _ => "auto",
    };

    public Option<string> Diff { get; } = Options.Choice(
        "--diff", "How circuits are differentiated; auto takes the device's best.", ["auto", .. Words.All(Differentiation.None)]);

    public Option<int> Shots { get; } = Options.Whole("--shots", 1024, "Repetitions of a circuit on sampled devices; exact ones ignore it.", least: 1, most: 1_000_000_000);

    public Option<int> Threads { get; } = Options.Whole("--threads", 0, "The most threads to use; 0 = one a core. Results do not depend on it.");

    /// <summary>For a verb that differentiates.</summary>
    public Symbol[] Symbols => [Device, Diff, Shots, Threads];

    /// <summary>For a verb that only runs circuits.</summary>
    public Symbol[] RunSymbols => [Device, Shots, Threads];

    /// <summary>The preference, its names known and one of them there.</summary>
    public string Preference(Call call)
    {
        var preference = call.Get(Device)!;
        var method = Method(call);
        UsageException.Blame(call.Place(Device), () => Devices.Select(preference));
        UsageException.Blame(call.Place(Diff), () => Devices.Select(preference, differentiation: method));
        return preference;
    }

    /// <summary>The method, or null for the device's best.</summary>
    public Differentiation? Method(Call call) => call.Get(Diff) is var word && word == "auto" ? null : Words.Read<Differentiation>(word);
}
