// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Qusp.Torch;

/// <summary>
/// A network made from its description, <c>[B, F] → [B, Outputs]</c>: the layers one after the other, the parameters under
/// PyTorch's names (<c>classical_layer.weight</c>, …). What <c>model.json</c> says is all it needs, so a saved model is
/// rebuilt without the code that made it. A layer can be replaced by another of its name, as quantization does.
/// </summary>
public class HybridModel : nn.Module<Tensor, Tensor>
{
    private const double DefaultAlpha = 10;
    private readonly ModelDescription description;

    /// <summary>The network with freshly drawn parameters.</summary>
    /// <param name="description">The layers and the precision.</param>
    /// <param name="run">
    /// How quantum layers run; the defaults if null. Its seed draws all parameters. Its guards and circuit precision are
    /// not read: they belong to the model, so the description has them.
    /// </param>
    /// <exception cref="InvalidDataException">The layers do not fit together.</exception>
    /// <exception cref="ArgumentException">A device's name is unknown.</exception>
    /// <exception cref="NotSupportedException">No device of the preference can run the circuit.</exception>
    public HybridModel(ModelDescription description, QuantumLayerOptions? run = null)
        : this(description, run, description?.Model ?? "", DefaultAlpha, null)
    {
    }

    private protected HybridModel(ModelDescription description, HybridOptions options, string name)
        : this(description, options.ToLayerOptions(), name, options.Alpha, options.GateOptions)
    {
    }

    internal HybridModel(ModelDescription description, QuantumLayerOptions? run, string name, double alpha, SparsityGateOptions? gates)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(description);
        this.description = ModelDescription.Parse(description.ToJson()); // checked by the one reader
        run ??= new QuantumLayerOptions();
        gates = (gates ?? new SparsityGateOptions()) with { Seed = Seeds.Mix(run.Seed, 2) };
        using var random = new LinearInitialization(run.Seed);
        foreach (var layer in description.Layers)
        {
            switch (layer)
            {
                case LinearDescription linear:
                    register_module(linear.Name, random.Linear(linear.Inputs, linear.Outputs));
                    break;
                case QuantumDescription quantum:
                    register_module(quantum.Name, new QuantumLayer(
                        quantum.Circuit, run with { Guards = quantum.GuardComparison, CircuitPrecision = quantum.CircuitPrecision }));
                    break;
                case SoftThresholdDescription soft:
                    var scalar = new Parameter(tensor((float)alpha));
                    scalar.DetachFromDisposeScope();
                    register_parameter(soft.Alpha, scalar);
                    break;
                case GateDescription gate:
                    register_module(gate.Name, SparsityGates.Create(gate, gates));
                    break;
            }
        }

        // A gate decides for the circuit right behind it.
        foreach (var (gate, next) in description.Layers.Zip(description.Layers.Skip(1)))
        {
            if ((gate, next) is (GateDescription decides, QuantumDescription obeys))
            {
                Gate(decides.Name).Circuit = obeys.Circuit;
            }
        }

        // Drawn in float32 and widened: both precisions start from the same numbers.
        if (description.Precision == Precision.Double)
        {
            this.to(ScalarType.Float64);
        }
    }

    /// <summary>Which model it is: <c>basic</c>, <c>advanced</c> or <c>custom</c>.</summary>
    public string Kind => description.Model;

    /// <summary>The dtype of the parameters as described.</summary>
    public ScalarType Dtype => description.Precision.ToScalarType();

    /// <summary>The quantum layer; the first if there are several.</summary>
    /// <exception cref="InvalidOperationException">The model has none.</exception>
    public QuantumLayer Quantum => children().OfType<QuantumLayer>().FirstOrDefault()
        ?? throw new InvalidOperationException($"the model '{Kind}' has no quantum layer");

    /// <summary>What is needed, with the parameters, to rebuild the model without the code that made it.</summary>
    /// <exception cref="InvalidOperationException">A gate is a control that draws at random, which no file describes.</exception>
    public ModelDescription Describe() => description with
    {
        Layers = [.. description.Layers.Select(layer => layer is GateDescription gate
            ? Gate(gate.Name) is not RandomGate
                ? Gate(gate.Name).Description
                : throw new InvalidOperationException("a random gate is a control and is not saved; take another gate")
            : layer)],
    };

    /// <summary>Runs the layers one after the other.</summary>
    /// <param name="input">The samples, <c>[B, F]</c>, of the model's dtype.</param>
    /// <returns>The outputs, <c>[B, Outputs]</c>.</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = input.alias(); // [B, F]
        (Gated Made, GateGradient Gradient)? gated = null; // by the layer before
        foreach (var layer in description.Layers)
        {
            if (layer is GateDescription opens)
            {
                var gate = Gate(opens.Name);
                gated = (gate.Open(x), gate.Gradient);
                x = gated.Value.Made.Features;
                continue;
            }

            x = layer switch
            {
                QuantumDescription quantum when gated is { } open && training => ((QuantumLayer)Layer(quantum.Name)).Run(open.Made, open.Gradient),
                LinearDescription linear => Layer(linear.Name).call(x),
                QuantumDescription quantum => Layer(quantum.Name).call(x),
                SoftThresholdDescription soft => SoftThreshold(x, get_parameter(soft.Alpha)!, soft.Tau),
                TanhDescription => x.tanh(),
                _ => throw new NotSupportedException($"there is no layer '{layer.Type}' in this version of Qusp; update it"),
            };
            gated = null;
        }

        foreach (var gate in description.Layers.OfType<GateDescription>())
        {
            Gate(gate.Name).Last!.MoveToOuterScope();
        }

        return x.MoveToOuterDisposeScope();
    }

    // x · σ(α(|x| − τ)), as the origin document's advanced script.
    private static Tensor SoftThreshold(Tensor x, Tensor alpha, double tau) => x * (alpha * (x.abs() - tau)).sigmoid();

    private SparsityGate Gate(string name) => (SparsityGate)_internal_submodules[name];

    private nn.Module<Tensor, Tensor> Layer(string name) => (nn.Module<Tensor, Tensor>)_internal_submodules[name];
}
