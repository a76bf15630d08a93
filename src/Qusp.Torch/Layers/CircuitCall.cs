// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace Qusp.Torch;

/// <summary>
/// One forward call of a circuit, and its backward: what the autograd node keeps beside its tensors. Owns the tensors
/// that TorchSharp's node makes or takes without disposing of them, so that none waits for the garbage collector.
/// </summary>
internal sealed class CircuitCall(CircuitFunction function, Draw draw)
{
    private bool[] wanted = [];
    private Tensor? output;

    /// <summary>The circuit applied to tensors that are contiguous and on the CPU.</summary>
    /// <param name="function">The compiled circuit.</param>
    /// <param name="inputs"><c>[B, I]</c>.</param>
    /// <param name="weights">One tensor a weight group.</param>
    /// <param name="draw">The randomness.</param>
    /// <returns><c>[B, K]</c>, of the inputs' dtype.</returns>
    public static Tensor Apply(CircuitFunction function, Tensor inputs, Tensor[] weights, Draw draw)
    {
        var call = new CircuitCall(function, draw);
        if (!is_grad_enabled() || (!inputs.requires_grad && !Array.Exists(weights, weight => weight.requires_grad)))
        {
            return call.Evaluate(inputs, weights);
        }

        if (function.Differentiation == Differentiation.None)
        {
            throw new NotSupportedException(
                "this quantum layer was made with Differentiation.None and is asked for gradients; call it under torch.no_grad(), or make it with another method");
        }

        var result = CircuitAutograd.apply([call, inputs, .. weights]);
        call.output?.Dispose(); // the node's result is another handle of the same tensor
        return result;
    }

    public Tensor Forward(AutogradContext context, Tensor[] tensors)
    {
        wanted = Array.ConvertAll(tensors, tensor => tensor.requires_grad);
        context.set_materialize_grads(false);
        context.save_for_backward([.. tensors]);
        return output = Evaluate(tensors[0], tensors.AsSpan(1));
    }

    /// <summary>The gradients of the call itself (none), the inputs and each weight group.</summary>
    public List<Tensor?> Backward(AutogradContext context, Tensor cotangent)
    {
        List<Tensor?> gradients;
        try
        {
            gradients = Differentiate(context, cotangent);
        }
#pragma warning disable CA1031 // an exception may not cross libtorch: it would end the process
        catch (Exception error)
#pragma warning restore CA1031
        {
            Console.Error.WriteLine(
                $"qusp: the backward pass of a {nameof(QuantumLayer)} failed: {error.Message.Split('\n')[0]}; the error of an invalid gradient that follows stands for this one");
            gradients = [null, .. wanted.Select(want => want ? zeros([]) : null)]; // of a shape that libtorch refuses
        }

        GradientStash.Replace(gradients);
        return gradients;
    }

    private List<Tensor?> Differentiate(AutogradContext context, Tensor cotangent)
    {
        var gradients = new List<Tensor?>(new Tensor?[wanted.Length + 1]);
        if (cotangent.IsInvalid)
        {
            return gradients; // nothing after the layer depends on it
        }

        var saved = context.get_saved_variables();
        var again = is_grad_enabled();
        if (again && function.SecondRefusal is null)
        {
            // create_graph: the gradient is itself to be differentiated.
            gradients = [null, .. function.Shifted.Gradients(saved[0], [.. saved.Skip(1)], cotangent, wanted, draw)];
        }
        else
        {
            using var upstream = cotangent.is_contiguous() ? cotangent : cotangent.contiguous();
            for (var k = 0; k < wanted.Length; k++)
            {
                gradients[k + 1] = wanted[k] ? empty_like(saved[k], requires_grad: false) : null;
            }

            function.Pullback(saved[0], saved.Skip(1).ToArray(), upstream, gradients[1], gradients.Skip(2).ToArray(), draw);
            if (again)
            {
                Console.Error.WriteLine($"qusp: {function.SecondRefusal}; second derivatives of this {nameof(QuantumLayer)} are NaN");
                Spoil(gradients, [.. saved, upstream]);
            }
        }

        saved.ForEach(tensor => tensor.Dispose());
        cotangent.Dispose();
        return gradients;
    }

    // First derivatives that are right and whose own derivatives are NaN: an exception here would end the process in libtorch, and a
    // constant would be silently wrong. √0 has the value 0 and no derivative.
    private static void Spoil(List<Tensor?> gradients, Tensor[] variables)
    {
        using var scope = NewDisposeScope();
        var zero = variables.Select(variable => variable.sum().to(ScalarType.Float64)).Aggregate((sum, next) => sum + next).mul(0).sqrt();
        for (var k = 0; k < gradients.Count; k++)
        {
            if (gradients[k] is { } gradient)
            {
                gradients[k] = (gradient + zero.to(gradient.dtype)).MoveToOuterDisposeScope();
                gradient.Dispose();
            }
        }
    }

    private Tensor Evaluate(Tensor inputs, ReadOnlySpan<Tensor> weights)
    {
        var result = empty(inputs.shape[0], function.Circuit.Outputs, dtype: inputs.dtype, device: CPU);
        function.Evaluate(inputs, weights, result, draw);
        return result;
    }
}

/// <summary>The autograd node's two entries; all state is in the <see cref="CircuitCall"/>, its first argument.</summary>
internal sealed class CircuitAutograd : SingleTensorFunction<CircuitAutograd>
{
    private const string CallKey = "call";

    public override string Name => nameof(QuantumLayer);

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var call = (CircuitCall)vars[0];
        ctx.save_data(CallKey, call);
        return call.Forward(ctx, Array.ConvertAll(vars[1..], value => (Tensor)value));
    }

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output) => ((CircuitCall)ctx.get_data(CallKey)).Backward(ctx, grad_output)!;
}
