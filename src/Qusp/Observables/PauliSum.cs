// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Qusp;

/// <summary>A real combination of Pauli words, <c>Σ c_t P_t</c>: an observable. A word converts to the sum of it alone.</summary>
public sealed class PauliSum : IEquatable<PauliSum>
{
    /// <summary>A sum of terms, in the order given.</summary>
    /// <exception cref="ArgumentException">There is no term, or a coefficient is not finite.</exception>
    public PauliSum(params ImmutableArray<(double Coefficient, PauliWord Word)> terms)
    {
        if (terms.IsDefaultOrEmpty || terms.Any(term => !double.IsFinite(term.Coefficient)))
        {
            throw new ArgumentException("An observable has at least one term, and finite coefficients.", nameof(terms));
        }

        Terms = terms;
    }

    /// <summary>The terms.</summary>
    public ImmutableArray<(double Coefficient, PauliWord Word)> Terms { get; }

    /// <summary>The wires that a letter stands on, rising.</summary>
    internal ImmutableArray<int> Wires =>
        [.. Terms.SelectMany(term => term.Word.Letters.ToArray()).Select(letter => letter.Wire).Distinct().Order()];

    /// <summary>The word as a sum of one term.</summary>
    public static implicit operator PauliSum(PauliWord word) => new((1, word));

    /// <summary>The terms of both.</summary>
    public static PauliSum operator +(PauliSum left, PauliSum right) => new([.. left.Terms, .. right.Terms]);

    /// <summary>The terms of the first, and those of the second with the sign turned.</summary>
    public static PauliSum operator -(PauliSum left, PauliSum right) => left + (-1 * right);

    /// <summary>Each coefficient times <paramref name="factor"/>.</summary>
    public static PauliSum operator *(double factor, PauliSum sum) => new([.. sum.Terms.Select(term => (factor * term.Coefficient, term.Word))]);

    /// <summary>
    /// The square of the observable, simplified. Two words that anticommute cancel, and two that commute have a real product, so
    /// it is a sum of at most T(T − 1)/2 + 1 words for T terms.
    /// </summary>
    public PauliSum Squared()
    {
        var words = ImmutableArray.CreateBuilder<(double, PauliWord)>();
        words.Add((Terms.Sum(term => term.Coefficient * term.Coefficient), PauliWord.Identity));
        for (var s = 0; s < Terms.Length; s++)
        {
            for (var t = s + 1; t < Terms.Length; t++)
            {
                var (turns, word) = PauliWord.Product(Terms[s].Word, Terms[t].Word);
                if (turns % 2 == 0)
                {
                    words.Add(((turns == 0 ? 2 : -2) * Terms[s].Coefficient * Terms[t].Coefficient, word));
                }
            }
        }

        return new PauliSum(words.ToImmutable()).Simplified();
    }

    /// <summary>The same observable with each word once, in order of first use; words whose coefficients cancel are left out, unless all do.</summary>
    public PauliSum Simplified()
    {
        ImmutableArray<(double Coefficient, PauliWord Word)> merged =
            [.. Terms.GroupBy(term => term.Word).Select(group => (group.Sum(term => term.Coefficient), group.Key))];
        ImmutableArray<(double, PauliWord)> left = [.. merged.Where(term => term.Coefficient != 0)];
        return left.IsEmpty ? new PauliSum((0, PauliWord.Identity)) : new PauliSum(left);
    }

    /// <summary>Reads <c>0.5*Z0*Z1-0.25*X2</c>.</summary>
    /// <exception cref="FormatException">The text is not such a sum.</exception>
    public static PauliSum Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var terms = ImmutableArray.CreateBuilder<(double, PauliWord)>();
        foreach (var (sign, body) in SplitTerms(text))
        {
            var star = body.IndexOf('*', StringComparison.Ordinal);
            var head = (star < 0 ? body : body[..star]).Trim();
            if (!double.TryParse(head, NumberStyles.Float, CultureInfo.InvariantCulture, out var factor))
            {
                terms.Add((sign, PauliWord.Parse(body)));
            }
            else if (double.IsFinite(factor))
            {
                terms.Add((sign * factor, star < 0 ? PauliWord.Identity : PauliWord.Parse(body[(star + 1)..])));
            }
            else
            {
                throw new FormatException($"'{head}': a coefficient is a finite number.");
            }
        }

        return terms.Count > 0 ? new PauliSum(terms.ToImmutable()) : throw new FormatException("An observable is empty; write such as Z0 or 0.5*Z0*Z1-0.25*X2.");
    }

    /// <inheritdoc/>
    public bool Equals(PauliSum? other) => other is not null && Terms.AsSpan().SequenceEqual(other.Terms.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PauliSum);

    /// <inheritdoc/>
    public override int GetHashCode() => Terms.Aggregate(17, HashCode.Combine);

    /// <summary>The sum as <see cref="Parse"/> reads it.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (coefficient, word) in Terms)
        {
            var sign = coefficient < 0 ? "-" : text.Length > 0 ? "+" : "";
            var size = Math.Abs(coefficient);
            text.Append(sign).Append(size == 1 ? "" : size.ToString("R", CultureInfo.InvariantCulture) + "*").Append(word);
        }

        return text.ToString();
    }

    // A sign starts a new term unless it belongs to an exponent, as in 1e-3.
    private static IEnumerable<(double Sign, string Body)> SplitTerms(string text)
    {
        var start = 0;
        var sign = 1.0;
        for (var i = 0; i <= text.Length; i++)
        {
            var exponent = i > 1 && text[i - 1] is 'e' or 'E' && (char.IsAsciiDigit(text[i - 2]) || text[i - 2] == '.');
            if (i < text.Length && (text[i] is not ('+' or '-') || exponent))
            {
                continue;
            }

            var body = text[start..i].Trim();
            if (body.Length > 0)
            {
                yield return (sign, body);
            }
            else if (start > 0)
            {
                throw new FormatException($"'{text}': a sign without a term.");
            }

            if (i < text.Length)
            {
                (sign, start) = (text[i] == '-' ? -1 : 1, i + 1);
            }
        }
    }
}
