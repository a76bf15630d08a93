// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Qusp.Torch;

/// <summary>
/// A circuit as a module: <c>[*, I] → [*, K]</c>, where * is nothing, a batch, or any leading shape. Each weight group of
/// the circuit is a registered parameter of its name and shape. float32 in gives float32 out, float64 gives float64;
/// the circuit itself is computed in double unless asked. Gradients are exact to any order on exact devices: first
/// derivatives by the device's method, and under <c>create_graph</c> by shift rules, which cost more; where these do not hold (variance, entropy,
/// post-selection, strengths of channels) second derivatives are NaN and a line on the error stream says what to do. Where no gate
/// fires the gradients are zero. A guard's decision is a constant of the gradient.
/// </summary>
/// <remarks>
/// Simulators run on the host: of a module moved to CUDA the inputs are copied to the CPU and the outputs back. Not run
/// on CUDA hardware by the authors. Sampled devices draw anew in each forward call, from the seed and the number of the
/// call; the backward pass of a call draws from the same.
/// </remarks>
public sealed class QuantumLayer : nn.Module<Tensor, Tensor>
{
    private readonly Lazy<CircuitFunction> asIs;
    private readonly Lazy<CircuitFunction> forSingle;
    private readonly Lazy<GateDecisions> decisions;
    private readonly Lazy<CircuitFunction> droppable;
    private long calls;

    /// <summary>A layer around a circuit.</summary>
    /// <param name="circuit">The circuit; it measures expectation values or probabilities.</param>
    /// <param name="options">How to run it; the defaults if null.</param>
    /// <exception cref="ArgumentException">
    /// A device's name is unknown, the circuit reads its state vector, a weight group has the name of a property of
    /// this class, the dropout is not from 0 to below 1, or the initialization is not for this circuit.
    /// </exception>
    /// <exception cref="NotSupportedException">No device of the preference can do this; the message says why.</exception>
    public QuantumLayer(Circuit circuit, QuantumLayerOptions? options = null)
        : base(nameof(QuantumLayer))
    {
        ArgumentNullException.ThrowIfNull(circuit);
        (Circuit, Options) = (circuit, options ?? new QuantumLayerOptions());
        if (circuit.Measurements.Any(measurement => measurement is StateVector))
        {
            throw new ArgumentException("a quantum layer measures expectation values or probabilities; read a state vector with IDevice.Compile", nameof(circuit));
        }

        if (Options.Initialization is null)
        {
            throw new ArgumentException("the initialization is null; give one, such as Initialization.SmallAngle()", nameof(options));
        }

        if (Options.Dropout is not (>= 0 and < 1))
        {
            throw new ArgumentException($"the dropout is {Options.Dropout}; give a probability from 0 to below 1", nameof(options));
        }

        Selection = Choose(circuit, Options);
        var run = new ProgramOptions
        {
            Differentiation = Options.Differentiation, Shots = Options.Shots, Threads = Options.Threads,
            SpsaDirections = Options.SpsaDirections, SpsaStep = Options.SpsaStep, GradientPruning = Options.GradientPruning,
        };
        CircuitFunction Compile(Circuit variant) => CircuitFunction.Compile(variant, Selection.Device, run, Options.CircuitPrecision);
        asIs = new Lazy<CircuitFunction>(() => Compile(circuit));
        forSingle = new Lazy<CircuitFunction>(() => circuit.ForSingleInputs(Options.Guards, Options.CircuitPrecision) is var variant && variant.Equals(circuit)
            ? asIs.Value
            : Compile(variant));
        decisions = new Lazy<GateDecisions>(() => GateDecisions.Compile(circuit, Selection.Device, run, Options.CircuitPrecision));
        droppable = new Lazy<CircuitFunction>(() => Compile(circuit.ForSingleInputs(Options.Guards, Options.CircuitPrecision).Droppable()));
        Differentiation = Options.Differentiation ?? Selection.Device.Differentiations[0];
        RegisterWeights();
    }

    /// <summary>The circuit.</summary>
    public Circuit Circuit { get; }

    /// <summary>How it runs.</summary>
    public QuantumLayerOptions Options { get; }

    /// <summary>Which device was chosen, and why the others were not.</summary>
    public DeviceSelection Selection { get; }

    /// <summary>The name of the device.</summary>
    public string DeviceName => Selection.Device.Name;

    /// <summary>How first derivatives are computed.</summary>
    public Differentiation Differentiation { get; }

    /// <summary>What this layer has executed, forward and backward, since it was made: its ledger.</summary>
    public Cost Cost => Sum(function => function.Cost) + (decisions.IsValueCreated ? decisions.Value.Cost : default);

    /// <summary>The part of <see cref="Cost"/> that was forward.</summary>
    public Cost ForwardCost => Sum(function => function.ForwardCost);

    /// <summary>Runs the circuit for each sample.</summary>
    /// <param name="input">The samples, <c>[*, I]</c>, float32 or float64.</param>
    /// <returns>The outputs, <c>[*, K]</c>, of the input's dtype and on its device.</returns>
    /// <exception cref="ArgumentException">The last dimension is not I, the dtype is another, or the batch is beyond 2 GB.</exception>
    /// <exception cref="InvalidOperationException">The layer's weights were moved to another dtype than float32 and float64.</exception>
    /// <exception cref="NotSupportedException">Gradients are asked of <see cref="Differentiation.None"/>.</exception>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var shape = input.shape;
        if (shape.Length == 0 || shape[^1] != Circuit.Inputs)
        {
            throw new ArgumentException($"the circuit has {Circuit.Inputs} inputs: give a tensor [*, {Circuit.Inputs}], not [{string.Join(", ", shape)}]", nameof(input));
        }

        var function = input.dtype switch
        {
            ScalarType.Float32 => forSingle.Value,
            ScalarType.Float64 => asIs.Value,
            var other => throw new ArgumentException($"a quantum layer takes float32 or float64, not {other}; write input.to(torch.float32)", nameof(input)),
        };

        var draw = new Draw(Seeds.Mix(Options.Seed, (ulong)Interlocked.Increment(ref calls)));
        var batch = shape[..^1].Aggregate(1L, (product, size) => product * size);
        if (batch * Math.Max(Circuit.Inputs, Circuit.Outputs) > int.MaxValue / sizeof(double))
        {
            throw new ArgumentException($"a batch of {batch} samples is more than one call takes; split it", nameof(input));
        }

        if (training && Options.Dropout > 0)
        {
            return Dropped(input, batch, draw);
        }

        if (shape.Length == 2 && input.device_type == DeviceType.CPU && input.is_contiguous())
        {
            return CircuitCall.Apply(function, input, Weights(), draw); // [B, K]
        }

        using var scope = NewDisposeScope();
        var rows = input.to(CPU).reshape(batch, Circuit.Inputs).contiguous(); // [B, I]
        var outputs = CircuitCall.Apply(function, rows, Weights(), draw); // [B, K]
        return outputs.reshape([.. shape[..^1], Circuit.Outputs]).to(input.device).MoveToOuterDisposeScope(); // [*, K]
    }

    /// <summary>
    /// Runs the circuit on gated features. If the gate asks for it, a backward pass also gives <see cref="Gated.Probability"/> the gradient of
    /// the decisions, <c>⟨O⟩(on) − ⟨O⟩(off)</c> folded with what follows; the circuit's guards each read one feature.
    /// </summary>
    /// <param name="gated">What the gate made, <c>[B, I]</c>.</param>
    /// <param name="gradient">How the decisions are differentiated.</param>
    /// <returns>The outputs, <c>[B, K]</c>.</returns>
    /// <exception cref="ArgumentException">As for <see cref="forward"/>.</exception>
    public Tensor Run(Gated gated, GateGradient gradient)
    {
        ArgumentNullException.ThrowIfNull(gated);
        var outputs = call(gated.Features);
        if (gradient is GateGradient.None or GateGradient.StraightThrough || !is_grad_enabled() || !gated.Probability.requires_grad)
        {
            return outputs;
        }

        using var term = decisions.Value.Term(gated, gradient, Weights(), new Draw(Seeds.Mix(~Options.Seed, (ulong)calls)));
        using (outputs)
        {
            return outputs + term;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var function in Functions())
            {
                function.Dispose();
            }

            if (decisions.IsValueCreated)
            {
                decisions.Value.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    // Each sample's gates are drawn by (seed, call): behind the sample stands 1 for a gate that stays and 0 for one that is left out.
    private Tensor Dropped(Tensor input, long batch, Draw draw)
    {
        using var scope = NewDisposeScope();
        var stays = new double[batch * (droppable.Value.Circuit.Inputs - Circuit.Inputs)];
        for (var k = 0; k < stays.Length; k++)
        {
            stays[k] = Seeds.Uniform(~draw.Seed, (ulong)k) < Options.Dropout ? 0 : 1;
        }

        var rows = cat([input.to(CPU).reshape(batch, Circuit.Inputs), tensor(stays, [batch, stays.Length / Math.Max(1, batch)], input.dtype)], 1).contiguous();
        var outputs = CircuitCall.Apply(droppable.Value, rows, Weights(), draw); // [B, K]
        return outputs.reshape([.. input.shape[..^1], Circuit.Outputs]).to(input.device).MoveToOuterDisposeScope(); // [*, K]
    }

    private static DeviceSelection Choose(Circuit circuit, QuantumLayerOptions options)
    {
        if (options.CustomDevice is not { } device)
        {
            return Devices.Select(options.Device, circuit, options.Differentiation);
        }

        // Refused now and not at the first call, like a device by name.
        if (Devices.Refusal(device, circuit) is { } refusal)
        {
            throw new NotSupportedException($"{device.Name}: {refusal}");
        }

        return options.Differentiation is null or Differentiation.None || device.Differentiations.Contains(options.Differentiation.Value)
            ? new DeviceSelection(device, device.Name, [])
            : throw new NotSupportedException(
                $"{device.Name} cannot do {options.Differentiation}; it can do {string.Join(", ", device.Differentiations)}");
    }

    private void RegisterWeights()
    {
        var values = new double[Circuit.Weights];
        Options.Initialization.Fill(Circuit, values, Seeds.Mix(Options.Seed, 0));
        foreach (var group in Circuit.WeightGroups)
        {
            if (typeof(QuantumLayer).GetProperty(group.Name) is not null)
            {
                throw new ArgumentException($"the weight group '{group.Name}' has the name of a property of {nameof(QuantumLayer)}; give it another name");
            }

            using var all = tensor(values.AsSpan(group.Offset, group.Count).ToArray(), dtype: get_default_dtype());
            using var shaped = all.reshape([.. group.Shape.Select(size => (long)size)]);
            var parameter = new Parameter(shaped);
            parameter.DetachFromDisposeScope();
            register_parameter(group.Name, parameter);
        }
    }

    private Tensor[] Weights()
    {
        var groups = Circuit.WeightGroups;
        var weights = new Tensor[groups.Length];
        for (var k = 0; k < weights.Length; k++)
        {
            var parameter = get_parameter(groups[k].Name)!;
            if (parameter.dtype is not (ScalarType.Float32 or ScalarType.Float64))
            {
                throw new InvalidOperationException($"the weights '{groups[k].Name}' of this quantum layer are {parameter.dtype}, and circuits run on float32 or float64; write layer.to(torch.float32)");
            }

            weights[k] = parameter.device_type == DeviceType.CPU ? parameter : parameter.to(CPU);
        }

        return weights;
    }

    private IEnumerable<CircuitFunction> Functions() =>
        new[] { asIs, forSingle, droppable }.Where(function => function.IsValueCreated).Select(function => function.Value).Distinct();

    private Cost Sum(Func<CircuitFunction, Cost> part) => Functions().Aggregate(default(Cost), (sum, function) => sum + part(function));
}
