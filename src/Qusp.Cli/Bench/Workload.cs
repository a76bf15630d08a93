// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Cli.Bench;

/// <summary>A size of a workload.</summary>
/// <param name="Wires">n.</param>
/// <param name="Layers">Layers of the ansatz, 0 if it has none.</param>
/// <param name="Batch">Samples a call.</param>
/// <param name="Threads">Threads allowed.</param>
/// <param name="Single">Single precision instead of double.</param>
internal sealed record WorkloadSize(int Wires, int Layers, int Batch, int Threads = 1, bool Single = false)
{
    public IProgram<T> Compile<T>(Circuit circuit, Differentiation? method = null, bool? components = null)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        new CpuDevice().Compile<T>(circuit, new ProgramOptions { Threads = Threads, Differentiation = method, Components = components });
}

/// <summary>A workload: what it does, the sizes that it is run at, and how one size is set up.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Variant">Which of several measurements of that name it is; null if there is one.</param>
/// <param name="Own">Its own sizes: wires, or for a training step the batch.</param>
/// <param name="Prepare">Sets one size up.</param>
internal sealed record Workload(string Name, string? Variant, WorkloadSize[] Own, Func<WorkloadSize, Work> Prepare)
{
    private const int Layers = 4;

    private static readonly WorkloadSize[] ForwardSizes = [.. ((int[])[4, 8, 12, 16, 20, 24]).Select(wires => new WorkloadSize(wires, Layers, 1))];
    private static readonly WorkloadSize[] GradientSizes = [.. ((int[])[4, 8, 12, 16, 20, 22]).Select(wires => new WorkloadSize(wires, Layers, 1))];

    /// <summary>Every workload, in the order of the documentation.</summary>
    public static IReadOnlyList<Workload> All { get; } =
    [
        // 4 wires, RY and CNOT, ⟨Z⟩ of all: values without and with the guard x > 0.1, values and one pullback, values and the 4 × 4 Jacobian.
        Origin("origin", [4096], Of(size => OriginWork.Values<double>(false, size), size => OriginWork.Values<float>(false, size))),
        Origin("origin-guarded", [4096], Of(size => OriginWork.Values<double>(true, size), size => OriginWork.Values<float>(true, size))),
        Origin("origin-pullback", [4096], Of(OriginWork.Pullback<double>, OriginWork.Pullback<float>)),
        Origin("origin-jacobian", [4096], Of(OriginWork.Jacobian<double>, OriginWork.Jacobian<float>)),

        // A training step of the advanced model in TorchSharp, and the same with a cosine for the quantum layer.
        Origin("origin-epoch", [10, 100, 1000], size => OriginEpoch.Of(quantum: true, size)),
        Origin("origin-epoch-cos", [10, 100, 1000], size => OriginEpoch.Of(quantum: false, size)),

        // Layers of rotations and CNOT rings: ⟨Z⟩ of all wires; Σ Z and all derivatives; a batch with inputs, values and pullback.
        // Each with weights that stay from call to call, and with every weight new.
        .. OfAnsatz("forward", ForwardSizes, AnsatzWork.Forward<double>, AnsatzWork.Forward<float>),
        .. OfAnsatz("gradient", GradientSizes, AnsatzWork.Gradient<double>, AnsatzWork.Gradient<float>),
        .. OfAnsatz("batch", [new(10, Layers, 64)], AnsatzWork.Batch<double>, AnsatzWork.Batch<float>),

        // A million shots from the state of forward, the circuit not timed.
        new("sample", null, [new(20, Layers, 1)], Of(Shots.Of<double>, Shots.Of<float>)),

        // One gate of a large state, by its wire's place.
        .. OneGate.Places.Select(place => Gate("dense", false, place)),
        .. OneGate.Places.Select(place => Gate("CNOT", true, place)),

        // Guarded RY and CNOT ring, a quarter of the wires active, values and pullback: as components, and all wires in one state.
        new("sparse", null, [new(16, 0, 64), new(64, 0, 64), new(256, 0, 64)], Of(size => Sparse.Of<double>(true, size), size => Sparse.Of<float>(true, size))),
        new("sparse-whole", null, [new(16, 0, 64)], Of(size => Sparse.Of<double>(false, size), size => Sparse.Of<float>(false, size))),
    ];

    /// <summary>Their names, each once.</summary>
    public static IEnumerable<string> Names => All.Select(workload => workload.Name).Distinct();

    /// <summary>Whether its circuit has the wires it has.</summary>
    public bool WiresAreFixed { get; init; }

    /// <summary>The sizes to run: its own, changed to what the user asked for, 0 being nothing, where it has that choice.</summary>
    public IEnumerable<WorkloadSize> Sizes(WorkloadSize asked) => Own.Select(own => asked with
    {
        Wires = asked.Wires == 0 || WiresAreFixed ? own.Wires : asked.Wires,
        Layers = asked.Layers == 0 || own.Layers == 0 ? own.Layers : asked.Layers,
        Batch = asked.Batch == 0 || own.Batch == 1 ? own.Batch : asked.Batch,
    }).Distinct();

    private static Workload Origin(string name, int[] batches, Func<WorkloadSize, Work> prepare) =>
        new(name, null, [.. batches.Select(batch => new WorkloadSize(4, 0, batch))], prepare) { WiresAreFixed = true };

    private static IEnumerable<Workload> OfAnsatz(
        string name, WorkloadSize[] sizes, Func<bool, WorkloadSize, Work> inDouble, Func<bool, WorkloadSize, Work> inSingle) =>
        from newWeights in (bool[])[false, true]
        select new Workload(newWeights ? $"{name}-new" : name, null, sizes, Of(size => inDouble(newWeights, size), size => inSingle(newWeights, size)));

    private static Func<WorkloadSize, Work> Of(Func<WorkloadSize, Work> inDouble, Func<WorkloadSize, Work> inSingle) =>
        size => size.Single ? inSingle(size) : inDouble(size);

    private static Workload Gate(string gate, bool cnot, (string Name, Func<int, int> Wire) place) => new(
        "gate", $"{gate}, {place.Name}", [new(24, 0, 1)],
        Of(size => OneGate.Of<double>(cnot, place.Wire, size), size => OneGate.Of<float>(cnot, place.Wire, size)));
}
