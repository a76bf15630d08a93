// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Qusp.Torch;

/// <summary>
/// A sparsity gate: <c>y = h · m</c>, features h <c>[B, n]</c> to gated features y <c>[B, n]</c>, the mask m a function of the score s
/// of each wire (<see cref="GatePredicate"/>) against its threshold τ. A mask is exactly 0 where a wire is off, in training and
/// at evaluation; with guards <c>|y| &gt; 0</c> the circuit behind it then does without the wire's gates. The thresholds
/// (<c>threshold</c>, <c>[n]</c>) are trained; the sharpness α (<c>sharpness</c>, a scalar) follows a schedule.
/// </summary>
public abstract class SparsityGate : nn.Module<Tensor, Tensor>
{
    private ulong calls;

    private protected SparsityGate(GateDescription description, SparsityGateOptions options)
        : base(nameof(SparsityGate))
    {
        (Description, Options, Gradient) = (description, options, options.Gradient);
        if (Gradient is GateGradient.Arm or GateGradient.DisArm && !DrawsBits)
        {
            throw new ArgumentException(
                $"{Gradient} is for gates that draw 0 or 1, and {description.Rule.Name()} does not; use {SparsityRule.L0Arm.Name()}, or {nameof(GateGradient.Shift)}", nameof(options));
        }

        var values = Enumerable.Repeat(options.Threshold, description.Wires).ToArray();
        Register("threshold", values, options.LearnThreshold);
        register_buffer("sharpness", tensor(options.Sharpness.From, dtype: get_default_dtype()).DetachFromDisposeScope());
        if (description.Predicate == GatePredicate.Wire)
        {
            // All on, and no two alike: a tie would switch wires together.
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = 0.5 + (0.1 * Seeds.Uniform(options.Seed, (ulong)i));
            }

            Register("score", values, learn: true);
        }
    }

    /// <summary>Name, size, rule and predicate; with the parameters, all that evaluation needs.</summary>
    public GateDescription Description { get; private protected set; }

    /// <summary>How it started and learns.</summary>
    public SparsityGateOptions Options { get; }

    /// <summary>How the decision is differentiated.</summary>
    public GateGradient Gradient { get; set; }

    /// <summary>τ, <c>[n]</c>.</summary>
    public Parameter Threshold => get_parameter("threshold")!; // looked up: a change of dtype replaces it

    /// <summary>The wires' scores, <c>[n]</c>; null unless the predicate is <see cref="GatePredicate.Wire"/>.</summary>
    public Parameter? Score => Description.Predicate == GatePredicate.Wire ? get_parameter("score") : null;

    /// <summary>α.</summary>
    public double Sharpness
    {
        get => get_buffer("sharpness")!.ToDouble();
        set
        {
            using var off = no_grad();
            get_buffer("sharpness")!.fill_(value);
        }
    }

    /// <summary>What the last call made; its tensors live as long as the scope of that call.</summary>
    public Gated? Last { get; private set; }

    /// <summary>The circuit behind the gate, once it is known; a budget counts its gates.</summary>
    public Circuit? Circuit { get; internal set; }

    /// <summary>The mask just above the threshold: what a wire that is off would get were it on.</summary>
    private protected abstract double MaskWhenSwitched { get; }

    /// <summary>Whether the mask is drawn, 0 or 1, in training.</summary>
    private protected virtual bool DrawsBits => false;

    /// <summary>The gated features.</summary>
    /// <param name="input">The features, <c>[B, n]</c>.</param>
    public override Tensor forward(Tensor input) => Open(input).Features;

    /// <summary>Applies the gate: the gated features with what a budget and a decision's gradient need.</summary>
    /// <param name="features">The features h, <c>[B, n]</c>.</param>
    /// <exception cref="ArgumentException">The shape is another.</exception>
    public Gated Open(Tensor features)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.dim() != 2 || features.shape[1] != Description.Wires)
        {
            throw new ArgumentException($"this gate takes [B, {Description.Wires}], not [{string.Join(", ", features.shape)}]", nameof(features));
        }

        using var scope = NewDisposeScope();
        var scores = Scores(features); // [B, n]
        var noise = training ? Noise(features) : null;
        var (mask, probability) = Mask(scores, noise); // [B, n]
        if (Gradient == GateGradient.StraightThrough)
        {
            mask = mask.detach() + probability - probability.detach();
        }

        var gated = features * mask;
        Tensor on, whenOn;
        using (no_grad())
        {
            on = gated.ne(0).to(features.dtype);
            whenOn = where(on.to(ScalarType.Bool), gated.detach(), features.detach() * MaskWhenSwitched);
        }

        Last = Scoped(new Gated(features.detach(), gated, on, probability, whenOn, DrawsBits ? noise : null), features).MoveToOuterScope();
        return Last;
    }

    /// <summary>The mask and the probability of being on, both <c>[B, n]</c>.</summary>
    /// <param name="scores">s, <c>[B, n]</c>.</param>
    /// <param name="noise">Numbers of <see cref="Noise"/> in training; null at evaluation.</param>
    private protected abstract (Tensor Mask, Tensor Probability) Mask(Tensor scores, Tensor? noise);

    /// <summary>The noise of a training call, <c>[B, n]</c>; null for gates without.</summary>
    private protected virtual Tensor? Noise(Tensor features) => null;

    // Of a gate of entanglers alone, the features come first as they are; no guard reads them.
    private Gated Scoped(Gated gated, Tensor features)
    {
        if (Description.Scope == GateScope.Wire)
        {
            return gated;
        }

        var none = zeros_like(gated.On);
        return gated with
        {
            Features = cat([features, gated.Features], 1),
            On = cat([none, gated.On], 1),
            Probability = cat([none, gated.Probability], 1),
            WhenOn = cat([gated.Input, gated.WhenOn], 1),
            Uniforms = gated.Uniforms is { } drawn ? cat([none, drawn], 1) : null,
        };
    }

    /// <summary>Whether a budget, in place of the schedule, says how sharp the gate is.</summary>
    internal virtual bool SharpnessIsMoved => false;

    /// <summary>Makes the gate sparser, or denser below 0: moves all thresholds.</summary>
    internal virtual void Move(double amount)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        Threshold.copy_(Threshold + tensor(amount, Threshold.dtype, Threshold.device));
    }

    /// <summary>The mask at evaluation were the gate moved by so much.</summary>
    private protected virtual Tensor MaskMoved(Tensor scores, double amount) => Mask(scores - amount, null).Mask;

    /// <summary>Which wires would be on at evaluation were the gate moved by so much, <c>[B, I]</c>, I the inputs of the circuit.</summary>
    internal Tensor WouldBeOn(Tensor features, double amount)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var on = (features * MaskMoved(Scores(features), amount)).ne(0);
        return (Description.Scope == GateScope.Wire ? on : cat([zeros_like(on), on], 1)).MoveToOuterDisposeScope();
    }

    /// <summary>s.</summary>
    private Tensor Scores(Tensor features) => Description.Predicate switch
    {
        GatePredicate.Absolute => features.abs(),
        GatePredicate.Signed => features.alias(),
        _ => Score!.unsqueeze(0).expand(features.shape),
    };

    /// <summary>s − τ, <c>[B, n]</c>.</summary>
    private protected Tensor Excess(Tensor scores) => scores - Threshold;

    /// <summary>α as a tensor, without gradient.</summary>
    private protected Tensor Alpha => get_buffer("sharpness")!;

    /// <summary>1 where the excess is above 0, else 0; without gradient.</summary>
    private protected static Tensor Step(Tensor excess) => excess.detach().gt(0).to(excess.dtype);

    /// <summary>Uniform numbers of this training call, above 0 and below 1: the same whatever the threads.</summary>
    private protected Tensor Uniform(Tensor like) => Drawn(like, static (seed, k) => Seeds.Uniform(seed, k) + (0.5 / (1UL << 53)));

    /// <summary>Standard normal numbers of this training call.</summary>
    private protected Tensor Normal(Tensor like) => Drawn(like, Seeds.Normal);

    private Tensor Drawn(Tensor like, Func<ulong, ulong, double> draw)
    {
        var seed = Seeds.Mix(Options.Seed, ++calls);
        var values = new double[like.numel()];
        for (var k = 0; k < values.Length; k++)
        {
            values[k] = draw(seed, (ulong)k);
        }

        return tensor(values, like.shape, dtype: like.dtype, device: like.device);
    }

    private void Register(string name, double[] values, bool learn)
    {
        using var start = tensor(values, dtype: get_default_dtype());
        var parameter = new Parameter(start, learn);
        parameter.DetachFromDisposeScope();
        register_parameter(name, parameter);
    }
}
