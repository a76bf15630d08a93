// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

namespace Qusp;

/// <summary>
/// A row of the gate table: a unitary of some wires and angles (or, where <see cref="Kind"/> says so, a channel, a
/// measurement or a barrier), with everything that the rest of the library asks about it. A row is data; simulators see its matrix, generator or decomposition, never its name. Rows for families
/// (<see cref="Gates.MultiRZ"/>, <see cref="Gates.PauliRot"/>, …) and derived rows (<see cref="Adjoint"/>,
/// <see cref="Controlled"/>, <see cref="Power"/>) are made by pure functions, and their names say how.
/// </summary>
public sealed partial class Gate : IEquatable<Gate>
{
    /// <summary>The most wires of a gate whose matrix is written out: 4096 rows.</summary>
    internal const int MaxMatrixWires = 12;

    private readonly Func<ReadOnlySpan<double>, Complex[,]>? formula;
    private readonly Lazy<GateStructure> structure;

    internal Gate(string name, int wires, int parameters, Func<ReadOnlySpan<double>, Complex[,]>? formula = null)
    {
        (Name, Wires, Parameters, this.formula) = (name, wires, parameters, formula);
        structure = new Lazy<GateStructure>(InferStructure);
        Label = name;
    }

    /// <summary>The name, unique: <c>RX</c>, <c>PauliRot[XY]</c>, <c>Adjoint(S)</c>. <see cref="Gates.Find"/> reads it.</summary>
    public string Name { get; }

    /// <summary>Other names of the same gate, those of PennyLane and OpenQASM among them.</summary>
    public ImmutableArray<string> Aliases { get; internal init; } = [];

    /// <summary>How many wires it acts on.</summary>
    public int Wires { get; }

    /// <summary>How many angles it takes.</summary>
    public int Parameters { get; }

    /// <summary>
    /// The Hermitian generator G of a gate with one angle, <c>U(θ) = exp(iθG)</c> (PennyLane's sign), of which all
    /// eigenvalues are −λ, 0 or λ; null for others, which have a fixed matrix or a <see cref="Decomposition"/>.
    /// </summary>
    public Complex[,]? Generator
    {
        get
        {
            CheckSize();
            return GeneratorFormula?.Invoke();
        }
    }

    /// <summary>λ of the <see cref="Generator"/>: <c>U(θ) = 1 + (cos λθ − 1)(G/λ)² + i sin λθ · G/λ</c>. 0 without generator.</summary>
    public double GeneratorScale { get; internal init; }

    /// <summary>
    /// The positive differences of the generator's eigenvalues, for each angle: the frequencies of an expectation value
    /// as a function of the angle, from which its shift rule follows (Wierichs et al. 2021, arXiv:2107.12390).
    /// </summary>
    public ImmutableArray<ImmutableArray<double>> Frequencies { get; internal init; } = [];

    /// <summary>
    /// The gate as a product of other rows, in order of application; the input k of an operation's angle is the gate's
    /// parameter k. Every gate with more than one angle has one, and so have rotations about words of several letters,
    /// which it makes cheap on any number of wires. Empty for others.
    /// </summary>
    public ImmutableArray<Operation> Decomposition { get; internal init; } = [];

    /// <summary>The values of the leading wires that are controls; empty if none is.</summary>
    public ImmutableArray<bool> ControlValues { get; internal init; } = [];

    /// <summary>The gate that is controlled, on the wires after the controls; null if none.</summary>
    public Gate? Target { get; internal init; }

    /// <summary>The name in OpenQASM 2 (qelib1.inc), or null if it has none.</summary>
    public string? Qasm2 { get; internal init; }

    /// <summary>The name in OpenQASM 3 (stdgates.inc), or null if it has none.</summary>
    public string? Qasm3 { get; internal init; }

    /// <summary>What it does to a state; most rows are unitary.</summary>
    public GateKind Kind { get; internal init; }

    /// <summary>Whether probabilities still sum to 1 after it: for all but post-selection.</summary>
    public bool IsTracePreserving { get; internal init; } = true;

    /// <summary>What stands in a drawing.</summary>
    public string Label { get; internal init; }

    /// <summary>What the matrix looks like for all angles.</summary>
    public GateStructure Structure => structure.Value;

    /// <summary>Whether the matrix was given by the user, so that the name does not tell it.</summary>
    public bool IsCustom { get; internal init; }

    /// <summary>The Kraus operators of a row that is not unitary, as data.</summary>
    internal KrausForm? Form { get; init; }

    /// <summary>Makes the generator anew on each call, so that nobody can write into the table.</summary>
    internal Func<Complex[,]>? GeneratorFormula { get; init; }

    /// <summary>What stands on its wires in a drawing where it is controlled, and where it has several wires.</summary>
    internal WireMark Mark { get; init; }

    /// <summary>Whether the gate is its own inverse for all angles.</summary>
    internal bool IsSelfInverse { get; init; }

    /// <summary>The gate that this one is the adjoint or the power of, or controls; null for others.</summary>
    internal Gate? Origin { get; init; }

    /// <summary>The power that this is of <see cref="Origin"/>; null if it is none.</summary>
    internal double? Exponent { get; init; }

    /// <summary>The structure, where it is known without looking at the matrix.</summary>
    internal GateStructure? KnownStructure { get; init; }

    /// <summary>The inverse gate: the same angles, the conjugate transpose. A gate that is its own inverse is returned as it is.</summary>
    public Gate Adjoint() => GateAlgebra.Adjoint(this);

    /// <summary>
    /// The gate controlled by further wires, which come first. Controls of a controlled gate join, and where the table has
    /// a row for the result, it is that row: <c>X.Controlled(true, true)</c> is <see cref="Gates.Toffoli"/>.
    /// </summary>
    /// <param name="values">The value each control must have; one control with value true if none is given.</param>
    public Gate Controlled(params ImmutableArray<bool> values) => GateAlgebra.Controlled(this, values.IsDefaultOrEmpty ? [true] : values);

    /// <summary>
    /// The gate to a real power. The angle of a gate with a generator is scaled; a fixed matrix takes its principal power,
    /// in which eigenvalues e^{iφ}, −π &lt; φ ≤ π, become e^{ipφ}.
    /// </summary>
    /// <exception cref="ArgumentException">The exponent is not finite.</exception>
    /// <exception cref="NotSupportedException">The gate has several angles and the power is not an integer from −64 to 64.</exception>
    public Gate Power(double exponent) => GateAlgebra.Power(this, exponent);

    /// <summary>Whether the other gate has the same name and, where the user gave the matrix, the same matrix.</summary>
    public bool Equals(Gate? other) => ReferenceEquals(this, other)
        || (other is not null && Name == other.Name && Wires == other.Wires && IsCustom == other.IsCustom && (!IsCustom || SameOrigin(other)));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Gate);

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <summary>The gate's name.</summary>
    public override string ToString() => Name;

    private bool SameOrigin(Gate other) => (Origin, other.Origin) switch
    {
        ({ } mine, { } theirs) => mine.Equals(theirs),
        (null, null) when Form is not null => other.Form is not null && Form.SameTerms(other.Form),
        (null, null) => other.Form is null && MatrixAlgebra.Distance(Matrix(), other.Matrix()) == 0,
        _ => false,
    };
}
