// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

namespace Qusp.Inference;

/// <summary>
/// How a gate turns the score s of a wire into a mask m, by which it multiplies the wire's feature. Where m is 0 the wire is
/// off: its guarded gates are not in the circuit that runs. τ is the wire's threshold and α the sharpness; what follows is
/// the mask at evaluation. How each is trained is said at its class in Qusp.Torch.
/// </summary>
public enum SparsityRule
{
    /// <summary><c>σ(α(s − τ))</c> where s exceeds τ, else 0: the origin document's mask with its exact zeros.</summary>
    SoftThreshold,

    /// <summary><c>1 − τ/s</c> where s exceeds τ, else 0: with s = |h| the feature becomes <c>sign(h) max(|h| − τ, 0)</c>.</summary>
    SoftShrink,

    /// <summary><c>clip(σ(α(s − τ))(ζ − γ) + γ, 0, 1)</c>, γ = −0.1, ζ = 1.1 (Louizos, Welling, Kingma 2018, arXiv:1712.01312).</summary>
    HardConcrete,

    /// <summary><c>clip(α(s − τ), 0, 1)</c> (Yamada, Lindenbaum, Negahban, Kluger 2020, arXiv:1810.04247).</summary>
    Stochastic,

    /// <summary>1 where s exceeds τ, else 0 (Bengio, Léonard, Courville 2013, arXiv:1308.3432).</summary>
    StraightThrough,

    /// <summary>1 where s exceeds τ, else 0 (Li and Ji 2019, arXiv:1904.04432).</summary>
    L0Arm,

    /// <summary>
    /// 1 for the ⌊k⌋ largest scores, and for the next one if it exceeds τ and k is no whole number; else 0. Of equal scores the
    /// first is kept.
    /// </summary>
    TopK,

    /// <summary>
    /// <c>p/max p</c> with p the 1.5-entmax of the logits <c>α(s − τ)</c> and a further logit 0 that stands for no wire
    /// (Peters, Niculae, Martins 2019, arXiv:1905.05702). It has exact zeros.
    /// </summary>
    Entmax,

    /// <summary><c>σ(α²(s² − τ²))</c> where s exceeds τ, else 0 (learned threshold pruning, Azarian et al. 2020, arXiv:2003.00075).</summary>
    LearnedThreshold,
}

/// <summary>What a gate compares with its threshold.</summary>
public enum GatePredicate
{
    /// <summary>The feature's absolute value: what is far from 0 is kept, whatever its sign.</summary>
    Absolute,

    /// <summary>The feature itself, as the origin document's circuit does: nothing negative is kept while τ is not negative.</summary>
    Signed,

    /// <summary>A learnt score of the wire: the same for all samples.</summary>
    Wire,
}

/// <summary>What a wire that is off goes without.</summary>
public enum GateScope
{
    /// <summary>
    /// All that its feature does: encoding and entangler, as in the origin document. The layer gives the gated features, <c>[B, n]</c>.
    /// </summary>
    Wire,

    /// <summary>
    /// Its entangler alone; the feature is encoded all the same. The layer gives the features and then the gated features, <c>[B, 2n]</c>:
    /// angles read the former, guards the latter.
    /// </summary>
    Entangler,
}

/// <summary>The names of rules and predicates in files and on the command line: <c>hard-concrete</c>.</summary>
public static class SparsityNames
{
    /// <summary>The names of the rules, in the order of <see cref="SparsityRule"/>.</summary>
    public static IReadOnlyList<string> Rules { get; } = [.. Enum.GetValues<SparsityRule>().Select(Name)];

    /// <summary>The names of the predicates.</summary>
    public static IReadOnlyList<string> Predicates { get; } = [.. Enum.GetValues<GatePredicate>().Select(Name)];

    /// <summary>The names of the scopes.</summary>
    public static IReadOnlyList<string> Scopes { get; } = [.. Enum.GetValues<GateScope>().Select(Name)];

    /// <summary>A rule's name.</summary>
    public static string Name(this SparsityRule rule) => rule == SparsityRule.L0Arm ? "l0-arm" : Kebab(rule.ToString());

    /// <summary>A predicate's name.</summary>
    public static string Name(this GatePredicate predicate) => Kebab(predicate.ToString());

    /// <summary>A scope's name.</summary>
    public static string Name(this GateScope scope) => Kebab(scope.ToString());

    /// <summary>The scope of a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists them.</exception>
    public static GateScope FindScope(string name) => Find<GateScope>(name, Scopes, "scope of a gate");

    /// <summary>The rule of a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists them.</exception>
    public static SparsityRule FindRule(string name) => Find<SparsityRule>(name, Rules, "sparsity gate");

    /// <summary>The predicate of a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists them.</exception>
    public static GatePredicate FindPredicate(string name) => Find<GatePredicate>(name, Predicates, "predicate");

    private static T Find<T>(string name, IReadOnlyList<string> names, string what)
        where T : struct, Enum
    {
        for (var k = 0; k < names.Count; k++)
        {
            if (names[k] == name)
            {
                return Enum.GetValues<T>()[k];
            }
        }

        throw new ArgumentException($"there is no {what} '{name}'; use {string.Join(", ", names)}", nameof(name));
    }

    private static string Kebab(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);
}
