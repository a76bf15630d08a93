// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace Qusp;

/// <summary>
/// The gate table. Fixed rows are in <see cref="All"/>; families make a row for a size or a word. Names and matrices
/// follow PennyLane 0.41; a row's OpenQASM names are those of qelib1.inc and stdgates.inc.
/// </summary>
public static partial class Gates
{
    // Names nest: Adjoint(Power[0.5](X)). A hostile one must not exhaust the stack.
    private const int MaxNesting = 16;
    private const int MaxLetters = 64;

    private static readonly Lazy<Dictionary<string, Gate>> ByName = new(() =>
    {
        var names = new Dictionary<string, Gate>(StringComparer.OrdinalIgnoreCase);
        foreach (var gate in All.Concat(MidCircuit).Concat(Channels))
        {
            foreach (var name in (IEnumerable<string>)[gate.Name, .. gate.Aliases])
            {
                names.Add(name, gate);
            }
        }

        return names;
    });

    // What a derived row is called before the table gives it a name of its own: Controlled[1](X) is CNOT.
    private static readonly Lazy<Dictionary<string, Gate>> ByForm = new(() =>
        All.Where(gate => gate.Origin is not null).ToDictionary(
            gate => gate.Target is { } target ? GateAlgebra.ControlledName(target, gate.ControlValues) : gate.Name));

    private static readonly Lazy<ImmutableArray<Gate>> Table = new(Rows);

    /// <summary>Every fixed row that is unitary, in the order of the documentation.</summary>
    public static ImmutableArray<Gate> All => Table.Value;

    /// <summary>The gate of a name: of a row, an alias, a family such as <c>PauliRot[XY]</c>, or <c>Adjoint(…)</c>,
    /// <c>Controlled[01](…)</c>, <c>Power[0.5](…)</c> of another. Case does not matter for rows.</summary>
    /// <exception cref="KeyNotFoundException">There is no such gate.</exception>
    public static Gate Find(string name) =>
        TryFind(name, out var gate) ? gate : throw new KeyNotFoundException($"There is no gate '{name}'; `qusp gates` lists the table.");

    /// <summary>As <see cref="Find"/>, without an exception.</summary>
    public static bool TryFind(string name, [NotNullWhen(true)] out Gate? gate)
    {
        ArgumentNullException.ThrowIfNull(name);
        gate = ByName.Value.GetValueOrDefault(name) ?? (name.Count(c => c == '(') <= MaxNesting ? FindDerived(name) : null);
        return gate is not null;
    }

    /// <summary>The table's row for a derived form such as <c>Controlled[1](X)</c>; null if it has none.</summary>
    internal static Gate? Row(string form) => ByForm.Value.GetValueOrDefault(form);

    private static ImmutableArray<Gate> Rows() =>
    [
        I, X, Y, Z, H, S, Sdg, T, Tdg, SX,
        RX, RY, RZ, PhaseShift, U2, U3, Rot, GlobalPhase,
        CNOT, CY, CZ, CH, SWAP, ISWAP, SISWAP, ECR,
        CRX, CRY, CRZ, ControlledPhaseShift, CPhaseShift00, CPhaseShift01, CPhaseShift10, CRot,
        IsingXX, IsingYY, IsingZZ, IsingXY, PSWAP,
        SingleExcitation, SingleExcitationPlus, SingleExcitationMinus, FermionicSWAP,
        Toffoli, CSWAP, CCZ,
        DoubleExcitation, DoubleExcitationPlus, DoubleExcitationMinus, OrbitalRotation,
    ];

    private static Gate? FindDerived(string name)
    {
        var open = name.IndexOfAny(['[', '(']);
        if (open <= 0)
        {
            return null;
        }

        var (head, argument, rest) = (name[..open], "", name[open..]);
        if (rest[0] == '[')
        {
            var close = rest.IndexOf(']', StringComparison.Ordinal);
            if (close < 2)
            {
                return null;
            }

            (argument, rest) = (rest[1..close], rest[(close + 1)..]);
        }

        if (rest.Length == 0)
        {
            return Family(head, argument);
        }

        return rest[0] == '(' && rest[^1] == ')' && TryFind(rest[1..^1], out var inner) && inner.Kind == GateKind.Unitary ? Derived(head, argument, inner) : null;
    }

    private static Gate? Family(string head, string argument)
    {
        var count = int.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        return head switch
        {
            "MultiRZ" when count is > 0 and <= MaxLetters => MultiRZ(count),
            "QFT" when count is > 0 and <= MaxQftWires => QFT(count),
            "PauliRot" when argument.Length is > 0 and <= MaxLetters && argument.All(c => c is 'I' or 'X' or 'Y' or 'Z') => PauliRot(argument),
            "PauliError" when IsPauliWord(argument) && argument.Trim('I').Length > 0 => PauliChannel(argument),
            "PauliChannel" when argument.Split(',') is var words && words.All(word => IsPauliWord(word)) && words.Distinct().Count() == words.Length
                && words.All(word => word.Length == words[0].Length && word.Trim('I').Length > 0) && words.Length <= MaxLetters => PauliChannel(words),
            "DepolarizingChannel" when count is > 1 and <= MaxDepolarizedWires => Depolarizing(count),
            "Barrier" when count is > 0 and <= Circuit.MaxWires => Barrier(count),
            "MultiControlledX" when Bits(argument) is { } bits => MultiControlledX(bits),
            _ => null,
        };
    }

    private static Gate? Derived(string head, string argument, Gate inner) => head switch
    {
        "Adjoint" when argument.Length == 0 => inner.Adjoint(),
        "Controlled" when Bits(argument) is { } bits => inner.Controlled(bits),
        "Power" when double.TryParse(argument, NumberStyles.Float, CultureInfo.InvariantCulture, out var power) && HasPower(inner, power) => inner.Power(power),
        _ => null,
    };

    private static bool HasPower(Gate gate, double power) => double.IsFinite(power)
        && (GateAlgebra.CanRepeat(power) || gate.Parameters == 0 || gate.GeneratorFormula is not null);

    private static ImmutableArray<bool>? Bits(string text) =>
        text.Length is > 0 and <= Circuit.MaxWires && text.All(c => c is '0' or '1') ? [.. text.Select(c => c == '1')] : null;

    private static ImmutableArray<ImmutableArray<double>> One(params ImmutableArray<double> frequencies) => [frequencies];

    private static Gate Fixed(
        string name,
        int wires,
        Complex[,] matrix,
        string? qasm = null,
        string[]? aliases = null,
        string? label = null,
        bool selfInverse = false,
        WireMark mark = WireMark.None) =>
        new(name, wires, 0, _ => (Complex[,])matrix.Clone())
        {
            Qasm2 = qasm,
            Qasm3 = qasm,
            Aliases = [.. aliases ?? []],
            Label = label ?? name,
            IsSelfInverse = selfInverse,
            Mark = mark,
        };

    private static Gate Rotation(
        string name,
        Complex[,] generator,
        double scale,
        ImmutableArray<double> frequencies,
        string? qasm2 = null,
        string? qasm3 = null,
        string[]? aliases = null,
        string? label = null) =>
        new(name, BitOperations.Log2((uint)generator.GetLength(0)), 1)
        {
            GeneratorFormula = () => (Complex[,])generator.Clone(),
            GeneratorScale = scale,
            Frequencies = One(frequencies),
            Qasm2 = qasm2,
            Qasm3 = qasm3,
            Aliases = [.. aliases ?? []],
            Label = label ?? name,
        };

    private static Gate Composite(string name, int wires, int parameters, string? qasm2, string? qasm3, string[]? aliases, params ImmutableArray<Operation> parts) =>
        new(name, wires, parameters)
        {
            Decomposition = parts,
            Frequencies = GateAlgebra.FrequenciesOf(parameters, parts),
            Qasm2 = qasm2,
            Qasm3 = qasm3,
            Aliases = [.. aliases ?? []],
        };

    private static Operation Part(Gate gate, ImmutableArray<int> wires, params ImmutableArray<Angle> angles) => new(gate, wires, angles);
}
