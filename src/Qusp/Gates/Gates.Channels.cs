// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using static Qusp.MatrixAlgebra;

namespace Qusp;

// Noise channels. Names, strengths and Kraus operators follow PennyLane 0.41; a strength is an angle as any other, so it
// may be an input or a weight and has a gradient.
public static partial class Gates
{
    private const int MaxDepolarizedWires = 3; // 4^m Kraus operators
    private const int MaxPauliChannelWires = 5; // a superoperator has 4^m rows

    /// <summary>Every noise channel that is a fixed row.</summary>
    public static ImmutableArray<Gate> Channels =>
    [
        DepolarizingChannel, BitFlip, PhaseFlip, BitPhaseFlip, AmplitudeDamping, GeneralizedAmplitudeDamping, PhaseDamping,
        ResetError, ThermalRelaxationError, ReadoutFlip,
    ];

    /// <summary>X, Y or Z, each with probability p/3. At p = 3/4 the wire is fully mixed.</summary>
    public static Gate DepolarizingChannel { get; } = Mixture("DepolarizingChannel", ["X", "Y", "Z"], ["depolarizing"], "D");

    /// <summary>X with probability p.</summary>
    public static Gate BitFlip { get; } = Mixture("BitFlip", ["X"], [], "BF");

    /// <summary>Z with probability p.</summary>
    public static Gate PhaseFlip { get; } = Mixture("PhaseFlip", ["Z"], [], "PF");

    /// <summary>Y with probability p.</summary>
    public static Gate BitPhaseFlip { get; } = Mixture("BitPhaseFlip", ["Y"], [], "BPF");

    /// <summary>Decay of |1⟩ to |0⟩ with probability γ: diag(1, √(1−γ)) and √γ|0⟩⟨1|.</summary>
    public static Gate AmplitudeDamping { get; } = Channel(
        "AmplitudeDamping", 1, 1, "AD", [],
        [new(Projector(2, 0), Projector(2, 1)), new(Move(0, 1))],
        (s, k) => (k[0], k[1]) = (new(1, Dual.Sqrt(1 - s[0])), new(s[0], 0)));

    /// <summary>Exchange of energy with a bath: with probability p decay of |1⟩ to |0⟩ by γ, else rise of |0⟩ to |1⟩ by γ.</summary>
    public static Gate GeneralizedAmplitudeDamping { get; } = Channel(
        "GeneralizedAmplitudeDamping", 1, 2, "GAD", [1],
        [new(Projector(2, 0), Projector(2, 1)), new(Move(0, 1)), new(Projector(2, 1), Projector(2, 0)), new(Move(1, 0))],
        (s, k) =>
        {
            var (gamma, p, root) = (s[0], s[1], Dual.Sqrt(1 - s[0]));
            (k[0], k[1], k[2], k[3]) = (new(p, root), new(p * gamma, 0), new(1 - p, root), new((1 - p) * gamma, 0));
        });

    /// <summary>Loss of phase with probability γ: diag(1, √(1−γ)) and √γ|1⟩⟨1|.</summary>
    public static Gate PhaseDamping { get; } = Channel(
        "PhaseDamping", 1, 1, "PD", [],
        [new(Projector(2, 0), Projector(2, 1)), new(Projector(2, 1))],
        (s, k) => (k[0], k[1]) = (new(1, Dual.Sqrt(1 - s[0])), new(s[0], 0)));

    /// <summary>The wire becomes |0⟩ with probability p₀ and |1⟩ with probability p₁.</summary>
    public static Gate ResetError { get; } = Channel(
        "ResetError", 1, 2, "RE", [0, 1],
        [new(Identity(2)), new(Projector(2, 0)), new(Move(0, 1)), new(Move(1, 0)), new(Projector(2, 1))],
        (s, k) => (k[0], k[1], k[2], k[3], k[4]) = (new(1 - s[0] - s[1], 0), new(s[0], 0), new(s[0], 0), new(s[1], 0), new(s[1], 0)));

    /// <summary>
    /// The error of reading a wire: it is measured, then 0 becomes 1 with probability p₀₁ and 1 becomes 0 with p₁₀. Right before
    /// what is read in the basis of Z; it destroys the coherence that any other reading needs.
    /// </summary>
    public static Gate ReadoutFlip { get; } = Channel(
        "ReadoutFlip", 1, 2, "RO", [0, 1],
        [new(Projector(2, 0)), new(Move(1, 0)), new(Projector(2, 1)), new(Move(0, 1))],
        (s, k) => (k[0], k[1], k[2], k[3]) = (new(1 - s[0], 0), new(s[0], 0), new(1 - s[1], 0), new(s[1], 0)));

    /// <summary>
    /// Relaxation of a wire left alone: population of |1⟩ at rest p_e, times T₁ &gt; 0 and T₂ (0 &lt; T₂ ≤ 2T₁), duration t_g, in one unit.
    /// Populations approach rest by e^{−t/T₁}, coherences fall by e^{−t/T₂}. Kraus operators as in PennyLane: a mixture of Z
    /// and resets for T₂ ≤ T₁, else the eigenvectors of the Choi matrix.
    /// </summary>
    public static Gate ThermalRelaxationError { get; } = Channel(
        "ThermalRelaxationError", 1, 4, "TR", [0],
        [
            new(Identity(2)), new(Pauli("Z")), new(Projector(2, 0)), new(Move(0, 1)), new(Move(1, 0)), new(Projector(2, 1)),
            new(Move(1, 0)), new(Move(0, 1)), new(Projector(2, 1), Projector(2, 0)), new(Projector(2, 1), Projector(2, 0)),
        ],
        ThermalRelaxation);

    /// <summary>A Pauli X with probability p₀, Y with p₁, Z with p₂; for other words see <see cref="PauliChannel(string[])"/>.</summary>
    public static Gate PauliChannel() => PauliChannel("X", "Y", "Z");

    /// <summary>
    /// Each of these Pauli words with a probability of its own, else nothing. With one word it is PennyLane's
    /// <c>PauliError</c>.
    /// </summary>
    /// <param name="words">Different words of one length, none of it the identity, the first letter on the operation's first wire.</param>
    /// <exception cref="ArgumentException">The words are not so, or are more than 64.</exception>
    public static Gate PauliChannel(params string[] words)
    {
        ArgumentNullException.ThrowIfNull(words);
        return words.Length is 0 or > MaxLetters || words.Distinct().Count() < words.Length
            || words.Any(word => !IsPauliWord(word) || word.Length != words[0].Length || word.Trim('I').Length == 0)
            ? throw new ArgumentException(
                $"'{string.Join(", ", words)}': a Pauli channel has 1 to {MaxLetters} different words of letters I, X, Y, Z, of one length, none of it the identity.", nameof(words))
            : Channel(
                $"PauliChannel[{string.Join(',', words)}]", words[0].Length, words.Length, words.Length == 1 ? words[0] : "P", [.. Enumerable.Range(0, words.Length)],
                [new(Identity(1 << words[0].Length)), .. words.Select(word => new KrausTerm(Pauli(word)))],
                (s, k) =>
                {
                    k[0] = new(1, 0);
                    for (var i = 0; i < s.Length; i++)
                    {
                        k[i + 1] = new(s[i], 0);
                        k[0] = new(k[0].Weight - s[i], 0);
                    }
                });
    }

    /// <summary>
    /// Each Pauli word of these wires but the identity with probability p/(4^m − 1). The wires are fully mixed at
    /// p = 1 − 4^−m; Qiskit's parameter is p / (1 − 4^−m).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number of wires is not 1 to 3.</exception>
    public static Gate Depolarizing(int wires)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(wires, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(wires, MaxDepolarizedWires);
        IEnumerable<string> words = [""];
        for (var wire = 0; wire < wires; wire++)
        {
            words = [.. words.SelectMany(word => "IXYZ".Select(letter => word + letter))];
        }

        return wires == 1 ? DepolarizingChannel : Mixture($"DepolarizingChannel[{wires.ToString(CultureInfo.InvariantCulture)}]", [.. words.Skip(1)], [], "D");
    }

    /// <summary>A channel of fixed Kraus operators, <c>ρ → Σ KρK†</c>.</summary>
    /// <param name="name">What it is called in drawings; two channels of one name and the same operators are equal.</param>
    /// <param name="kraus">The operators, each <c>[2^m, 2^m]</c>, m from 1 to 5.</param>
    /// <exception cref="ArgumentException">They are not square, not of one size, or ΣK†K is not the identity to 1e-8.</exception>
    public static Gate Channel(string name, params Complex[][,] kraus)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(kraus);
        var size = kraus.Length == 0 ? 0 : kraus[0].GetLength(0);
        if (size is < 2 or > 32 || !BitOperations.IsPow2(size) || kraus.Any(k => k.GetLength(0) != size || k.GetLength(1) != size))
        {
            throw new ArgumentException($"{name}: Kraus operators are square and of one size, 2, 4, … 32 rows.", nameof(kraus));
        }

        var sum = kraus.Aggregate(new Complex[size, size], (total, k) => Add(total, Multiply(Dagger(k), k), 1));
        var defect = Distance(sum, Identity(size));
        return defect < 1e-8
            ? new Gate("Channel", BitOperations.Log2((uint)size), 0) { Kind = GateKind.Channel, Form = KrausForm.Constant(kraus), IsCustom = true, Label = name, Aliases = ["QubitChannel"] }
            : throw new ArgumentException($"{name}: the channel does not keep the trace: ΣK†K differs from the identity by {defect:G2}.", nameof(kraus));
    }

    private static void ThermalRelaxation(ReadOnlySpan<Dual> strengths, Span<KrausFactor> k)
    {
        var (rest, t1, t2, time) = (strengths[0], strengths[1], strengths[2], strengths[3]);
        if (!(t1.Value > 0 && t2.Value > 0 && t2.Value <= 2 * t1.Value && time.Value >= 0))
        {
            k[0] = new(double.NaN, 0);
            return;
        }

        var (kept, coherence) = (Dual.Exp(-time / t1), Dual.Exp(-time / t2));
        var reset = 1 - kept;
        var (down, up) = ((1 - rest) * reset, rest * reset);
        if (t2.Value <= t1.Value)
        {
            var flip = 0.5 * kept * (1 - Dual.Exp((time / t1) - (time / t2)));
            (k[0], k[1]) = (new(1 - flip - reset, 0), new(flip, 0));
            (k[2], k[3], k[4], k[5]) = (new(down, 0), new(down, 0), new(up, 0), new(up, 0));
            return;
        }

        // The block of |0⟩⟨0| and |1⟩⟨1| of the Choi matrix is [[1 − up, c], [c, 1 − down]]: eigenvalues and eigenvectors (u, 1).
        var half = 0.5 * (down - up);
        var root = Dual.Sqrt((half * half) + (coherence * coherence));
        var mean = 1 - (0.5 * reset);
        (k[6], k[7]) = (new(up, 0), new(down, 0));
        k[8] = Eigenvector(mean - root, half - root);
        k[9] = Eigenvector(mean + root, half + root);

        KrausFactor Eigenvector(Dual value, Dual over)
        {
            var u = over / coherence;
            return new(value / ((u * u) + 1), u);
        }
    }

    // Each word with an equal part of the probability p.
    private static Gate Mixture(string name, string[] words, string[] aliases, string label)
    {
        var part = 1.0 / words.Length;
        return Channel(
            name, words[0].Length, 1, label, [0],
            [new(Identity(1 << words[0].Length)), .. words.Select(word => new KrausTerm(Pauli(word)))],
            (s, k) =>
            {
                k.Fill(new(part * s[0], 0));
                k[0] = new(1 - s[0], 0);
            },
            aliases);
    }

    private static Gate Channel(
        string name, int wires, int strengths, string label, ImmutableArray<int> affine, ImmutableArray<KrausTerm> terms, StrengthFormula formula, string[]? aliases = null) =>
        new(name, wires, strengths)
        {
            Kind = GateKind.Channel,
            Form = new KrausForm(terms, formula) { Affine = affine },
            KnownStructure = GateStructure.Dense,
            Label = label,
            Aliases = [.. aliases ?? []],
        };

    private static bool IsPauliWord(string word) => word.Length is > 0 and <= MaxPauliChannelWires && word.All(c => c is 'I' or 'X' or 'Y' or 'Z');

    private static Complex[,] Pauli(string word) => word.Aggregate(new Complex[,] { { 1 } }, (product, letter) => Kron(product, letter switch
    {
        'X' => new Complex[,] { { 0, 1 }, { 1, 0 } },
        'Y' => new Complex[,] { { 0, -Complex.ImaginaryOne }, { Complex.ImaginaryOne, 0 } },
        'Z' => new Complex[,] { { 1, 0 }, { 0, -1 } },
        _ => Identity(2),
    }));

    // |to⟩⟨from|.
    private static Complex[,] Move(int to, int from) => Map(new Complex[2, 2], (r, c) => r == to && c == from ? 1 : 0);
}
