// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Qusp.Simulation.Pauli;

/// <summary>
/// Sweeps over a tape with one sample's angles. Forward takes the observables' coefficients back to the start of the circuit; backward, transposed, takes the
/// expectations of words in |0…0⟩ to those in the final state, of all observables at once. The pairs and blocks of a long stretch are
/// independent and shared among threads; how they are cut, and so every sum, depends on the stretch alone.
/// </summary>
internal sealed class PauliSweep(Crew crew) : IChunkedWork
{
    private const int Chunk = 1 << 12; // slots; a multiple of every block
    private const int WorthSharing = 1 << 13; // slots of a stretch

    private readonly PauliAngles angles = new();
    private PauliTape tape = PauliTape.Empty;
    private double[] lambda = []; // expectations
    private double[] coefficients = [];
    private double[] byStretch = [];
    private double[] partial = []; // of a derivative, by chunk
    private (Way Way, int Stretch) at;

    private enum Way
    {
        Forward,
        Backward,
        Derivative,
    }

    /// <summary>The coefficients, of each slot.</summary>
    public Span<double> Coefficients => coefficients.AsSpan(0, tape.AtZero.Length);

    /// <summary>Begins with a tape and a sample; all coefficients are 0.</summary>
    public void Begin(PauliTape on, ReadOnlySpan<double> inputs, ReadOnlySpan<double> weights, bool derivatives)
    {
        tape = on;
        angles.Fill(tape, inputs, weights, derivatives);
        Numbers.Room(ref coefficients, tape.AtZero.Length).Clear();
        _ = Numbers.Room(ref lambda, tape.AtZero.Length);
        _ = Numbers.Room(ref byStretch, tape.Stretches.Length);
    }

    /// <summary>The expectations of all slots' words in the final state.</summary>
    public ReadOnlySpan<double> Expect()
    {
        tape.AtZero.CopyTo(lambda, 0);
        for (var k = tape.Stretches.Length - 1; k >= 0; k--)
        {
            Do(Way.Backward, k);
        }

        return lambda;
    }

    /// <summary>Takes coefficients of the observables to the start of the circuit.</summary>
    public void Propagate()
    {
        for (var k = 0; k < tape.Stretches.Length; k++)
        {
            Do(Way.Forward, k);
        }
    }

    /// <summary>The derivative by each stretch's φ or θ, where it varies; ends with coefficients as before <see cref="Propagate"/>.</summary>
    public ReadOnlySpan<double> Differentiate()
    {
        tape.AtZero.CopyTo(lambda, 0);
        for (var k = tape.Stretches.Length - 1; k >= 0; k--)
        {
            byStretch[k] = Do(Way.Derivative, k);
        }

        return byStretch;
    }

    public void Run(int chunk, int slot)
    {
        var (step, first, count) = tape.Stretches[at.Stretch];
        var from = chunk * Chunk;
        var slots = tape.Slots.AsSpan(first + from, Math.Min(Chunk, count - from));
        if (step.Gate is null)
        {
            var (cos, sin) = angles.Turn(at.Stretch);
            switch (at.Way)
            {
                case Way.Forward:
                    Turn(slots, cos, sin, coefficients);
                    break;
                case Way.Backward:
                    Turn(slots, cos, -sin, lambda);
                    break;
                default:
                    partial[chunk] = step.Varies ? TurnDerivative(slots, coefficients, lambda) : 0;
                    Turn(slots, cos, -sin, coefficients);
                    Turn(slots, cos, -sin, lambda);
                    break;
            }

            return;
        }

        var matrix = angles.Matrix(at.Stretch);
        switch (at.Way)
        {
            case Way.Forward:
                Map(slots, matrix, transposed: false, coefficients);
                break;
            case Way.Backward:
                Map(slots, matrix, transposed: true, lambda);
                break;
            default:
                Map(slots, matrix, transposed: true, coefficients);
                partial[chunk] = step.Varies ? Bilinear(slots, angles.Derivative(at.Stretch), coefficients, lambda) : 0;
                Map(slots, matrix, transposed: true, lambda);
                break;
        }
    }

    private double Do(Way way, int stretch)
    {
        at = (way, stretch);
        var count = tape.Stretches[stretch].Count;
        var chunks = (count + Chunk - 1) / Chunk;
        var sums = Numbers.Room(ref partial, chunks);
        crew.Run(chunks, this, shared: count >= WorthSharing);
        var sum = 0.0;
        for (var chunk = 0; way == Way.Derivative && chunk < chunks; chunk++)
        {
            sum += sums[chunk];
        }

        return sum;
    }

    // No branch on a sign: it is as good as random. A tape's slots lie within its coefficients.
    private static void Turn(ReadOnlySpan<int> slots, double cos, double sin, double[] c)
    {
        Span<double> sines = [sin, -sin];
        ref var first = ref MemoryMarshal.GetArrayDataReference(c);
        for (var k = 0; k + 1 < slots.Length; k += 2)
        {
            var minus = slots[k + 1] >> 31;
            ref var a = ref Unsafe.Add(ref first, slots[k]);
            ref var b = ref Unsafe.Add(ref first, slots[k + 1] ^ minus);
            var s = sines[minus & 1];
            (a, b) = ((cos * a) - (s * b), (cos * b) + (s * a));
        }
    }

    private static double TurnDerivative(ReadOnlySpan<int> slots, double[] c, double[] lambda)
    {
        var sum = 0.0;
        Span<double> signs = [1, -1];
        ref var firstC = ref MemoryMarshal.GetArrayDataReference(c);
        ref var firstLambda = ref MemoryMarshal.GetArrayDataReference(lambda);
        for (var k = 0; k + 1 < slots.Length; k += 2)
        {
            var minus = slots[k + 1] >> 31;
            var (a, b) = (slots[k], slots[k + 1] ^ minus);
            sum += signs[minus & 1] * ((Unsafe.Add(ref firstLambda, b) * Unsafe.Add(ref firstC, a)) - (Unsafe.Add(ref firstLambda, a) * Unsafe.Add(ref firstC, b)));
        }

        return sum;
    }

    private static void Map(ReadOnlySpan<int> all, ReadOnlySpan<double> matrix, bool transposed, double[] c)
    {
        var size = (int)Math.Sqrt(matrix.Length);
        Span<double> block = stackalloc double[size];
        for (var from = 0; from < all.Length; from += size)
        {
            var slots = all.Slice(from, size);
            for (var p = 0; p < size; p++)
            {
                block[p] = Read(slots[p], c);
            }

            for (var p = 0; p < size; p++)
            {
                if (slots[p] == PauliTape.None)
                {
                    continue;
                }

                var sum = 0.0;
                for (var q = 0; q < size; q++)
                {
                    sum += (transposed ? matrix[(q * size) + p] : matrix[(p * size) + q]) * block[q];
                }

                (slots[p] < 0 ? ref c[~slots[p]] : ref c[slots[p]]) = slots[p] < 0 ? -sum : sum;
            }
        }
    }

    private static double Bilinear(ReadOnlySpan<int> all, ReadOnlySpan<double> matrix, double[] c, double[] lambda)
    {
        var (size, sum) = ((int)Math.Sqrt(matrix.Length), 0.0);
        for (var from = 0; from < all.Length; from += size)
        {
            var slots = all.Slice(from, size);
            for (var p = 0; p < size; p++)
            {
                for (var q = 0; q < size; q++)
                {
                    sum += Read(slots[p], lambda) * matrix[(p * size) + q] * Read(slots[q], c);
                }
            }
        }

        return sum;
    }

    private static double Read(int slot, double[] c) => slot == PauliTape.None ? 0 : slot < 0 ? -c[~slot] : c[slot];
}
