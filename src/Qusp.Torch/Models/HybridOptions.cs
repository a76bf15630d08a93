// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Torch;

/// <summary>Sizes and settings of the two hybrid models; the defaults are those of the origin document.</summary>
public sealed record HybridOptions
{
    /// <summary>Features of a sample: the width F of the input <c>[B, F]</c>.</summary>
    public int Features { get; init; } = 4;

    /// <summary>Wires n of the circuit; <c>classical_layer</c> is F → n.</summary>
    public int Wires { get; init; } = 4;

    /// <summary>Outputs: <c>classical_output</c> is n → Outputs.</summary>
    public int Outputs { get; init; } = 2;

    /// <summary>
    /// Layers L of a trainable ansatz behind the encoding: RZ, RY, RZ on each wire, then a ring of CNOTs; parameter
    /// <c>quantum_layer.weights</c> <c>[L, n, 3]</c>. 0 = none, as in the origin document.
    /// </summary>
    public int Layers { get; init; }

    /// <summary>τ: a wire's gates fire where its input exceeds it; the soft threshold of the advanced model has the same.</summary>
    public double Threshold { get; init; } = 0.1;

    /// <summary>Where the learnable α of the advanced model starts.</summary>
    public double Alpha { get; init; } = 10;

    /// <summary>The gate of the sparse model; null leaves all wires on.</summary>
    public SparsityRule? Gate { get; init; }

    /// <summary>What the gate compares with its threshold.</summary>
    public GatePredicate Predicate { get; init; }

    /// <summary>What a wire that is off goes without.</summary>
    public GateScope Scope { get; init; }

    /// <summary>How the gate starts and learns; its seed is <see cref="Seed"/>.</summary>
    public SparsityGateOptions GateOptions { get; init; } = new();

    /// <summary>Precision of the network's parameters and tensors.</summary>
    public Precision Precision { get; init; } = Precision.Single;

    /// <summary>Precision of the circuits' arithmetic.</summary>
    public Precision CircuitPrecision { get; init; } = Precision.Double;

    /// <summary>Quantum devices in order of preference, separated by commas.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>How circuits are differentiated; null takes the device's best.</summary>
    public Differentiation? Differentiation { get; init; }

    /// <summary>Repetitions of a circuit on sampled devices.</summary>
    public int Shots { get; init; } = 1024;

    /// <summary>The most threads the circuits use; 0 = one a core. Results do not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>Seed of the initial parameters and of sampled devices.</summary>
    public ulong Seed { get; init; }

    /// <summary>How the ansatz's weights start.</summary>
    public Initialization Initialization { get; init; } = Initialization.Uniform();

    /// <summary>
    /// The circuit: for each wire i, where input i exceeds the threshold, RY(x_i) on i and CNOT(i, i + 1), the last to wire
    /// 0; then the layers of the ansatz; then ⟨Z⟩ of every wire. One wire has no CNOT.
    /// </summary>
    /// <exception cref="ArgumentException">The number of wires or layers is out of range.</exception>
    public Circuit BuildCircuit()
    {
        Checked(this);
        var circuit = new CircuitBuilder(Wires);
        var x = circuit.Inputs(Wires);
        for (var i = 0; i < Wires; i++)
        {
            circuit.If(x[i] > Threshold, then => Entangle(then.RY(x[i], i), i));
        }

        if (Layers > 0)
        {
            var w = circuit.Weights("weights", Layers, Wires, 3);
            for (var layer = 0; layer < Layers; layer++)
            {
                for (var i = 0; i < Wires; i++)
                {
                    circuit.RZ(w[layer, i, 0], i).RY(w[layer, i, 1], i).RZ(w[layer, i, 2], i);
                }

                for (var i = 0; i < Wires; i++)
                {
                    Entangle(circuit, i);
                }
            }
        }

        return circuit.ExpectZ().Build();
    }

    /// <summary>The part of the options that says how the quantum layer runs.</summary>
    public QuantumLayerOptions ToLayerOptions() => new()
    {
        Device = Device,
        Differentiation = Differentiation,
        Shots = Shots,
        Threads = Threads,
        Seed = Seed,
        CircuitPrecision = CircuitPrecision,
        Initialization = Initialization,
    };

    internal static HybridOptions Checked(HybridOptions? options)
    {
        options ??= new HybridOptions();
        foreach (var (name, value, least) in (ReadOnlySpan<(string, int, int)>)
            [("features", options.Features, 1), ("wires", options.Wires, 1), ("outputs", options.Outputs, 1), ("layers", options.Layers, 0)])
        {
            if (value < least)
            {
                throw new ArgumentException($"the number of {name} is {value}; it is at least {least}", nameof(options));
            }
        }

        return options;
    }

    private void Entangle(CircuitBuilder circuit, int wire)
    {
        if (Wires > 1)
        {
            circuit.CNOT(wire, (wire + 1) % Wires);
        }
    }
}
