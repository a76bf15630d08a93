// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>
/// The quantum Fisher information of the weights of a pure state, <c>F_ij = 4 Re(⟨∂_iψ|∂_jψ⟩ − ⟨∂_iψ|ψ⟩⟨ψ|∂_jψ⟩)</c>, averaged over the
/// samples (Meyer 2021, arXiv:2103.15191). The Fubini–Study metric, which PennyLane calls the metric tensor, is F/4. The derivative
/// states are exact: an amplitude has one frequency λ in the angle of exp(iθG), so <c>∂ψ(θ) = (λ/2)(ψ(θ + π/2λ) − ψ(θ − π/2λ))</c>, and all
/// 2P + 1 states are rows of one batch.
/// </summary>
public sealed class QuantumFisher : IDisposable
{
    private const double MostBytes = 4e9; // of derivative states
    private const int NumbersPerCall = 1 << 22;

    private readonly IProgram<double> states;
    private readonly ImmutableArray<ExposedAngle> angles;
    private readonly int[] layers;
    private readonly bool blockDiagonal;

    /// <summary>Compiles the circuit with an input for each varying angle.</summary>
    /// <param name="device">An exact device that reads state vectors, such as <c>cpu</c>.</param>
    /// <param name="circuit">The circuit; its measurements do not matter.</param>
    /// <param name="blockDiagonal">
    /// Whether only angles of one layer, between which no rotation lies, are taken with one another, and all others as 0 (Stokes, Izaac,
    /// Killoran, Carleo 2020, arXiv:1909.02108).
    /// </param>
    /// <exception cref="NotSupportedException">
    /// The circuit has channels or weights inside of expressions, the device cannot run it, or its derivative states need more than 4 GB.
    /// </exception>
    public QuantumFisher(IDevice device, Circuit circuit, bool blockDiagonal = false)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(circuit);
        if (!circuit.IsUnitary)
        {
            throw new NotSupportedException("The quantum Fisher information is for pure states; leave channels and measurements in the circuit's course out.");
        }

        Circuit = circuit;
        this.blockDiagonal = blockDiagonal;
        var exposed = circuit.ExpandToGenerators().WithMeasurements(new StateVector()).ExposeAnglesOfWeights();
        angles = exposed.Angles;
        layers = Layers(exposed.Circuit);
        var needed = (angles.Length + 1) * Math.ScaleB(16, circuit.Wires);
        if (needed > MostBytes)
        {
            throw new NotSupportedException(
                $"{angles.Length} derivative states of {circuit.Wires} wires need {needed / 1e9:0.#} GB, more than {MostBytes / 1e9:0} GB; use {nameof(ByOverlaps)}, or fewer weights.");
        }

        states = device.Compile<double>(exposed.Circuit, new ProgramOptions { Differentiation = Differentiation.None });
    }

    /// <summary>The circuit as given.</summary>
    public Circuit Circuit { get; }

    /// <summary>What was executed.</summary>
    public Cost Cost => states.Cost;

    /// <summary>The mean over the samples, <c>[W, W]</c>, symmetric and positive semidefinite.</summary>
    /// <param name="batch">The number B of samples, at least 1.</param>
    /// <param name="inputs">The samples, <c>[B, I]</c>.</param>
    /// <param name="weights">The weights, <c>[W]</c>.</param>
    /// <exception cref="ArgumentException">A span's length is not what the circuit and the batch ask for.</exception>
    public double[,] Evaluate(int batch, ReadOnlySpan<double> inputs, ReadOnlySpan<double> weights)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        Call.CheckPullback(Circuit, batch, inputs.Length, weights.Length, batch * Circuit.Outputs, 0, 0);
        var result = new double[Circuit.Weights, Circuit.Weights];
        for (var sample = 0; sample < batch; sample++)
        {
            Add(inputs.Slice(sample * Circuit.Inputs, Circuit.Inputs), weights, 1.0 / batch, result);
        }

        return result;
    }

    /// <inheritdoc/>
    public void Dispose() => states.Dispose();

    /// <summary>
    /// The same for one sample from evaluations alone, on any device, with shots too: <c>F = −2 ∂²|⟨ψ(θ)|ψ(θ + δ)⟩|²</c> at δ = 0, the overlap
    /// being the probability of |0…0⟩ after the circuit and its inverse, its second derivatives by shift rules (Mari, Bromley, Killoran 2021,
    /// arXiv:2008.06517, eq. 40).
    /// </summary>
    /// <param name="device">The device.</param>
    /// <param name="circuit">The circuit, of at most 30 wires.</param>
    /// <param name="inputs">The sample, <c>[I]</c>.</param>
    /// <param name="weights">The weights, <c>[W]</c>.</param>
    /// <param name="options">How to run it.</param>
    /// <param name="draw">The randomness of sampled devices.</param>
    /// <returns><c>[W, W]</c>.</returns>
    /// <exception cref="NotSupportedException">The circuit has channels or expressions, or the device cannot run it.</exception>
    public static double[,] ByOverlaps(
        IDevice device, Circuit circuit, ReadOnlySpan<double> inputs, ReadOnlySpan<double> weights, ProgramOptions? options = null, Draw draw = default)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(circuit);
        var overlap = Overlap(circuit, new Probabilities([.. Enumerable.Range(0, circuit.Wires)]));
        using var hessian = new Hessian<double>(device, overlap, options);
        var cotangents = new double[overlap.Outputs];
        cotangents[0] = 1;
        bool Moves(int variable) => variable >= circuit.Inputs && variable < circuit.Inputs + circuit.Weights;
        var second = hessian.Evaluate(inputs, [.. weights, .. weights], cotangents, draw, Moves);
        var result = new double[circuit.Weights, circuit.Weights];
        for (var i = 0; i < circuit.Weights; i++)
        {
            for (var j = 0; j < circuit.Weights; j++)
            {
                result[i, j] = -2 * second[circuit.Inputs + i, circuit.Inputs + j];
            }
        }

        return result;
    }

    /// <summary>
    /// The circuit, then its inverse, which holds weights of its own that stay where the circuit's move: W + W weights. The probability of
    /// |0…0⟩ is |⟨ψ(unmoved)|ψ(moved)⟩|².
    /// </summary>
    /// <exception cref="NotSupportedException">The circuit has channels or measurements in its course, or expressions of weights.</exception>
    internal static Circuit Overlap(Circuit circuit, Measurement measurement)
    {
        if (!circuit.IsUnitary)
        {
            throw new NotSupportedException("An overlap is of pure states; leave channels and measurements in the circuit's course out.");
        }

        circuit.RequireAffineWeights();
        var forth = circuit.ExpandToGenerators().Operations;
        var back = forth.Reverse().Select(operation => new Operation(
            operation.Gate.Adjoint(),
            operation.Wires,
            [.. operation.Angles.Select(angle => angle.Source == AngleSource.Weight ? angle with { Index = angle.Index + circuit.Weights } : angle)],
            operation.Guard));
        var groups = circuit.Weights == 0 ? circuit.WeightGroups : circuit.WeightGroups.Add(new WeightGroup("unmoved", circuit.Weights, [circuit.Weights]));
        return new Circuit(circuit.Wires, circuit.Inputs, groups, [.. forth, .. back], [measurement]);
    }

    private void Add(ReadOnlySpan<double> data, ReadOnlySpan<double> weights, double share, double[,] result)
    {
        var size = 2 << Circuit.Wires;
        var center = new double[data.Length + angles.Length];
        data.CopyTo(center);
        for (var a = 0; a < angles.Length; a++)
        {
            center[data.Length + a] = angles[a].Angle.Value(data, weights);
        }

        var wanted = Enumerable.Range(0, angles.Length).Where(a => angles[a].Angle.Source == AngleSource.Weight).ToArray();
        var state = new double[size];
        states.Evaluate(1, center, [], state);
        var derivatives = wanted.Select(_ => new double[size]).ToArray();
        var capacity = Math.Max(1, Math.Min(wanted.Length, NumbersPerCall / (2 * Math.Max(size, center.Length))));
        var (rows, amplitudes) = (new double[2 * capacity * center.Length], new double[2 * capacity * size]);
        for (var first = 0; first < wanted.Length; first += capacity)
        {
            var count = Math.Min(capacity, wanted.Length - first);
            for (var k = 0; k < count; k++)
            {
                var a = wanted[first + k];
                for (var side = 0; side < 2; side++)
                {
                    var row = rows.AsSpan(((2 * k) + side) * center.Length, center.Length);
                    center.CopyTo(row);
                    row[data.Length + a] += (side == 0 ? 1 : -1) * Math.PI / (2 * angles[a].Gate.GeneratorScale);
                }
            }

            states.Evaluate(2 * count, rows.AsSpan(0, 2 * count * center.Length), [], amplitudes.AsSpan(0, 2 * count * size));
            for (var k = 0; k < count; k++)
            {
                var half = angles[wanted[first + k]].Gate.GeneratorScale / 2;
                for (var i = 0; i < size; i++)
                {
                    derivatives[first + k][i] = half * (amplitudes[(2 * k * size) + i] - amplitudes[(((2 * k) + 1) * size) + i]);
                }
            }
        }

        var along = derivatives.Select(derivative => Inner(state, derivative)).ToArray();
        for (var i = 0; i < wanted.Length; i++)
        {
            for (var j = 0; j < wanted.Length; j++)
            {
                var (a, b) = (angles[wanted[i]].Angle, angles[wanted[j]].Angle);
                if (!blockDiagonal || layers[wanted[i]] == layers[wanted[j]])
                {
                    var overlap = Inner(derivatives[i], derivatives[j]).Real - ((along[i].Real * along[j].Real) + (along[i].Imaginary * along[j].Imaginary));
                    result[a.Index, b.Index] += 4 * share * a.Scale * b.Scale * overlap;
                }
            }
        }
    }

    // ⟨a|b⟩ of amplitudes as real and imaginary parts in turn.
    private static (double Real, double Imaginary) Inner(double[] a, double[] b)
    {
        var (real, imaginary) = (0.0, 0.0);
        for (var i = 0; i < a.Length; i += 2)
        {
            real += (a[i] * b[i]) + (a[i + 1] * b[i + 1]);
            imaginary += (a[i] * b[i + 1]) - (a[i + 1] * b[i]);
        }

        return (real, imaginary);
    }

    // The layer of each angle: how many rotations lie before it on its wires.
    private static int[] Layers(Circuit exposed)
    {
        var layers = new List<int>();
        var depth = new int[exposed.Wires];
        foreach (var operation in exposed.Operations)
        {
            var layer = operation.Wires.Max(wire => depth[wire]);
            var turns = operation.Angles.Count(angle => !angle.IsConstant);
            layers.AddRange(Enumerable.Repeat(layer, turns));
            foreach (var wire in operation.Wires)
            {
                depth[wire] = layer + (turns > 0 ? 1 : 0);
            }
        }

        return [.. layers];
    }
}
