// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using static TorchSharp.torch;

namespace Qusp.Torch;

/// <summary>How <see cref="QuantumNaturalGradient"/> steps.</summary>
public sealed record QuantumNaturalGradientOptions
{
    /// <summary>The learning rate η.</summary>
    public double LearningRate { get; init; } = 0.05;

    /// <summary>The damping λ that is added to the metric's diagonal, so that directions which the state does not feel stay finite.</summary>
    public double Damping { get; init; } = 0.01;

    /// <summary>Whether the metric is taken layer by layer, or whole.</summary>
    public bool BlockDiagonal { get; init; }

    /// <summary>How many samples of the batch the metric is averaged over, evenly spread; 0 is all.</summary>
    public int Samples { get; init; } = 8;
}

/// <summary>
/// Quantum natural gradient descent of a quantum layer's weights (Stokes, Izaac, Killoran, Carleo 2020, arXiv:1909.02108):
/// <c>θ ← θ − η (g + λ1)⁻¹ ∇L</c> with the Fubini–Study metric g = F/4, as PennyLane has it, of the layer's circuit, averaged over the samples
/// of the last forward pass. It steps the layer's weights alone: leave the classical parameters of a hybrid model to another optimizer, and
/// call <see cref="Step"/> of both after <c>backward()</c>.
/// </summary>
public sealed class QuantumNaturalGradient : IDisposable
{
    private readonly QuantumLayer layer;
    private readonly QuantumFisher fisher;
    private readonly Removal hook;
    private Tensor? seen; // [B, I] of the last forward pass

    /// <summary>An optimizer of a layer's weights.</summary>
    /// <param name="layer">The layer; its circuit is unitary and its angles are affine.</param>
    /// <param name="options">How to step; the defaults if null.</param>
    /// <exception cref="ArgumentException">The layer has no weights, or an option is out of range.</exception>
    /// <exception cref="NotSupportedException">The circuit has channels or expressions, or its derivative states need more than 4 GB.</exception>
    public QuantumNaturalGradient(QuantumLayer layer, QuantumNaturalGradientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(layer);
        (this.layer, Options) = (layer, options ?? new QuantumNaturalGradientOptions());
        if (layer.Circuit.Weights == 0)
        {
            throw new ArgumentException("the quantum layer has no weights to step", nameof(layer));
        }

        if (!(Options.LearningRate > 0 && double.IsFinite(Options.LearningRate) && Options.Damping >= 0 && double.IsFinite(Options.Damping) && Options.Samples >= 0))
        {
            throw new ArgumentException($"{Options}: the learning rate is positive, damping and samples are not negative", nameof(options));
        }

        fisher = new QuantumFisher(new CpuDevice(), layer.Circuit, Options.BlockDiagonal);
        hook = Watch(layer);
    }

    /// <summary>How it steps.</summary>
    public QuantumNaturalGradientOptions Options { get; }

    /// <summary>What the metric has cost, apart from the layer's own ledger.</summary>
    public Cost Cost => fisher.Cost;

    /// <summary>Sets the gradients of the layer's weights to none.</summary>
    public void ZeroGrad()
    {
        layer.zero_grad();
    }

    /// <summary>One step, after <c>backward()</c>.</summary>
    /// <exception cref="InvalidOperationException">There was no forward pass, or no backward pass.</exception>
    public void Step()
    {
        using var scope = NewDisposeScope();
        var groups = layer.Circuit.WeightGroups.Select(group => layer.get_parameter(group.Name)!).ToList();
        if (seen is null || groups.Any(group => group.grad is null))
        {
            throw new InvalidOperationException("the quantum natural gradient steps after a forward and a backward pass through its layer");
        }

        var slopes = cat([.. groups.Select(group => group.grad!.to(CPU).to(ScalarType.Float64).reshape(-1))], 0); // [W]
        var weights = cat([.. groups.Select(group => group.detach().to(CPU).to(ScalarType.Float64).reshape(-1))], 0).data<double>().ToArray();
        var samples = seen.numel() == 0 ? [] : seen.data<double>().ToArray();
        var information = fisher.Evaluate((int)seen.shape[0], samples, weights);
        var metric = tensor(information, dtype: ScalarType.Float64) / 4 + (Options.Damping * eye(weights.Length, dtype: ScalarType.Float64)); // [W, W]
        var step = linalg.lstsq(metric, slopes.unsqueeze(1)).Solution.reshape(-1) * Options.LearningRate; // [W]; without damping the metric may be singular
        using var off = no_grad();
        foreach (var (group, parameter) in layer.Circuit.WeightGroups.Zip(groups))
        {
            parameter.sub_(step.slice(0, group.Offset, group.Offset + group.Count, 1).reshape(parameter.shape).to(parameter.dtype).to(parameter.device));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        hook.Dispose();
        fisher.Dispose();
        seen?.Dispose();
    }

    private Removal Watch(QuantumLayer module)
    {
        var remover = module.register_forward_pre_hook((_, input) =>
        {
            using var scope = NewDisposeScope();
            var count = input.shape[..^1].Aggregate(1L, (product, size) => product * size);
            var rows = input.detach().to(CPU).to(ScalarType.Float64).reshape(count, module.Circuit.Inputs); // [B, I]
            var wanted = Options.Samples == 0 ? count : Math.Min(count, Options.Samples);
            var chosen = Enumerable.Range(0, (int)wanted).Select(k => k * count / wanted).ToArray();
            seen?.Dispose();
            seen = rows.index_select(0, tensor(chosen)).contiguous().DetachFromDisposeScope();
            return input;
        });
        return new Removal(() => remover.remove());
    }

    private sealed class Removal(Action remove) : IDisposable
    {
        public void Dispose() => remove();
    }
}
