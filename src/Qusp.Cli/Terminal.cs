// SPDX-License-Identifier: Apache-2.0
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace Qusp.Cli;

/// <summary>
/// Where a verb writes: results to standard output, complaints to standard error. With <c>--json</c> what people read goes to
/// standard error as well, so that standard output holds one document.
/// </summary>
internal sealed class Terminal(TextWriter output, TextWriter error, bool outputIsTerminal, bool errorIsTerminal)
{
    private static readonly JsonSerializerOptions JsonFormat = new()
    {
        WriteIndented = true,
        // The document goes to a program or a file, not into a web page: letters stay letters.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Lazy<IAnsiConsole> outputConsole = new(() => ConsoleOn(output, outputIsTerminal));
    private readonly Lazy<IAnsiConsole> errorConsole = new(() => ConsoleOn(error, errorIsTerminal));

    /// <summary>Whether the verb was called with <c>--json</c>.</summary>
    public bool IsJson { get; set; }

    /// <summary>Standard output, for data that are neither text for people nor JSON.</summary>
    public TextWriter Output => output;

    /// <summary>Where help and version go.</summary>
    public TextWriter Error => error;

    /// <summary>Where people read: colours and width follow the terminal, or are plain without one.</summary>
    public IAnsiConsole Human => IsJson ? errorConsole.Value : outputConsole.Value;

    /// <summary>Whether a bar may be drawn.</summary>
    public bool IsInteractive => IsJson ? errorIsTerminal : outputIsTerminal;

    /// <summary>The terminal of this process.</summary>
    public static Terminal OfProcess() => new(Console.Out, Console.Error, !Console.IsOutputRedirected, !Console.IsErrorRedirected);

    /// <summary>A line for people.</summary>
    public void Line(string text = "") => Human.WriteLine(text);

    /// <summary>Named values for people, one a line, the values below each other.</summary>
    public void Facts(params ReadOnlySpan<(string Name, string Value)> facts)
    {
        foreach (var (name, value) in facts)
        {
            Line($"{name,-16}{value}");
        }
    }

    /// <summary>A table without lines for people; columns are padded to fit.</summary>
    /// <param name="header">The columns' names.</param>
    /// <param name="rows">The cells.</param>
    public void Table(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table { Border = TableBorder.Minimal };
        var cells = rows.ToArray();
        for (var column = 0; column < header.Count; column++)
        {
            // On a narrow terminal sentences and lists wrap; names and numbers stay whole.
            var whole = !Array.Exists(cells, row => row[column].Contains(' ', StringComparison.Ordinal));
            table.AddColumn(new TableColumn(new Text(header[column], new Style(decoration: Decoration.Bold))) { NoWrap = whole });
        }

        foreach (var row in cells)
        {
            table.AddRow(row.Select(cell => new Text(cell)));
        }

        Human.Write(table);
    }

    /// <summary>The one document of <c>--json</c>.</summary>
    public void Json(JsonNode document) => output.WriteLine(document.ToJsonString(JsonFormat));

    /// <summary>The one line that tells what went wrong.</summary>
    public void Fail(string message)
    {
        try
        {
            error.WriteLine($"qusp: {message}");
        }
        catch (IOException)
        {
            // The error stream itself is full or closed: the exit code is all that is left to tell by.
        }
    }

    private static IAnsiConsole ConsoleOn(TextWriter writer, bool isTerminal)
    {
        var plain = !isTerminal || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!isTerminal)
        {
            // A file or a pipe has no edge to wrap at.
            console.Profile.Width = 1000;
            console.Profile.Capabilities.Unicode = true;
        }

        return console;
    }
}
