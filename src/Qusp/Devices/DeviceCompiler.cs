// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Gradients;

namespace Qusp;

/// <summary>What all devices do alike: refuse by name what they cannot do, and wrap the methods that only need evaluations.</summary>
internal static class DeviceCompiler
{
    /// <summary>The methods that any device offers, for they only need evaluations.</summary>
    public static IReadOnlyList<Differentiation> ByEvaluations { get; } =
        [Differentiation.ParameterShift, Differentiation.FiniteDifference, Differentiation.HadamardTest, Differentiation.Spsa];

    /// <summary>Compiles for a device.</summary>
    /// <param name="device">The device.</param>
    /// <param name="circuit">The circuit.</param>
    /// <param name="options">How to run it.</param>
    /// <param name="native">The device's own program; asked for <see cref="Differentiation.Adjoint"/> or <see cref="Differentiation.None"/>.</param>
    public static IProgram<T> Compile<T>(
        IDevice device, Circuit circuit, ProgramOptions? options, Func<Circuit, Differentiation, IProgram<T>> native)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(circuit);
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double))
        {
            throw new NotSupportedException($"{device.Name} computes in float or double, not in {typeof(T).Name}; compile it for one of the two.");
        }

        if (options?.Threads < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Threads, "ProgramOptions.Threads is the most threads to use, from 1, or 0 for one a core.");
        }

        if (circuit.Measurements.Any(measurement => measurement is DerivedMeasurement))
        {
            return new DerivedProgram<T>(circuit, FinalStateOf<T>(device, circuit, options), parts => Compile(device, parts, options, native));
        }

        if (device.Refusal(circuit) is { } refusal)
        {
            throw new NotSupportedException($"{device.Name}: {refusal}.");
        }

        var method = options?.Differentiation ?? device.Differentiations[0];
        if (method != Differentiation.None && !device.Differentiations.Contains(method))
        {
            throw new NotSupportedException(
                $"{device.Name} cannot do {method}; it can do {string.Join(", ", device.Differentiations)}.");
        }

        if (options?.GradientPruning is not null && method is not (Differentiation.ParameterShift or Differentiation.None))
        {
            throw new NotSupportedException($"{device.Name}: gradient pruning leaves out shifts, and {method} has none; use ParameterShift, or prune nothing.");
        }

        var isByRule = method is Differentiation.ParameterShift or Differentiation.HadamardTest;
        if (isByRule && circuit.Operations.FirstOrDefault(operation => !operation.Gate.IsTracePreserving) is { } kept)
        {
            throw new NotSupportedException(
                $"{device.Name}: given success of {kept} an output is a quotient, for which there is no such rule; use Adjoint or FiniteDifference.");
        }

        if (isByRule && circuit.Measurements.Any(measurement => measurement is StateVector))
        {
            throw new NotSupportedException(
                $"{device.Name}: the rules hold for what is linear in the density matrix, and amplitudes are not; measure a density matrix, or use Adjoint.");
        }

        return circuit.Expressions.IsEmpty ? Whole(circuit) : new ExpressionProgram<T>(circuit, Whole);

        IProgram<T> Whole(Circuit affine) => PhysicalProgram<T>.Around(affine, () => Wrap(affine, method, options ?? new ProgramOptions(), native));
    }

    /// <summary>The circuit that a device runs for one with derived measurements; the circuit itself if it has none.</summary>
    public static Circuit WithParts(IDevice device, Circuit circuit)
    {
        if (!circuit.Measurements.Any(measurement => measurement is DerivedMeasurement))
        {
            return circuit;
        }

        var state = FinalStateOf<double>(device, circuit, null);
        return circuit.WithMeasurements(
            [.. circuit.Measurements.SelectMany(measurement => measurement is DerivedMeasurement derived ? derived.Parts(state) : [measurement]).Distinct()]);
    }

    private static FinalState FinalStateOf<T>(IDevice device, Circuit circuit, ProgramOptions? options)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var bySweepOrDifference = (options?.Differentiation ?? (device.Differentiations is [var best, ..] ? best : Differentiation.None))
            is Differentiation.None or Differentiation.Adjoint or Differentiation.FiniteDifference or Differentiation.Spsa;
        return new FinalState(
            circuit.Wires,
            !circuit.IsMixed,
            !circuit.IsMixed && bySweepOrDifference && circuit.Wires <= 29 && device.Refusal(circuit.WithMeasurements(new StateVector())) is null,
            double.CreateChecked(T.BitIncrement(T.One) - T.One));
    }

    private static IProgram<T> Wrap<T>(
        Circuit circuit, Differentiation method, ProgramOptions options, Func<Circuit, Differentiation, IProgram<T>> native)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        switch (method)
        {
            case Differentiation.ParameterShift:
                return new ShiftProgram<T>(circuit, method, ShiftRule.Exact, native, options.GradientPruning);
            case Differentiation.FiniteDifference:
                var difference = new ShiftRule(options.Difference.Terms<T>());
                return new ShiftProgram<T>(circuit, method, (_, _) => difference, native);
            case Differentiation.HadamardTest:
                return new HadamardTestProgram<T>(circuit, native);
            case Differentiation.Spsa:
                return new SpsaProgram<T>(circuit, options.SpsaDirections, options.SpsaStep, native);
            default:
                return native(circuit, method);
        }
    }
}
