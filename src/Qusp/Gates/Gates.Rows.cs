// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using static Qusp.MatrixAlgebra;

namespace Qusp;

// The rows. Order matters: a row may only use rows above it.
public static partial class Gates
{
    private static readonly Complex J = Complex.ImaginaryOne;
    private static readonly double Root = Math.Sqrt(0.5);

    private static readonly Complex[,] PauliX = { { 0, 1 }, { 1, 0 } };
    private static readonly Complex[,] PauliY = { { 0, -J }, { J, 0 } };
    private static readonly Complex[,] PauliZ = { { 1, 0 }, { 0, -1 } };

    /// <summary>The identity.</summary>
    public static Gate I { get; } = Fixed("I", 1, Identity(2), "id", ["Identity", "id"], selfInverse: true);

    /// <summary>Pauli X: |0⟩ ↔ |1⟩.</summary>
    public static Gate X { get; } = Fixed("X", 1, PauliX, "x", ["PauliX", "NOT"], selfInverse: true, mark: WireMark.Plus);

    /// <summary>Pauli Y.</summary>
    public static Gate Y { get; } = Fixed("Y", 1, PauliY, "y", ["PauliY"], selfInverse: true);

    /// <summary>Pauli Z.</summary>
    public static Gate Z { get; } = Fixed("Z", 1, PauliZ, "z", ["PauliZ"], selfInverse: true, mark: WireMark.Dot);

    /// <summary>Hadamard.</summary>
    public static Gate H { get; } = Fixed("H", 1, new Complex[,] { { Root, Root }, { Root, -Root } }, "h", ["Hadamard"], selfInverse: true);

    /// <summary>Phase gate, diag(1, i).</summary>
    public static Gate S { get; } = Fixed("S", 1, new Complex[,] { { 1, 0 }, { 0, J } }, "s");

    /// <summary>The inverse of S, diag(1, −i).</summary>
    public static Gate Sdg { get; } = GateAlgebra.AdjointAs("Adjoint(S)", S, "sdg", ["Sdg"]);

    /// <summary>π/8 gate, diag(1, e^{iπ/4}).</summary>
    public static Gate T { get; } = Fixed("T", 1, new Complex[,] { { 1, 0 }, { 0, new(Root, Root) } }, "t");

    /// <summary>The inverse of T, diag(1, e^{−iπ/4}).</summary>
    public static Gate Tdg { get; } = GateAlgebra.AdjointAs("Adjoint(T)", T, "tdg", ["Tdg"]);

    /// <summary>Square root of X.</summary>
    public static Gate SX { get; } = Fixed(
        "SX", 1, new Complex[,] { { new(0.5, 0.5), new(0.5, -0.5) }, { new(0.5, -0.5), new(0.5, 0.5) } }, "sx", label: "√X");

    /// <summary>Rotation about x: exp(−iθX/2).</summary>
    public static Gate RX { get; } = Rotation("RX", Scale(PauliX, -0.5), 0.5, [1], "rx", "rx");

    /// <summary>Rotation about y: exp(−iθY/2), a real matrix.</summary>
    public static Gate RY { get; } = Rotation("RY", Scale(PauliY, -0.5), 0.5, [1], "ry", "ry");

    /// <summary>Rotation about z: exp(−iθZ/2), diag(e^{−iθ/2}, e^{iθ/2}).</summary>
    public static Gate RZ { get; } = Rotation("RZ", Scale(PauliZ, -0.5), 0.5, [1], "rz", "rz");

    /// <summary>diag(1, e^{iθ}).</summary>
    public static Gate PhaseShift { get; } = Rotation("PhaseShift", Projector(2, 1), 1, [1], "u1", "p", ["U1", "P", "Phase"], "P");

    /// <summary>U2(φ, δ) = PhaseShift(φ) RY(π/2) PhaseShift(δ).</summary>
    public static Gate U2 { get; } = Composite(
        "U2", 1, 2, "u2", "u2", null,
        Part(PhaseShift, [0], Angle.Input(1)), Part(RY, [0], Math.PI / 2), Part(PhaseShift, [0], Angle.Input(0)));

    /// <summary>U3(θ, φ, δ) = PhaseShift(φ) RY(θ) PhaseShift(δ).</summary>
    public static Gate U3 { get; } = Composite(
        "U3", 1, 3, "u3", "u3", ["U"],
        Part(PhaseShift, [0], Angle.Input(2)), Part(RY, [0], Angle.Input(0)), Part(PhaseShift, [0], Angle.Input(1)));

    /// <summary>Rot(φ, θ, ω) = RZ(ω) RY(θ) RZ(φ).</summary>
    public static Gate Rot { get; } = Composite(
        "Rot", 1, 3, null, null, null,
        Part(RZ, [0], Angle.Input(0)), Part(RY, [0], Angle.Input(1)), Part(RZ, [0], Angle.Input(2)));

    /// <summary>exp(−iθ) on every amplitude; named on one wire so that it can be controlled.</summary>
    public static Gate GlobalPhase { get; } = Rotation("GlobalPhase", Scale(Identity(2), -1), 1, [], label: "e⁻ⁱ");

    /// <summary>Controlled X: the first wire controls.</summary>
    public static Gate CNOT { get; } = GateAlgebra.ControlledAs("CNOT", X, [true], "cx", "cx", ["CX"]);

    /// <summary>Controlled Y.</summary>
    public static Gate CY { get; } = GateAlgebra.ControlledAs("CY", Y, [true], "cy", "cy");

    /// <summary>Controlled Z.</summary>
    public static Gate CZ { get; } = GateAlgebra.ControlledAs("CZ", Z, [true], "cz", "cz");

    /// <summary>Controlled Hadamard.</summary>
    public static Gate CH { get; } = GateAlgebra.ControlledAs("CH", H, [true], "ch", "ch");

    /// <summary>Exchange of two wires.</summary>
    public static Gate SWAP { get; } = Fixed(
        "SWAP", 2, new Complex[,] { { 1, 0, 0, 0 }, { 0, 0, 1, 0 }, { 0, 1, 0, 0 }, { 0, 0, 0, 1 } }, "swap", selfInverse: true, mark: WireMark.Cross);

    /// <summary>Exchange of two wires with a phase i on |01⟩ and |10⟩.</summary>
    public static Gate ISWAP { get; } = Fixed(
        "ISWAP", 2, new Complex[,] { { 1, 0, 0, 0 }, { 0, 0, J, 0 }, { 0, J, 0, 0 }, { 0, 0, 0, 1 } });

    /// <summary>Square root of ISWAP.</summary>
    public static Gate SISWAP { get; } = Fixed(
        "SISWAP", 2, new Complex[,] { { 1, 0, 0, 0 }, { 0, Root, Root * J, 0 }, { 0, Root * J, Root, 0 }, { 0, 0, 0, 1 } }, aliases: ["SQISW"]);

    /// <summary>Echoed cross-resonance, (IX − XY)/√2.</summary>
    public static Gate ECR { get; } = Fixed(
        "ECR", 2, Scale(new Complex[,] { { 0, 0, 1, J }, { 0, 0, J, 1 }, { 1, -J, 0, 0 }, { -J, 1, 0, 0 } }, Root), selfInverse: true);

    /// <summary>Controlled RX.</summary>
    public static Gate CRX { get; } = GateAlgebra.ControlledAs("CRX", RX, [true], "crx", "crx");

    /// <summary>Controlled RY.</summary>
    public static Gate CRY { get; } = GateAlgebra.ControlledAs("CRY", RY, [true], "cry", "cry");

    /// <summary>Controlled RZ.</summary>
    public static Gate CRZ { get; } = GateAlgebra.ControlledAs("CRZ", RZ, [true], "crz", "crz");

    /// <summary>diag(1, 1, 1, e^{iθ}).</summary>
    public static Gate ControlledPhaseShift { get; } =
        GateAlgebra.ControlledAs("ControlledPhaseShift", PhaseShift, [true], "cu1", "cp", ["CPhase", "CPhaseShift", "CP"]);

    /// <summary>A phase e^{iθ} on |00⟩.</summary>
    public static Gate CPhaseShift00 { get; } = Rotation("CPhaseShift00", Projector(4, 0), 1, [1]);

    /// <summary>A phase e^{iθ} on |01⟩.</summary>
    public static Gate CPhaseShift01 { get; } = Rotation("CPhaseShift01", Projector(4, 1), 1, [1]);

    /// <summary>A phase e^{iθ} on |10⟩.</summary>
    public static Gate CPhaseShift10 { get; } = Rotation("CPhaseShift10", Projector(4, 2), 1, [1]);

    /// <summary>Controlled Rot.</summary>
    public static Gate CRot { get; } = GateAlgebra.ControlledAs(
        "CRot",
        Rot,
        [true],
        decomposition: [Part(CRZ, [0, 1], Angle.Input(0)), Part(CRY, [0, 1], Angle.Input(1)), Part(CRZ, [0, 1], Angle.Input(2))]);

    /// <summary>exp(−iθ XX/2).</summary>
    public static Gate IsingXX { get; } = Rotation("IsingXX", Scale(Kron(PauliX, PauliX), -0.5), 0.5, [1], "rxx", aliases: ["RXX"], label: "XX");

    /// <summary>exp(−iθ YY/2).</summary>
    public static Gate IsingYY { get; } = Rotation("IsingYY", Scale(Kron(PauliY, PauliY), -0.5), 0.5, [1], aliases: ["RYY"], label: "YY");

    /// <summary>exp(−iθ ZZ/2).</summary>
    public static Gate IsingZZ { get; } = Rotation("IsingZZ", Scale(Kron(PauliZ, PauliZ), -0.5), 0.5, [1], "rzz", aliases: ["RZZ"], label: "ZZ");

    /// <summary>exp(iθ (XX + YY)/4).</summary>
    public static Gate IsingXY { get; } = Rotation("IsingXY", Coupling(4, 1, 2, 0.5), 0.5, [0.5, 1], label: "XY");

    /// <summary>SWAP with a phase e^{iθ} on the exchanged states.</summary>
    public static Gate PSWAP { get; } = Composite(
        "PSWAP", 2, 1, null, null, null,
        Part(SWAP, [0, 1]), Part(CNOT, [0, 1]), Part(PhaseShift, [1], Angle.Input(0)), Part(CNOT, [0, 1]));

    /// <summary>Givens rotation of |01⟩ and |10⟩.</summary>
    public static Gate SingleExcitation { get; } = Rotation("SingleExcitation", Coupling(4, 1, 2, 0.5 * J), 0.5, [0.5, 1], label: "G");

    /// <summary>Givens rotation of |01⟩ and |10⟩, with a phase e^{iθ/2} on the other states.</summary>
    public static Gate SingleExcitationPlus { get; } = Rotation(
        "SingleExcitationPlus", Elsewhere(Coupling(4, 1, 2, 0.5 * J), 1, 2, 0.5), 0.5, [1], label: "G₊");

    /// <summary>Givens rotation of |01⟩ and |10⟩, with a phase e^{−iθ/2} on the other states.</summary>
    public static Gate SingleExcitationMinus { get; } = Rotation(
        "SingleExcitationMinus", Elsewhere(Coupling(4, 1, 2, 0.5 * J), 1, 2, -0.5), 0.5, [1], label: "G₋");

    /// <summary>Exchange of neighbouring fermionic modes: SWAP with a sign at θ = π.</summary>
    public static Gate FermionicSWAP { get; } = Rotation(
        "FermionicSWAP", new Complex[,] { { 0, 0, 0, 0 }, { 0, 0.5, -0.5, 0 }, { 0, -0.5, 0.5, 0 }, { 0, 0, 0, 1 } }, 1, [1], label: "fSWAP");

    /// <summary>Doubly controlled X.</summary>
    public static Gate Toffoli { get; } = GateAlgebra.ControlledAs("Toffoli", X, [true, true], "ccx", "ccx", ["CCX", "CCNOT"]);

    /// <summary>Controlled SWAP.</summary>
    public static Gate CSWAP { get; } = GateAlgebra.ControlledAs("CSWAP", SWAP, [true], "cswap", "cswap", ["Fredkin"]);

    /// <summary>Doubly controlled Z.</summary>
    public static Gate CCZ { get; } = GateAlgebra.ControlledAs("CCZ", Z, [true, true]);

    /// <summary>Givens rotation of |0011⟩ and |1100⟩.</summary>
    public static Gate DoubleExcitation { get; } = Rotation("DoubleExcitation", Coupling(16, 3, 12, 0.5 * J), 0.5, [0.5, 1], label: "G²");

    /// <summary>Givens rotation of |0011⟩ and |1100⟩, with a phase e^{iθ/2} on the other states.</summary>
    public static Gate DoubleExcitationPlus { get; } = Rotation(
        "DoubleExcitationPlus", Elsewhere(Coupling(16, 3, 12, 0.5 * J), 3, 12, 0.5), 0.5, [1], label: "G²₊");

    /// <summary>Givens rotation of |0011⟩ and |1100⟩, with a phase e^{−iθ/2} on the other states.</summary>
    public static Gate DoubleExcitationMinus { get; } = Rotation(
        "DoubleExcitationMinus", Elsewhere(Coupling(16, 3, 12, 0.5 * J), 3, 12, -0.5), 0.5, [1], label: "G²₋");

    /// <summary>Rotation of two spatial orbitals: two Givens rotations between fermionic swaps.</summary>
    public static Gate OrbitalRotation { get; } = new(
        "OrbitalRotation", 4, 1)
    {
        Decomposition =
        [
            Part(FermionicSWAP, [1, 2], Math.PI),
            Part(SingleExcitation, [0, 1], Angle.Input(0)),
            Part(SingleExcitation, [2, 3], Angle.Input(0)),
            Part(FermionicSWAP, [1, 2], Math.PI),
        ],
        Frequencies = One(0.5, 1, 1.5, 2),
        Label = "Orb",
    };

    private static Complex[,] Projector(int size, int index) => Map(new Complex[size, size], (r, c) => r == c && r == index ? 1 : 0);

    // value on [row a, column b] and its conjugate on [b, a]
    private static Complex[,] Coupling(int size, int a, int b, Complex value) => Map(new Complex[size, size], (r, c) =>
        r == a && c == b ? value : r == b && c == a ? Complex.Conjugate(value) : 0);

    private static Complex[,] Elsewhere(Complex[,] generator, int a, int b, double value) =>
        Map(generator, (r, c) => r == c && r != a && r != b ? value : generator[r, c]);
}
