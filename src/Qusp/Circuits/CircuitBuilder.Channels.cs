// SPDX-License-Identifier: Apache-2.0
namespace Qusp;

// One method for each noise channel of the table: first the strengths, then the wire.
public sealed partial class CircuitBuilder
{
    /// <summary>X, Y or Z, each with a third of the probability.</summary>
    public CircuitBuilder DepolarizingChannel(Angle probability, int wire) => Apply(Gates.DepolarizingChannel, [wire], probability);

    /// <summary>X with a probability.</summary>
    public CircuitBuilder BitFlip(Angle probability, int wire) => Apply(Gates.BitFlip, [wire], probability);

    /// <summary>Z with a probability.</summary>
    public CircuitBuilder PhaseFlip(Angle probability, int wire) => Apply(Gates.PhaseFlip, [wire], probability);

    /// <summary>Y with a probability.</summary>
    public CircuitBuilder BitPhaseFlip(Angle probability, int wire) => Apply(Gates.BitPhaseFlip, [wire], probability);

    /// <summary>Decay of |1⟩ to |0⟩ with probability γ.</summary>
    public CircuitBuilder AmplitudeDamping(Angle gamma, int wire) => Apply(Gates.AmplitudeDamping, [wire], gamma);

    /// <summary>Exchange of energy with a bath, downwards with probability p and upwards with 1 − p.</summary>
    public CircuitBuilder GeneralizedAmplitudeDamping(Angle gamma, Angle probability, int wire) =>
        Apply(Gates.GeneralizedAmplitudeDamping, [wire], gamma, probability);

    /// <summary>Loss of phase with probability γ.</summary>
    public CircuitBuilder PhaseDamping(Angle gamma, int wire) => Apply(Gates.PhaseDamping, [wire], gamma);

    /// <summary>The wire becomes |0⟩ with one probability and |1⟩ with another.</summary>
    public CircuitBuilder ResetError(Angle toZero, Angle toOne, int wire) => Apply(Gates.ResetError, [wire], toZero, toOne);

    /// <summary>The error of reading a wire: 1 for 0 with one probability, 0 for 1 with another.</summary>
    public CircuitBuilder ReadoutFlip(Angle oneForZero, Angle zeroForOne, int wire) => Apply(Gates.ReadoutFlip, [wire], oneForZero, zeroForOne);

    /// <summary>Relaxation of a wire left alone: population of |1⟩ at rest, times T₁ and T₂ ≤ 2T₁, duration.</summary>
    public CircuitBuilder ThermalRelaxationError(Angle excited, Angle t1, Angle t2, Angle time, int wire) =>
        Apply(Gates.ThermalRelaxationError, [wire], excited, t1, t2, time);
}
