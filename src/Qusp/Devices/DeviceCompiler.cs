// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using Qusp.Gradients;

namespace Qusp;

/// <summary>What all devices do alike: refuse by name what they cannot do, and wrap the methods that only need evaluations.</summary>
internal static class DeviceCompiler
{
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

        if (method == Differentiation.ParameterShift && circuit.Operations.FirstOrDefault(operation => !operation.Gate.IsTracePreserving) is { } kept)
        {
            throw new NotSupportedException(
                $"{device.Name}: given success of {kept} an output is a quotient, for which there is no shift rule; use Adjoint or FiniteDifference.");
        }

        if (method == Differentiation.ParameterShift && circuit.Measurements.Any(measurement => measurement is StateVector))
        {
            throw new NotSupportedException(
                $"{device.Name}: amplitudes turn at half of the frequencies that shift rules are for; measure a density matrix, or use Adjoint.");
        }

        return circuit.Expressions.IsEmpty
            ? Wrap(circuit, method, native)
            : new ExpressionProgram<T>(circuit, affine => Wrap(affine, method, native));
    }

    private static FinalState FinalStateOf<T>(IDevice device, Circuit circuit, ProgramOptions? options)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var bySweepOrDifference = (options?.Differentiation ?? device.Differentiations[0])
            is Differentiation.None or Differentiation.Adjoint or Differentiation.FiniteDifference;
        return new FinalState(
            circuit.Wires,
            !circuit.IsMixed,
            !circuit.IsMixed && bySweepOrDifference && circuit.Wires <= 29 && device.Refusal(circuit.WithMeasurements(new StateVector())) is null,
            double.CreateChecked(T.BitIncrement(T.One) - T.One));
    }

    private static IProgram<T> Wrap<T>(Circuit circuit, Differentiation method, Func<Circuit, Differentiation, IProgram<T>> native)
        where T : unmanaged, IFloatingPointIeee754<T> => method switch
    {
        Differentiation.ParameterShift => new ShiftProgram<T>(circuit, method, ShiftRule.Exact, native),
        Differentiation.FiniteDifference => new ShiftProgram<T>(circuit, method, ShiftRule.CentralDifference<T>, native),
        _ => native(circuit, method),
    };
}
