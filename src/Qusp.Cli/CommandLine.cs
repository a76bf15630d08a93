// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Reflection;

namespace Qusp.Cli;

/// <summary>The entry point: parses, runs a verb, and turns what goes wrong into one line and an exit code.</summary>
internal static class CommandLine
{
    private const string Name = "qusp";

    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;

    /// <summary>The verbs in the order of the help. A further verb is a file of its own and a line here.</summary>
    private static readonly Func<Terminal, Command>[] Verbs =
    [
        TrainVerb.Create,
        EvaluateVerb.Create,
        PredictVerb.Create,
        QuantizeVerb.Create,
        SparsifyVerb.Create,
        ParetoVerb.Create,
        RunVerb.Create,
        DrawVerb.Create,
        BenchVerb.Create,
        DevicesVerb.Create,
        GatesVerb.Create,
    ];

    /// <summary>The version, as <c>--version</c> prints it.</summary>
    public static string Version { get; } =
        typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Runs a command line.</summary>
    /// <param name="arguments">The arguments, without the program's name.</param>
    /// <param name="terminal">Where to write.</param>
    /// <param name="cancellation">Asks the verb to end and keep what is done.</param>
    /// <returns>The exit code: 0 done, 1 failed or interrupted, 2 the input or the usage is wrong.</returns>
    public static int Run(IReadOnlyList<string> arguments, Terminal terminal, CancellationToken cancellation = default)
    {
        var parsed = Root(terminal).Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction or null)
        {
            terminal.Fail(UsageOf(parsed));
            return WrongUsage;
        }

        try
        {
            var configuration = new InvocationConfiguration
            {
                Output = terminal.Output,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null, // signals are ours
            };
            return parsed.InvokeAsync(configuration, cancellation).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            terminal.Fail($"{parsed.CommandResult.Command.Name}: interrupted before there was anything to keep; run it again");
            return Failed;
        }
        catch (Exception error) when (IsInput(error))
        {
            terminal.Fail(UsageException.MessageOf(error));
            return WrongUsage;
        }
        catch (Exception error) when (Environment.GetEnvironmentVariable("QUSP_TRACE") is null or "")
        {
            var verb = parsed.CommandResult.Command.Name;
            var line = UsageException.MessageOf(error);
            terminal.Fail(error is IOException or UnauthorizedAccessException
                ? $"{verb}: {line}; check space and permissions"
                : $"{verb}: {line} ({error.GetType().Name}); set QUSP_TRACE=1 to see where");
            return Failed;
        }
    }

    private static bool IsInput(Exception error) =>
        error is UsageException or InvalidDataException or FileNotFoundException or DirectoryNotFoundException;

    // Not a RootCommand: that one is named after the file of the program, in the help too.
    private static Command Root(Terminal terminal)
    {
        var root = new Command(Name, "Sparse hybrid quantum-classical neural networks: train, evaluate, predict, quantize.");
        var help = new HelpOption { Recursive = true };
        root.Options.Add(help);
        root.Options.Add(new Option<bool>("--version") { Description = "Print the version.", Recursive = true, Action = new PrintVersion() });
        foreach (var create in Verbs)
        {
            root.Subcommands.Add(create(terminal));
        }

        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        root.SetAction(parsed => help.Action is SynchronousCommandLineAction action ? action.Invoke(parsed) : Failed);
        return root;
    }

    private static string UsageOf(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var isRoot = command.Name == Name;
        var verb = isRoot ? "" : $" {command.Name}";
        if (parsed.UnmatchedTokens is [var token, ..])
        {
            var what = token.StartsWith('-') ? "option" : isRoot ? "verb" : "argument";
            return $"{(isRoot ? "" : $"{command.Name}:")}{token}: there is no such {what}; see `qusp{verb} --help`";
        }

        switch (parsed.Errors[0].SymbolResult)
        {
            case OptionResult { Tokens.Count: 0 } option:
                return $"{command.Name}:{option.Option.Name}: its value is missing; see `qusp{verb} --help`";
            case OptionResult { IdentifierTokenCount: > 1 } option:
                return $"{command.Name}:{option.Option.Name}: it is given twice; give it once";
            case ArgumentResult { Tokens.Count: 0 } argument:
                return $"{command.Name}:{argument.Argument.Name}: it is missing; see `qusp{verb} --help`";
            case CommandResult { Tokens.Count: 1 } missing when missing.Command.Arguments is [var first, ..]:
                return $"{command.Name}:{first.Name}: it is missing; see `qusp{verb} --help`";
        }

        var message = UsageException.MessageOf(new FormatException(parsed.Errors[0].Message));
        return message.Contains("; ", StringComparison.Ordinal)
            ? $"{command.Name}:{message}"
            : $"{command.Name}: {message.TrimEnd('.')}; see `qusp{verb} --help`";
    }

    private sealed class PrintVersion : SynchronousCommandLineAction
    {
        public override bool Terminating => true;

        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine(Version);
            return Done;
        }
    }

    private sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
    {
        public override bool Terminating => true;

        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            help.MaxWidth = 120;
            var code = help.Invoke(parseResult);
            var examples = Verb.ExamplesOf(parseResult.CommandResult.Command);
            parseResult.InvocationConfiguration.Output.WriteLine("Example:");
            foreach (var example in examples)
            {
                parseResult.InvocationConfiguration.Output.WriteLine($"  {example}");
            }

            parseResult.InvocationConfiguration.Output.WriteLine();
            parseResult.InvocationConfiguration.Output.WriteLine("Exit code: 0 done; 1 failed, or interrupted (what was done is kept); 2 the input or the usage is wrong.");
            return code;
        }
    }
}
