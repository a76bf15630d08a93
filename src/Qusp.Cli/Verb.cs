// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Runtime.CompilerServices;

namespace Qusp.Cli;

/// <summary>What all verbs have in common: <c>--json</c>, <c>--seed</c>, examples in the help.</summary>
internal static class Verb
{
    private static readonly ConditionalWeakTable<Command, string[]> Examples = [];

    /// <summary>Makes a verb.</summary>
    /// <param name="terminal">Where it writes.</param>
    /// <param name="name">Its name.</param>
    /// <param name="description">One line.</param>
    /// <param name="examples">Command lines that work, for the help.</param>
    /// <param name="symbols">Its arguments and options; anything else is an error.</param>
    /// <param name="run">Runs it; returns the exit code.</param>
    public static Command Create(
        Terminal terminal,
        string name,
        string description,
        string[] examples,
        Symbol[] symbols,
        Func<Call, int> run)
    {
        var json = new Option<bool>("--json") { Description = "Print one JSON document on standard output, and everything else on standard error." };
        var seed = Options.Seed();
        var verb = new Command(name, description) { json, seed };
        foreach (var symbol in symbols)
        {
            if (symbol is Option option)
            {
                verb.Options.Add(option);
            }
            else
            {
                verb.Arguments.Add((Argument)symbol);
            }
        }

        verb.SetAction((parsed, cancellation) =>
        {
            terminal.IsJson = parsed.GetValue(json);
            return Task.FromResult(run(new Call(name, parsed, terminal, parsed.GetValue(seed), cancellation)));
        });
        Examples.Add(verb, examples);
        return verb;
    }

    /// <summary>The examples of a verb, or of the program.</summary>
    public static string[] ExamplesOf(Command command) => Examples.TryGetValue(command, out var examples) ? examples : ["qusp train --data iris"];
}

/// <summary>One call of a verb.</summary>
/// <param name="Verb">The verb's name.</param>
/// <param name="Parsed">The values of its arguments and options.</param>
/// <param name="Terminal">Where to write.</param>
/// <param name="Seed">The seed of all randomness.</param>
/// <param name="Cancellation">Asks to end and keep what is done.</param>
internal sealed record Call(string Verb, ParseResult Parsed, Terminal Terminal, ulong Seed, CancellationToken Cancellation)
{
    /// <summary>The value of an option.</summary>
    public T Get<T>(Option<T> option) => Parsed.GetValue(option)!;

    /// <summary>The value of an argument.</summary>
    public T Get<T>(Argument<T> argument) => Parsed.GetValue(argument)!;

    /// <summary>Whether the user wrote the option.</summary>
    public bool Has(Option option) => Parsed.GetResult(option) is { Implicit: false };

    /// <summary>Runs work that has nothing to keep, and leaves it where it is when the user interrupts.</summary>
    /// <exception cref="OperationCanceledException">The user interrupted.</exception>
    public T UntilInterrupted<T>(Func<T> work) => Task.Run(work).WaitAsync(Cancellation).GetAwaiter().GetResult();

    /// <summary>The place of an option in messages: <c>train:--lr</c>.</summary>
    public string Place(Option option) => $"{Verb}:{option.Name}";
}
