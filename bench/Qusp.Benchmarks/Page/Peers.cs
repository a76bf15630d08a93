// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Benchmarks.Page;

/// <summary>What the fastest of the other simulators needs for a workload of one size.</summary>
/// <param name="Workload">The workload.</param>
/// <param name="Variant">Which of several measurements.</param>
/// <param name="Wires">n.</param>
/// <param name="Goal">How many times faster Qusp is meant to be on one thread; null if nothing was set.</param>
/// <param name="Double">Seconds in double precision on one thread, and by whom.</param>
/// <param name="Single">In single precision.</param>
/// <param name="DoubleTwo">In double precision on two threads.</param>
/// <param name="SingleTwo">In single precision on two threads.</param>
internal sealed record Peer(
    string Workload, string? Variant, int Wires, double? Goal, BestTime? Double, BestTime? Single, BestTime? DoubleTwo, BestTime? SingleTwo)
{
    /// <summary>
    /// Measured on an AMD Zen 5 with AVX-512, two cores; medians, each program at its own best settings and compiler, fusion
    /// included, through its C++ interface: PennyLane-Lightning (qubit, kokkos), qsim, qulacs, QuEST, Qiskit Aer, MindQuantum,
    /// scaluq. Seconds of one circuit; for <c>batch</c> and <c>sample</c>, of one sample and of all shots.
    /// </summary>
    public static IReadOnlyList<Peer> All { get; } =
    [
        new("origin", null, 4, 30, new(354e-9, "scaluq"), new(320e-9, "scaluq"), new(178e-9, "qulacs"), new(254e-9, "scaluq")),
        new("origin-jacobian", null, 4, 30, new(2.32e-6, "qulacs"), new(3.08e-6, "scaluq"), new(1.15e-6, "qulacs"), new(2.51e-6, "scaluq")),
        new("forward", null, 4, 3, new(1.44e-6, "qulacs"), new(3.21e-6, "MindQuantum"), null, null),
        new("forward", null, 8, 5, new(17.0e-6, "qulacs"), new(18.4e-6, "qsim"), null, new(17.9e-6, "qsim")),
        new("forward", null, 12, 3, new(161e-6, "Lightning"), new(90.1e-6, "qsim"), new(153e-6, "Lightning"), new(91.9e-6, "qsim")),
        new("forward", null, 16, 3, new(3.07e-3, "Lightning"), new(0.97e-3, "qsim"), new(2.22e-3, "Lightning"), new(0.89e-3, "qsim")),
        new("forward", null, 20, 4, new(76.5e-3, "Lightning"), new(20.4e-3, "qsim"), new(45.0e-3, "Lightning"), new(11.3e-3, "qsim")),
        new("forward", null, 24, 4, new(2.80, "Lightning"), new(486e-3, "qsim"), new(1.20, "qulacs"), new(252e-3, "qsim")),
        new("gradient", null, 4, 5, new(26.8e-6, "qsim"), new(19.5e-6, "MindQuantum"), new(27.0e-6, "qsim"), new(19.9e-6, "MindQuantum")),
        new("gradient", null, 8, 5, new(104e-6, "Lightning"), new(65.9e-6, "qsim"), new(122e-6, "Lightning"), new(66.0e-6, "qsim")),
        new("gradient", null, 12, 5, new(1.47e-3, "Lightning"), new(425e-6, "qsim"), new(0.97e-3, "Lightning"), null),
        new("gradient", null, 16, 5, new(33.2e-3, "Lightning"), new(9.90e-3, "qsim"), new(26.2e-3, "Lightning"), new(8.69e-3, "qsim")),
        new("gradient", null, 20, 5, new(1.52, "Lightning"), new(375e-3, "qsim"), new(768e-3, "Lightning"), new(149e-3, "qsim")),
        new("gradient", null, 22, 5, null, new(2.52, "qsim"), null, new(1.19, "qsim")),
        new("batch", null, 10, 8, new(21.4e-3 / 64, "Lightning"), new(7.93e-3 / 64, "qsim"), new(11.8e-3 / 64, "Lightning"), new(4.26e-3 / 64, "qsim")),
        new("sample", null, 20, 3, new(224e-3, "qulacs"), new(151e-3, "qsim"), new(176e-3, "scaluq"), new(109e-3, "scaluq")),
        new("gate", "dense, low", 24, null, new(13.2e-3, "Lightning"), new(5.3e-3, "Lightning"), new(9.2e-3, "Lightning"), new(4.1e-3, "Lightning")),
        new("gate", "dense, middle", 24, null, new(16.0e-3, "Lightning"), new(6.3e-3, "Lightning"), new(10.5e-3, "Lightning"), new(4.5e-3, "Lightning")),
        new("gate", "dense, high", 24, null, new(10.3e-3, "Lightning"), new(4.5e-3, "Lightning"), new(9.1e-3, "Lightning"), new(4.2e-3, "Lightning")),
        new("gate", "CNOT, low", 24, null, new(9.3e-3, "Lightning"), new(4.2e-3, "Lightning"), new(9.2e-3, "Lightning"), new(4.0e-3, "Lightning")),
        new("gate", "CNOT, middle", 24, null, new(5.5e-3, "Lightning"), new(2.7e-3, "Lightning"), new(4.7e-3, "Lightning"), new(2.0e-3, "Lightning")),
        new("gate", "CNOT, high", 24, null, new(8.6e-3, "Lightning"), new(4.1e-3, "Lightning"), new(9.2e-3, "Lightning"), new(3.9e-3, "Lightning")),
    ];

    /// <summary>The peer's time in a configuration.</summary>
    public BestTime? At(Configuration configuration) => (configuration.Single, configuration.Threads) switch
    {
        (false, 1) => Double,
        (true, 1) => Single,
        (false, _) => DoubleTwo,
        _ => SingleTwo,
    };

    /// <summary>The goal in a configuration; single precision at 20 and 24 wires forward has one of its own, and so have two threads of a batch.</summary>
    public double? GoalAt(Configuration configuration) => (Workload, configuration) switch
    {
        ("forward", (true, 1)) when Wires >= 20 => 3,
        ("batch", (_, 2)) => 12,
        (_, (_, 1)) => Goal,
        _ => null,
    };
}

/// <summary>A time and whose it is.</summary>
internal sealed record BestTime(double Seconds, string Program);

/// <summary>Precision and threads.</summary>
internal sealed record Configuration(bool Single, int Threads)
{
    /// <summary>In the order of the page's columns.</summary>
    public static IReadOnlyList<Configuration> All { get; } = [new(false, 1), new(true, 1), new(false, 2), new(true, 2)];

    public string Precision => Single ? "single" : "double";

    public override string ToString() => $"{Precision}, {Threads} {(Threads == 1 ? "thread" : "threads")}";
}
