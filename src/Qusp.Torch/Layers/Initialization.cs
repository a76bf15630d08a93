// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Torch;

/// <summary>How the trainable weights of a circuit start. Values follow from a seed.</summary>
public abstract record Initialization
{
    private protected Initialization()
    {
    }

    /// <summary>All zero.</summary>
    public static Initialization Zeros() => Constant(0);

    /// <summary>All the same.</summary>
    /// <param name="value">The value, radians.</param>
    public static Initialization Constant(double value) => new ConstantInitialization(value);

    /// <summary>Uniform on an interval; PennyLane's default of 0 to 2π.</summary>
    /// <param name="low">The lower end, radians.</param>
    /// <param name="high">The upper end, radians.</param>
    public static Initialization Uniform(double low = 0, double high = 2 * Math.PI) => new UniformInitialization(low, high);

    /// <summary>Normal with mean and standard deviation.</summary>
    /// <param name="mean">The mean, radians.</param>
    /// <param name="deviation">The standard deviation, radians.</param>
    public static Initialization Normal(double mean = 0, double deviation = 1) => new NormalInitialization(mean, deviation);

    /// <summary>
    /// Normal around zero with a small deviation: the circuit starts near the identity, where its gradients are large
    /// (Zhang et al. 2022, arXiv:2203.09376).
    /// </summary>
    /// <param name="deviation">The standard deviation σ, radians.</param>
    public static Initialization SmallAngle(double deviation = 0.1) => new NormalInitialization(0, deviation);

    /// <summary>
    /// Identity block (Grant, Wossnig, Ostaszewski, Benedetti 2019, arXiv:1903.05076): the first half of each block is
    /// drawn from 0 to 2π and the second half undoes it, so that the circuit starts as the identity, away from barren
    /// plateaus. For circuits in which every gate with a weight is followed by its mirror image: the same gate on the
    /// same wires with a weight of its own, and nothing in between that does not cancel as well.
    /// </summary>
    public static Initialization IdentityBlock() => new IdentityBlockInitialization();

    /// <summary>Fills the weights of a circuit.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="weights">Receives the weights, <c>[W]</c>.</param>
    /// <param name="seed">The seed.</param>
    internal abstract void Fill(Circuit circuit, Span<double> weights, ulong seed);
}

internal sealed record ConstantInitialization(double Value) : Initialization
{
    internal override void Fill(Circuit circuit, Span<double> weights, ulong seed) => weights.Fill(Value);
}

internal sealed record UniformInitialization(double Low, double High) : Initialization
{
    internal override void Fill(Circuit circuit, Span<double> weights, ulong seed)
    {
        for (var k = 0; k < weights.Length; k++)
        {
            weights[k] = Low + ((High - Low) * Seeds.Uniform(seed, (ulong)k));
        }
    }
}

internal sealed record NormalInitialization(double Mean, double Deviation) : Initialization
{
    internal override void Fill(Circuit circuit, Span<double> weights, ulong seed)
    {
        for (var k = 0; k < weights.Length; k++)
        {
            weights[k] = Mean + (Deviation * Seeds.Normal(seed, (ulong)k));
        }
    }
}
