// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Qusp.Cli;

/// <summary>Makes options whose refusal names the value and what is allowed.</summary>
internal static class Options
{
    /// <summary>An option of any text, such as a path.</summary>
    public static Option<string?> Text(string name, string value, string description) => new(name)
    {
        Description = description,
        HelpName = value,
        Arity = ArgumentArity.ExactlyOne,
    };

    /// <summary>A yes or no.</summary>
    public static Option<bool> Flag(string name, string description) => new(name) { Description = description };

    /// <summary>A whole number.</summary>
    public static Option<int> Whole(string name, int otherwise, string description, int least = 0, int most = int.MaxValue) =>
        Of<int>(name, "N", otherwise, description, text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : null, most == int.MaxValue ? $"give a whole number from {least}" : $"give a whole number from {least} to {most}");

    /// <summary>A real number above or from a bound; without a default it is there only where the user wrote it.</summary>
    public static Option<double> Real(string name, double? otherwise, string description, Func<double, bool> allowed, string remedy) =>
        Of(name, "F", otherwise, description, text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) && allowed(value)
            ? value
            : null, remedy);

    /// <summary>One of some words.</summary>
    public static Option<string> Choice(string name, string description, params string[] words)
    {
        var option = new Option<string>(name)
        {
            Description = description,
            HelpName = string.Join('|', words),
            DefaultValueFactory = _ => words[0],
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = result =>
            {
                var text = result.Tokens[^1].Value;
                var word = Array.Find(words, word => string.Equals(word, text, StringComparison.OrdinalIgnoreCase));
                if (word is null)
                {
                    Refuse(result, name, text, $"give {string.Join(" or ", words)}");
                }

                return word;
            },
        };
        option.CompletionSources.Add(words);
        return option;
    }

    /// <summary>The seed that every verb has.</summary>
    public static Option<ulong> Seed() => Of<ulong>("--seed", "N", 0UL, "The seed of all randomness.",
        text => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null, "give a whole number from 0");

    private static Option<T> Of<T>(string name, string value, T? otherwise, string description, Func<string, T?> parse, string remedy)
        where T : struct
    {
        var option = new Option<T>(name)
        {
            Description = description,
            HelpName = value,
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = result =>
            {
                var text = result.Tokens[^1].Value;
                if (parse(text) is { } parsed)
                {
                    return parsed;
                }

                Refuse(result, name, text, remedy);
                return default;
            },
        };
        if (otherwise is { } given)
        {
            option.DefaultValueFactory = _ => given;
        }

        return option;
    }

    private static void Refuse(ArgumentResult result, string name, string text, string remedy) =>
        result.AddError($"{name}: '{text}' is not accepted; {remedy}");
}
