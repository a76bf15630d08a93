// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Torch;

/// <summary>A number that moves over a training, such as a gate's sharpness α (the inverse of its temperature).</summary>
/// <param name="From">Its value at the start.</param>
/// <param name="To">Its value at the end.</param>
/// <param name="Shape">How it moves between.</param>
public sealed record Schedule(double From, double To, ScheduleShape Shape = ScheduleShape.Linear)
{
    /// <summary>A number that stays.</summary>
    public static Schedule Constant(double value) => new(value, value);

    /// <summary>The value at a part of the training.</summary>
    /// <param name="progress">0 at the start to 1 at the end; clamped.</param>
    /// <exception cref="InvalidOperationException">The shape is exponential and an end is not positive.</exception>
    public double At(double progress)
    {
        var t = Math.Clamp(progress, 0, 1);
        return Shape switch
        {
            ScheduleShape.Exponential when From <= 0 || To <= 0 =>
                throw new InvalidOperationException($"an exponential schedule from {From} to {To} is not there; both are above 0"),
            ScheduleShape.Exponential => From * Math.Pow(To / From, t),
            ScheduleShape.Cosine => To + ((From - To) * (1 + Math.Cos(Math.PI * t)) / 2),
            _ => From + ((To - From) * t),
        };
    }
}

/// <summary>How a <see cref="Schedule"/> moves.</summary>
public enum ScheduleShape
{
    /// <summary>In equal steps.</summary>
    Linear,

    /// <summary>By equal factors.</summary>
    Exponential,

    /// <summary>Slowly at both ends: half a cosine.</summary>
    Cosine,
}
