// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Qusp.Torch;

namespace Qusp.Cli;

/// <summary><c>--data</c> and <c>--label</c>, as several verbs have them.</summary>
internal sealed class DataOptions
{
    public DataOptions(string description, string? otherwise)
    {
        Data = new Option<string?>("--data")
        {
            Description = $"{description} One of {string.Join(", ", Datasets.Names)}; or a CSV file with a header (the last column is the class; columns y0, y1, … at the end are real targets); or an IDX pair IMAGES[.gz],LABELS[.gz].",
            HelpName = "NAME|FILE",
            Arity = ArgumentArity.ExactlyOne,
        };
        if (otherwise is not null)
        {
            Data.DefaultValueFactory = _ => otherwise;
        }

        Label = Options.Text("--label", "COLUMN", "The class column of a CSV file, if it is not the last one.");
    }

    public Option<string?> Data { get; }

    public Option<string?> Label { get; }

    public Symbol[] Symbols => [Data, Label];

    /// <summary>The data set that the call names.</summary>
    /// <param name="call">The call.</param>
    /// <param name="classes">The classes of a trained model, or null to take those found.</param>
    public Dataset Load(Call call, IReadOnlyList<string>? classes = null) => Load(call, Required(call), classes);

    /// <summary>A data set of another option, read in the same way.</summary>
    public Dataset Load(Call call, string source, IReadOnlyList<string>? classes) => Datasets.Load(source, call.Get(Label), classes, call.Seed);

    /// <summary>The value of <c>--data</c>.</summary>
    public string Required(Call call) => call.Get(Data) is { Length: > 0 } data
        ? data
        : throw new UsageException(call.Place(Data), $"it is missing; name a data set or a file, see `qusp {call.Verb} --help`");
}
