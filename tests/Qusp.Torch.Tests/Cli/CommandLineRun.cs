// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Qusp.Cli;

namespace Qusp.Torch.Tests;

/// <summary>The command line's entry point run in this process: what it wrote, and its exit code.</summary>
internal sealed record CommandLineRun(int ExitCode, string Output, string Error)
{
    /// <summary>Standard output as the one JSON document it must be.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    /// <summary>Runs <c>qusp</c> with these arguments.</summary>
    public static CommandLineRun Of(params string[] arguments) => Of(CancellationToken.None, arguments);

    /// <summary>Runs <c>qusp</c> with these arguments, to be interrupted as by Ctrl-C.</summary>
    public static CommandLineRun Of(CancellationToken interruption, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal(output, error, outputIsTerminal: false, errorIsTerminal: false);
        var code = CommandLine.Run(arguments, terminal, interruption);
        return new CommandLineRun(code, output.ToString(), error.ToString());
    }
}
