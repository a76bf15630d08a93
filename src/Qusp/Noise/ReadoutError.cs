// SPDX-License-Identifier: Apache-2.0
namespace Qusp;

/// <summary>The error of reading a wire's bit at the end: each shot's bit flips with a probability that depends on what it was.</summary>
/// <param name="OneForZero">p₀₁, the probability to read 1 where it was 0.</param>
/// <param name="ZeroForOne">p₁₀, the probability to read 0 where it was 1.</param>
public readonly record struct ReadoutError(double OneForZero, double ZeroForOne)
{
    /// <summary>
    /// What is read for a Pauli letter: turned to Z and read with the error it is <c>(1 − p₀₁ − p₁₀)·letter + (p₁₀ − p₀₁)</c>.
    /// </summary>
    internal (double Factor, double Shift) OfLetter => (1 - OneForZero - ZeroForOne, ZeroForOne - OneForZero);

    internal void Check()
    {
        if (!(OneForZero is >= 0 and <= 1) || !(ZeroForOne is >= 0 and <= 1))
        {
            throw new ArgumentException($"A readout error has two probabilities between 0 and 1, not {OneForZero} and {ZeroForOne}.");
        }
    }
}
