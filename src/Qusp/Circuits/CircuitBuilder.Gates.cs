// SPDX-License-Identifier: Apache-2.0
namespace Qusp;

// One method a row of the table; a test asserts that none is missing.
public sealed partial class CircuitBuilder
{
    /// <summary>Identity.</summary>
    public CircuitBuilder I(int wire) => Apply(Gates.I, [wire]);

    /// <summary>Pauli X.</summary>
    public CircuitBuilder X(int wire) => Apply(Gates.X, [wire]);

    /// <summary>Pauli Y.</summary>
    public CircuitBuilder Y(int wire) => Apply(Gates.Y, [wire]);

    /// <summary>Pauli Z.</summary>
    public CircuitBuilder Z(int wire) => Apply(Gates.Z, [wire]);

    /// <summary>Hadamard.</summary>
    public CircuitBuilder H(int wire) => Apply(Gates.H, [wire]);

    /// <summary>diag(1, i).</summary>
    public CircuitBuilder S(int wire) => Apply(Gates.S, [wire]);

    /// <summary>diag(1, −i).</summary>
    public CircuitBuilder Sdg(int wire) => Apply(Gates.Sdg, [wire]);

    /// <summary>diag(1, e^{iπ/4}).</summary>
    public CircuitBuilder T(int wire) => Apply(Gates.T, [wire]);

    /// <summary>diag(1, e^{−iπ/4}).</summary>
    public CircuitBuilder Tdg(int wire) => Apply(Gates.Tdg, [wire]);

    /// <summary>Square root of X.</summary>
    public CircuitBuilder SX(int wire) => Apply(Gates.SX, [wire]);

    /// <summary>exp(−iθX/2).</summary>
    public CircuitBuilder RX(Angle angle, int wire) => Apply(Gates.RX, [wire], angle);

    /// <summary>exp(−iθY/2).</summary>
    public CircuitBuilder RY(Angle angle, int wire) => Apply(Gates.RY, [wire], angle);

    /// <summary>exp(−iθZ/2).</summary>
    public CircuitBuilder RZ(Angle angle, int wire) => Apply(Gates.RZ, [wire], angle);

    /// <summary>diag(1, e^{iθ}).</summary>
    public CircuitBuilder PhaseShift(Angle angle, int wire) => Apply(Gates.PhaseShift, [wire], angle);

    /// <summary>U2(φ, δ).</summary>
    public CircuitBuilder U2(Angle phi, Angle delta, int wire) => Apply(Gates.U2, [wire], phi, delta);

    /// <summary>U3(θ, φ, δ).</summary>
    public CircuitBuilder U3(Angle theta, Angle phi, Angle delta, int wire) => Apply(Gates.U3, [wire], theta, phi, delta);

    /// <summary>RZ(ω) RY(θ) RZ(φ).</summary>
    public CircuitBuilder Rot(Angle phi, Angle theta, Angle omega, int wire) => Apply(Gates.Rot, [wire], phi, theta, omega);

    /// <summary>exp(−iθ).</summary>
    public CircuitBuilder GlobalPhase(Angle angle, int wire) => Apply(Gates.GlobalPhase, [wire], angle);

    /// <summary>Controlled X.</summary>
    public CircuitBuilder CNOT(int control, int target) => Apply(Gates.CNOT, [control, target]);

    /// <summary>Controlled Y.</summary>
    public CircuitBuilder CY(int control, int target) => Apply(Gates.CY, [control, target]);

    /// <summary>Controlled Z.</summary>
    public CircuitBuilder CZ(int control, int target) => Apply(Gates.CZ, [control, target]);

    /// <summary>Controlled Hadamard.</summary>
    public CircuitBuilder CH(int control, int target) => Apply(Gates.CH, [control, target]);

    /// <summary>Exchange.</summary>
    public CircuitBuilder SWAP(int first, int second) => Apply(Gates.SWAP, [first, second]);

    /// <summary>Exchange with phase i.</summary>
    public CircuitBuilder ISWAP(int first, int second) => Apply(Gates.ISWAP, [first, second]);

    /// <summary>Square root of ISWAP.</summary>
    public CircuitBuilder SISWAP(int first, int second) => Apply(Gates.SISWAP, [first, second]);

    /// <summary>Echoed cross-resonance.</summary>
    public CircuitBuilder ECR(int first, int second) => Apply(Gates.ECR, [first, second]);

    /// <summary>Controlled RX.</summary>
    public CircuitBuilder CRX(Angle angle, int control, int target) => Apply(Gates.CRX, [control, target], angle);

    /// <summary>Controlled RY.</summary>
    public CircuitBuilder CRY(Angle angle, int control, int target) => Apply(Gates.CRY, [control, target], angle);

    /// <summary>Controlled RZ.</summary>
    public CircuitBuilder CRZ(Angle angle, int control, int target) => Apply(Gates.CRZ, [control, target], angle);

    /// <summary>diag(1, 1, 1, e^{iθ}).</summary>
    public CircuitBuilder ControlledPhaseShift(Angle angle, int control, int target) => Apply(Gates.ControlledPhaseShift, [control, target], angle);

    /// <summary>A phase on |00⟩.</summary>
    public CircuitBuilder CPhaseShift00(Angle angle, int first, int second) => Apply(Gates.CPhaseShift00, [first, second], angle);

    /// <summary>A phase on |01⟩.</summary>
    public CircuitBuilder CPhaseShift01(Angle angle, int first, int second) => Apply(Gates.CPhaseShift01, [first, second], angle);

    /// <summary>A phase on |10⟩.</summary>
    public CircuitBuilder CPhaseShift10(Angle angle, int first, int second) => Apply(Gates.CPhaseShift10, [first, second], angle);

    /// <summary>Controlled Rot.</summary>
    public CircuitBuilder CRot(Angle phi, Angle theta, Angle omega, int control, int target) => Apply(Gates.CRot, [control, target], phi, theta, omega);

    /// <summary>exp(−iθXX/2).</summary>
    public CircuitBuilder IsingXX(Angle angle, int first, int second) => Apply(Gates.IsingXX, [first, second], angle);

    /// <summary>exp(−iθYY/2).</summary>
    public CircuitBuilder IsingYY(Angle angle, int first, int second) => Apply(Gates.IsingYY, [first, second], angle);

    /// <summary>exp(−iθZZ/2).</summary>
    public CircuitBuilder IsingZZ(Angle angle, int first, int second) => Apply(Gates.IsingZZ, [first, second], angle);

    /// <summary>exp(iθ(XX+YY)/4).</summary>
    public CircuitBuilder IsingXY(Angle angle, int first, int second) => Apply(Gates.IsingXY, [first, second], angle);

    /// <summary>SWAP with a phase.</summary>
    public CircuitBuilder PSWAP(Angle angle, int first, int second) => Apply(Gates.PSWAP, [first, second], angle);

    /// <summary>Givens rotation.</summary>
    public CircuitBuilder SingleExcitation(Angle angle, int first, int second) => Apply(Gates.SingleExcitation, [first, second], angle);

    /// <summary>Givens rotation, phase e^{iθ/2} elsewhere.</summary>
    public CircuitBuilder SingleExcitationPlus(Angle angle, int first, int second) => Apply(Gates.SingleExcitationPlus, [first, second], angle);

    /// <summary>Givens rotation, phase e^{−iθ/2} elsewhere.</summary>
    public CircuitBuilder SingleExcitationMinus(Angle angle, int first, int second) => Apply(Gates.SingleExcitationMinus, [first, second], angle);

    /// <summary>Fermionic exchange.</summary>
    public CircuitBuilder FermionicSWAP(Angle angle, int first, int second) => Apply(Gates.FermionicSWAP, [first, second], angle);

    /// <summary>Doubly controlled X.</summary>
    public CircuitBuilder Toffoli(int first, int second, int third) => Apply(Gates.Toffoli, [first, second, third]);

    /// <summary>Controlled SWAP.</summary>
    public CircuitBuilder CSWAP(int first, int second, int third) => Apply(Gates.CSWAP, [first, second, third]);

    /// <summary>Doubly controlled Z.</summary>
    public CircuitBuilder CCZ(int first, int second, int third) => Apply(Gates.CCZ, [first, second, third]);

    /// <summary>Givens rotation of |0011⟩ and |1100⟩.</summary>
    public CircuitBuilder DoubleExcitation(Angle angle, int first, int second, int third, int fourth) => Apply(Gates.DoubleExcitation, [first, second, third, fourth], angle);

    /// <summary>Givens rotation, phase e^{iθ/2} elsewhere.</summary>
    public CircuitBuilder DoubleExcitationPlus(Angle angle, int first, int second, int third, int fourth) => Apply(Gates.DoubleExcitationPlus, [first, second, third, fourth], angle);

    /// <summary>Givens rotation, phase e^{−iθ/2} elsewhere.</summary>
    public CircuitBuilder DoubleExcitationMinus(Angle angle, int first, int second, int third, int fourth) => Apply(Gates.DoubleExcitationMinus, [first, second, third, fourth], angle);

    /// <summary>Rotation of two spatial orbitals.</summary>
    public CircuitBuilder OrbitalRotation(Angle angle, int first, int second, int third, int fourth) => Apply(Gates.OrbitalRotation, [first, second, third, fourth], angle);
}
