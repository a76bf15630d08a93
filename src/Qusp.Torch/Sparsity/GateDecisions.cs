// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Gradients;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace Qusp.Torch;

/// <summary>
/// The gradient of decisions as a term that is added to a circuit's outputs: it is 0, and its gradient by the probabilities π of the
/// wires is what the decisions do to the outputs. First derivatives only.
/// </summary>
internal abstract class GateDecisions(Circuit circuit) : IDisposable
{
    /// <summary>The circuit.</summary>
    public Circuit Circuit => circuit;

    /// <summary>What was executed.</summary>
    public abstract Cost Cost { get; }

    public static GateDecisions Compile(Circuit circuit, IDevice device, ProgramOptions options, Precision precision) => precision == Precision.Single
        ? new GateDecisions<float>(circuit, device, options)
        : new GateDecisions<double>(circuit, device, options);

    /// <summary>The term, <c>[B, K]</c>, all 0.</summary>
    public Tensor Term(Gated gated, GateGradient gradient, Tensor[] weights, Draw draw)
    {
        var call = new GateDecisionCall(this, gated, gradient, weights, draw);
        var result = GateDecisionTerm.apply(call, gated.Probability);
        call.Output!.Dispose(); // the node's result is another handle of the same tensor
        return result;
    }

    /// <summary>The gradient by the probabilities, <c>[B, I]</c>.</summary>
    public abstract double[] Pullback(GateGradient gradient, int batch, double[] whenOn, double[] on, double[] probabilities, double[] uniforms, double[] weights, double[] cotangents, Draw draw);

    public abstract void Dispose();
}

/// <summary>The same, computed in T.</summary>
internal sealed class GateDecisions<T> : GateDecisions
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Lazy<GateShift<T>> shift;
    private readonly Lazy<GateMixture<T>> mixture;

    public GateDecisions(Circuit circuit, IDevice device, ProgramOptions options)
        : base(circuit)
    {
        shift = new Lazy<GateShift<T>>(() => new GateShift<T>(device, circuit, options));
        mixture = new Lazy<GateMixture<T>>(() => new GateMixture<T>(device, circuit, options));
    }

    public override Cost Cost => (shift.IsValueCreated ? shift.Value.Cost : default) + (mixture.IsValueCreated ? mixture.Value.Cost : default);

    public override double[] Pullback(
        GateGradient gradient, int batch, double[] whenOn, double[] on, double[] probabilities, double[] uniforms, double[] weights, double[] cotangents, Draw draw)
    {
        var guards = Circuit.Guards.Length;
        var byGuard = new T[batch * guards];
        var (x, w, g) = (Convert(whenOn), Convert(weights), Convert(cotangents));
        if (gradient == GateGradient.Shift)
        {
            shift.Value.Pullback(batch, x, ByGuard(batch, on), w, g, byGuard, draw);
        }
        else
        {
            mixture.Value.Pullback(
                gradient == GateGradient.Arm ? GateEstimator.Arm : GateEstimator.DisArm,
                batch, x, ByGuard(batch, probabilities), ByGuard(batch, uniforms), w, g, byGuard, draw);
        }

        var result = new double[batch * Circuit.Inputs];
        for (var b = 0; b < batch; b++)
        {
            for (var k = 0; k < guards; k++)
            {
                result[(b * Circuit.Inputs) + Circuit.Guards[k].Input] += double.CreateChecked(byGuard[(b * guards) + k]);
            }
        }

        return result;
    }

    public override void Dispose()
    {
        if (shift.IsValueCreated)
        {
            shift.Value.Dispose();
        }

        if (mixture.IsValueCreated)
        {
            mixture.Value.Dispose();
        }
    }

    // Of the inputs, those that the guards read.
    private T[] ByGuard(int batch, double[] byInput)
    {
        var guards = Circuit.Guards;
        var result = new T[batch * guards.Length];
        for (var k = 0; k < result.Length; k++)
        {
            result[k] = T.CreateChecked(byInput[(k / guards.Length * Circuit.Inputs) + guards[k % guards.Length].Input]);
        }

        return result;
    }

    private static T[] Convert(double[] values) => values as T[] ?? Array.ConvertAll(values, T.CreateChecked);
}

/// <summary>One forward call of a term, and its backward. What it reads is copied: the tensors may be gone by then.</summary>
internal sealed class GateDecisionCall(GateDecisions decisions, Gated gated, GateGradient gradient, Tensor[] weights, Draw draw)
{
    private readonly double[] whenOn = Values(gated.WhenOn);
    private readonly double[] on = Values(gated.On);
    private readonly double[] probabilities = Values(gated.Probability);
    private readonly double[] uniforms = gated.Uniforms is { } drawn ? Values(drawn) : [];
    private readonly double[] weightValues = [.. weights.SelectMany(Values)];

    public Tensor? Output { get; private set; }

    public Tensor Forward(Tensor probability) => Output = zeros(probability.shape[0], decisions.Circuit.Outputs, probability.dtype, probability.device);

    public List<Tensor?> Backward(Tensor cotangent)
    {
        List<Tensor?> gradients = [null, null];
        if (!cotangent.IsInvalid)
        {
            try
            {
                gradients[1] = Differentiate(cotangent);
            }
#pragma warning disable CA1031 // an exception may not cross libtorch: it would end the process
            catch (Exception error)
#pragma warning restore CA1031
            {
                Console.Error.WriteLine(
                    $"qusp: the gradient of a gate's decisions failed: {error.Message.Split('\n')[0]}; the error of an invalid gradient that follows stands for this one");
                gradients[1] = zeros([0]); // of a shape that libtorch refuses
            }
        }

        GradientStash.Replace(gradients);
        return gradients;
    }

    private Tensor Differentiate(Tensor cotangent)
    {
        if (is_grad_enabled())
        {
            throw new NotSupportedException("a decision has first derivatives only; without create_graph, or with GateGradient.None");
        }

        var batch = (int)cotangent.shape[0];
        var values = decisions.Pullback(gradient, batch, whenOn, on, probabilities, uniforms, weightValues, Values(cotangent), draw);
        return tensor(values, [batch, decisions.Circuit.Inputs], dtype: cotangent.dtype, device: cotangent.device);
    }

    private static double[] Values(Tensor values)
    {
        using var scope = NewDisposeScope();
        return values.detach().cpu().to(ScalarType.Float64).contiguous().data<double>().ToArray();
    }
}

/// <summary>The autograd node's two entries; all state is in the <see cref="GateDecisionCall"/>, its first argument.</summary>
internal sealed class GateDecisionTerm : SingleTensorFunction<GateDecisionTerm>
{
    private const string CallKey = "call";

    public override string Name => nameof(GateDecisions);

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var call = (GateDecisionCall)vars[0];
        ctx.save_data(CallKey, call);
        ctx.set_materialize_grads(false);
        return call.Forward((Tensor)vars[1]);
    }

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output) => ((GateDecisionCall)ctx.get_data(CallKey)).Backward(grad_output)!;
}
