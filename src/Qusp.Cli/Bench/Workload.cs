// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Cli.Bench;

/// <summary>What to run a workload with; null is the workload's own size.</summary>
internal sealed record WorkloadSize(int? Wires, int? Layers, int? Batch, int Threads, bool Single);

/// <summary>A workload's figures.</summary>
/// <param name="Workload">Its name.</param>
/// <param name="Wires">n.</param>
/// <param name="Layers">Layers of the ansatz, 0 if it has none.</param>
/// <param name="Batch">Samples a call.</param>
/// <param name="Precision"><c>single</c> or <c>double</c>.</param>
/// <param name="Threads">Threads allowed.</param>
/// <param name="SecondsPerCircuit">Seconds a circuit (for origin-epoch, a training step).</param>
/// <param name="Passes">Seconds a circuit in units of one in-place pass over a state of that size; null where a state has no meaning.</param>
/// <param name="Check">Values that other programs must agree with.</param>
internal sealed record WorkloadResult(
    string Workload, int Wires, int Layers, int Batch, string Precision, int Threads, Timing SecondsPerCircuit, double? Passes, double[] Check)
{
    /// <summary>Which of several measurements of the workload it is; null if there is one.</summary>
    public string? Variant { get; init; }

    /// <summary>Bytes read and written a second, for what does nothing else; null where that has no meaning.</summary>
    public double? GigabytesPerSecond { get; init; }
}

/// <summary>A workload: a name, what it does, the sizes that it is run at, and how one size is run.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">One line.</param>
/// <param name="Own">Its own sizes: wires, or for a training step the batch.</param>
/// <param name="Run">Runs one size.</param>
internal sealed record Workload(string Name, string Description, WorkloadSize[] Own, Func<WorkloadSize, WorkloadResult> Run)
{
    private static readonly WorkloadSize[] Origin = [At(4, 4096)];
    private static readonly WorkloadSize[] ForwardSizes = [At(4, 1), At(8, 1), At(12, 1), At(16, 1), At(20, 1), At(24, 1)];
    private static readonly WorkloadSize[] GradientSizes = [At(4, 1), At(8, 1), At(12, 1), At(16, 1), At(20, 1), At(22, 1)];
    private static readonly WorkloadSize[] Steps = [At(4, 10), At(4, 100), At(4, 1000)];

    /// <summary>Every workload, in the order of the documentation.</summary>
    public static IReadOnlyList<Workload> All { get; } =
    [
        new("origin", "4 wires, RY and CNOT without guard, ⟨Z⟩ of all wires, 4096 samples", Origin, Of(OriginForward<double>, OriginForward<float>)),
        new("origin-guarded", "the same with the guard x > 0.1", Origin, Of(GuardedForward<double>, GuardedForward<float>)),
        new("origin-pullback", "origin-guarded, forward and pullback of one cotangent an output", Origin, Of(Pullback<double>, Pullback<float>)),
        new("origin-jacobian", "origin, forward and the whole 4 × 4 Jacobian", Origin, Of(Jacobian<double>, Jacobian<float>)),
        new("origin-epoch", "one training step of the advanced model in TorchSharp", Steps, size => OriginEpoch.Run("origin-epoch", quantum: true, size)),
        new("origin-epoch-cos", "the same step with a cosine for the quantum layer", Steps, size => OriginEpoch.Run("origin-epoch-cos", quantum: false, size)),
        new("forward", "ansatz(n), ⟨Z⟩ of all wires, one circuit at a time", ForwardSizes, Of(Forward<double>, Forward<float>)),
        new("gradient", "ansatz(n), Σ Z, value and all derivatives by the adjoint method", GradientSizes, Of(Gradient<double>, Gradient<float>)),
        new("batch", "RY(x) then ansatz(10), ⟨Z⟩ of all wires and their pullback, 64 samples", [At(10, 64)], Of(Batch<double>, Batch<float>)),
        new("sample", "a million shots from the state of forward, the circuit not timed", [At(20, 1)], Of(Shots.Run<double>, Shots.Run<float>)),
        .. OneGate.Places.Select(place => new Workload(
            "gate", $"a dense gate on one wire of a large state, {place.Name} end", [At(24, 1)], Of(size => OneGate.Run<double>(false, place.Name, place.Wire, size), size => OneGate.Run<float>(false, place.Name, place.Wire, size)))),
        .. OneGate.Places.Select(place => new Workload(
            "gate", $"a CNOT, its target at the {place.Name} end", [At(24, 1)], Of(size => OneGate.Run<double>(true, place.Name, place.Wire, size), size => OneGate.Run<float>(true, place.Name, place.Wire, size)))),
        new("sparse", "guarded RY(x) and CNOT ring, a quarter of the wires active, ⟨Z⟩ of all wires and their pullback, 64 samples",
            [At(16, 64), At(64, 64), At(256, 64)], Of(size => Sparse.Run<double>("sparse", true, size), size => Sparse.Run<float>("sparse", true, size))),
        new("sparse-whole", "sparse with all wires in one state",
            [At(16, 64)], Of(size => Sparse.Run<double>("sparse-whole", false, size), size => Sparse.Run<float>("sparse-whole", false, size))),
    ];

    /// <summary>Their names, each once.</summary>
    public static IEnumerable<string> Names => All.Select(workload => workload.Name).Distinct();

    /// <summary>The sizes to run: its own, narrowed by what the user asked for.</summary>
    public IEnumerable<WorkloadSize> Sizes(WorkloadSize asked)
    {
        var own = Own.Select(size => asked with { Wires = asked.Wires ?? size.Wires, Batch = asked.Batch ?? size.Batch });
        return ReferenceEquals(Own, Origin) || ReferenceEquals(Own, Steps) ? own.Select(size => size with { Wires = 4 }).Distinct() : own.Distinct();
    }

    private const int DefaultLayers = 4;

    private static WorkloadSize At(int wires, int batch) => new(wires, null, batch, 1, false);

    private static Func<WorkloadSize, WorkloadResult> Of(Func<WorkloadSize, WorkloadResult> inDouble, Func<WorkloadSize, WorkloadResult> inSingle) =>
        size => size.Single ? inSingle(size) : inDouble(size);

    private static WorkloadResult OriginForward<T>(WorkloadSize size)
        where T : unmanaged, IFloatingPointIeee754<T> => OriginValues<T>("origin", size, guarded: false);

    private static WorkloadResult GuardedForward<T>(WorkloadSize size)
        where T : unmanaged, IFloatingPointIeee754<T> => OriginValues<T>("origin-guarded", size, guarded: true);

    private static WorkloadResult OriginValues<T>(string name, WorkloadSize size, bool guarded)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var batch = size.Batch ?? 4096;
        using var program = Compile<T>(BenchCircuits.Origin(guarded), size);
        var (x, outputs) = (To<T>(BenchCircuits.Inputs(4 * batch)), new T[4 * batch]);
        var timing = Stopclock.Measure(() => program.Evaluate(batch, x, [], outputs)).DividedBy(batch);
        return new(name, 4, 0, batch, Precision<T>(), size.Threads, timing, null, [.. From(outputs[..4]), .. Sums(outputs)]);
    }

    private static WorkloadResult Pullback<T>(WorkloadSize size)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var batch = size.Batch ?? 4096;
        using var program = Compile<T>(BenchCircuits.Origin(guarded: true), size);
        var (x, g) = (To<T>(BenchCircuits.Inputs(4 * batch)), To<T>(BenchCircuits.Cotangents(4 * batch)));
        var (outputs, gradients) = (new T[4 * batch], new T[4 * batch]);
        var timing = Stopclock.Measure(() =>
        {
            program.Evaluate(batch, x, [], outputs);
            program.Pullback(batch, x, [], g, gradients, []);
        }).DividedBy(batch);
        return new("origin-pullback", 4, 0, batch, Precision<T>(), size.Threads, timing, null, [.. From(gradients[..4]), .. Sums(outputs), .. Sums(gradients)]);
    }

    private static WorkloadResult Jacobian<T>(WorkloadSize size)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        // Four rows a sample, one for each output's cotangent: the Jacobian is one pullback of a batch four times as large.
        var batch = size.Batch ?? 4096;
        using var program = Compile<T>(BenchCircuits.Origin(guarded: false), size);
        var x = To<T>(BenchCircuits.Inputs(4 * batch));
        var (repeated, g) = (new T[16 * batch], new T[16 * batch]);
        for (var row = 0; row < 4 * batch; row++)
        {
            g[(4 * row) + (row % 4)] = T.One;
        }

        var (outputs, jacobian) = (new T[4 * batch], new T[16 * batch]);
        var timing = Stopclock.Measure(() =>
        {
            program.Evaluate(batch, x, [], outputs);
            for (var row = 0; row < 4 * batch; row++)
            {
                x.AsSpan(row / 4 * 4, 4).CopyTo(repeated.AsSpan(4 * row));
            }

            program.Pullback(4 * batch, repeated, [], g, jacobian, []);
        }).DividedBy(batch);
        return new("origin-jacobian", 4, 0, batch, Precision<T>(), size.Threads, timing, null, [.. From(jacobian[..8]), .. Sums(jacobian)]);
    }

    private static WorkloadResult Forward<T>(WorkloadSize size)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (wires, layers) = (size.Wires ?? 4, size.Layers ?? DefaultLayers);
        using var program = Compile<T>(BenchCircuits.Ansatz(wires, layers, encoded: false).ExpectZ().Build(), size, Differentiation.None);
        var (w, outputs) = (To<T>(BenchCircuits.Weights(3 * layers * wires)), new T[wires]);
        var timing = Stopclock.Measure(() => program.Evaluate(1, [], w, outputs));
        return new("forward", wires, layers, 1, Precision<T>(), size.Threads, timing, Passes<T>(timing, wires, size), [.. From(outputs[..Math.Min(4, wires)]), .. Sums(outputs)]);
    }

    private static WorkloadResult Gradient<T>(WorkloadSize size)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (wires, layers) = (size.Wires ?? 4, size.Layers ?? DefaultLayers);
        using var program = Compile<T>(BenchCircuits.Ansatz(wires, layers, encoded: false).Expect(BenchCircuits.SumZ(wires)).Build(), size);
        var w = To<T>(BenchCircuits.Weights(3 * layers * wires));
        var (value, gradient) = (new T[1], new T[w.Length]);
        var timing = Stopclock.Measure(() =>
        {
            program.Evaluate(1, [], w, value);
            program.Pullback(1, [], w, [T.One], [], gradient);
        });
        return new("gradient", wires, layers, 1, Precision<T>(), size.Threads, timing, Passes<T>(timing, wires, size), [.. From(gradient[..5]), .. Sums(gradient)]);
    }

    private static WorkloadResult Batch<T>(WorkloadSize size)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (wires, layers, batch) = (size.Wires ?? 10, size.Layers ?? DefaultLayers, size.Batch ?? 64);
        using var program = Compile<T>(BenchCircuits.Ansatz(wires, layers, encoded: true).ExpectZ().Build(), size);
        var w = To<T>(BenchCircuits.Weights(3 * layers * wires));
        var (x, g) = (To<T>(BenchCircuits.Inputs(wires * batch)), To<T>(BenchCircuits.Cotangents(wires * batch)));
        var (outputs, byInputs, byWeights) = (new T[wires * batch], new T[wires * batch], new T[w.Length]);
        var timing = Stopclock.Measure(() =>
        {
            program.Evaluate(batch, x, w, outputs);
            program.Pullback(batch, x, w, g, byInputs, byWeights);
        });
        return new(
            "batch", wires, layers, batch, Precision<T>(), size.Threads, timing.DividedBy(batch), Passes<T>(timing.DividedBy(batch), wires, size),
            [.. Sums(outputs), .. Sums(byWeights), .. Sums(byInputs)]);
    }

    private static IProgram<T> Compile<T>(Circuit circuit, WorkloadSize size, Differentiation? method = null)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        new CpuDevice().Compile<T>(circuit, new ProgramOptions { Threads = size.Threads, Differentiation = method });

    private static double Passes<T>(Timing timing, int wires, WorkloadSize size) =>
        timing.Median / Stopclock.Pass(wires, typeof(T) == typeof(float) ? 4 : 8, size.Threads).Median;

    private static string Precision<T>() => typeof(T) == typeof(float) ? "single" : "double";

    private static T[] To<T>(double[] values)
        where T : INumberBase<T> => [.. values.Select(T.CreateChecked)];

    private static double[] From<T>(T[] values)
        where T : INumberBase<T> => [.. values.Select(double.CreateChecked)];

    private static double[] Sums<T>(T[] values)
        where T : INumberBase<T>
    {
        var numbers = From(values);
        return [numbers.Sum(), numbers.Sum(value => value * value)];
    }
}
