// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using static TorchSharp.torch;

namespace Qusp.Torch;

/// <summary>
/// A compiled circuit as a function of tensors: crosses into the program once a batch, on the tensors' own memory where
/// the precision is the same, else by buffers that are kept. All tensors are contiguous and on the CPU.
/// </summary>
internal abstract class CircuitFunction : IDisposable
{
    private readonly Lazy<ShiftedGradient> shifted;
    private readonly Lazy<string?> secondRefusal;

    private protected CircuitFunction(Circuit circuit, Func<Circuit, CircuitFunction> compile)
    {
        Circuit = circuit;
        shifted = new Lazy<ShiftedGradient>(() => new ShiftedGradient(circuit, compile));
        secondRefusal = new Lazy<string?>(() => ShiftedGradient.Refusal(circuit));
    }

    public Circuit Circuit { get; }

    public abstract Differentiation Differentiation { get; }

    /// <summary>The ledger: forward, backward, and what second derivatives cost.</summary>
    public Cost Cost => OwnCost + (shifted.IsValueCreated ? shifted.Value.Function.Cost : default);

    public Cost ForwardCost { get; private protected set; }

    /// <summary>The circuit's derivatives by operations that autograd can differentiate again.</summary>
    public ShiftedGradient Shifted => shifted.Value;

    /// <summary>Why there are no second derivatives, and what to do; null if there are.</summary>
    public string? SecondRefusal => secondRefusal.Value;

    private protected abstract Cost OwnCost { get; }

    public static CircuitFunction Compile(Circuit circuit, IDevice device, ProgramOptions options, Precision precision)
    {
        return precision == Precision.Single
            ? new CircuitFunction<float>(circuit, device.Compile<float>(circuit, options), Again)
            : new CircuitFunction<double>(circuit, device.Compile<double>(circuit, options), Again);

        // For second derivatives. A circuit that a delegate writes is not there to be shifted.
        CircuitFunction Again(Circuit other) => device is DefineByRun
            ? throw new NotSupportedException(
                "a circuit defined by running has no second derivatives; write its decisions as guards, or take differences of first derivatives")
            : Compile(other, device, options, precision);
    }

    /// <summary>Runs the circuit.</summary>
    /// <param name="inputs"><c>[B, I]</c>.</param>
    /// <param name="weights">One tensor a weight group.</param>
    /// <param name="outputs">Receives <c>[B, K]</c>.</param>
    /// <param name="draw">The randomness.</param>
    public abstract void Evaluate(Tensor inputs, ReadOnlySpan<Tensor> weights, Tensor outputs, Draw draw);

    /// <summary>The vector–Jacobian product.</summary>
    /// <param name="inputs"><c>[B, I]</c>.</param>
    /// <param name="weights">One tensor a weight group.</param>
    /// <param name="cotangents"><c>[B, K]</c>.</param>
    /// <param name="inputGradients">Receives <c>[B, I]</c>; null if not wanted.</param>
    /// <param name="weightGradients">Receive the weight groups' gradients; null where not wanted.</param>
    /// <param name="draw">The randomness: that of the evaluation.</param>
    public abstract void Pullback(
        Tensor inputs, ReadOnlySpan<Tensor> weights, Tensor cotangents, Tensor? inputGradients, ReadOnlySpan<Tensor?> weightGradients, Draw draw);

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        if (shifted.IsValueCreated)
        {
            shifted.Value.Function.Dispose();
        }
    }

    private protected abstract void Close();
}

/// <summary>A compiled circuit as a function of tensors, computed in T.</summary>
internal sealed class CircuitFunction<T> : CircuitFunction
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly IProgram<T> program;
    private readonly Lock gate = new(); // a program and its buffers serve one call at a time
    private readonly T[] weightValues;
    private readonly T[] weightSlopes;
    private T[] inputBuffer = [];
    private T[] outputBuffer = [];
    private T[] slopeBuffer = [];

    public CircuitFunction(Circuit circuit, IProgram<T> program, Func<Circuit, CircuitFunction> compile)
        : base(circuit, compile)
    {
        this.program = program;
        weightValues = new T[circuit.Weights];
        weightSlopes = new T[circuit.Weights];
    }

    public override Differentiation Differentiation => program.Differentiation;

    private protected override Cost OwnCost => program.Cost;

    public override void Evaluate(Tensor inputs, ReadOnlySpan<Tensor> weights, Tensor outputs, Draw draw)
    {
        lock (gate)
        {
            var batch = (int)outputs.shape[0];
            var before = program.Cost;
            var x = TensorMemory.Read(inputs, batch * Circuit.Inputs, ref inputBuffer);
            var y = TensorMemory.Begin(outputs, batch * Circuit.Outputs, ref outputBuffer);
            ReadWeights(weights);
            program.Evaluate(batch, x, weightValues, y, draw);
            TensorMemory.Finish<T>(outputs, y);
            ForwardCost += program.Cost - before;
        }
    }

    public override void Pullback(
        Tensor inputs, ReadOnlySpan<Tensor> weights, Tensor cotangents, Tensor? inputGradients, ReadOnlySpan<Tensor?> weightGradients, Draw draw)
    {
        lock (gate)
        {
            var batch = (int)cotangents.shape[0];
            var x = TensorMemory.Read(inputs, batch * Circuit.Inputs, ref inputBuffer);
            var g = TensorMemory.Read(cotangents, batch * Circuit.Outputs, ref outputBuffer);
            var dx = inputGradients is null ? [] : TensorMemory.Begin(inputGradients, batch * Circuit.Inputs, ref slopeBuffer);
            var wanted = false;
            foreach (var gradient in weightGradients)
            {
                wanted |= gradient is not null;
            }

            ReadWeights(weights);
            program.Pullback(batch, x, weightValues, g, dx, wanted ? weightSlopes : [], draw);
            if (inputGradients is not null)
            {
                TensorMemory.Finish<T>(inputGradients, dx);
            }

            for (var k = 0; k < weightGradients.Length; k++)
            {
                if (weightGradients[k] is { } gradient)
                {
                    var group = Circuit.WeightGroups[k];
                    TensorMemory.CopyFrom<T>(gradient, weightSlopes.AsSpan(group.Offset, group.Count));
                }
            }
        }
    }

    private protected override void Close() => program.Dispose();

    private void ReadWeights(ReadOnlySpan<Tensor> weights)
    {
        for (var k = 0; k < weights.Length; k++)
        {
            var group = Circuit.WeightGroups[k];
            TensorMemory.CopyTo<T>(weights[k], weightValues.AsSpan(group.Offset, group.Count));
        }
    }
}
