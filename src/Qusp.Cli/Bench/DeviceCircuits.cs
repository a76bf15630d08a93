// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Cli.Bench;

/// <summary>Circuits of many kinds, of which each device is the best for some: the cost model by which <c>auto</c> chooses is checked on them.</summary>
internal static class DeviceCircuits
{
    /// <summary>Their names, the samples of a call, and how they are made.</summary>
    public static IReadOnlyList<(string Name, int Batch, Func<Circuit> Make)> All { get; } =
    [
        ("ansatz, 4 wires, 4 layers", 1, () => Ansatz(4, 4)),
        ("ansatz, 4 wires, 4 layers", 64, () => Ansatz(4, 4)),
        ("ansatz, 8 wires, 4 layers", 1, () => Ansatz(8, 4)),
        ("ansatz, 8 wires, 4 layers", 64, () => Ansatz(8, 4)),
        ("ansatz, 16 wires, 2 layers", 1, () => Ansatz(16, 2)),
        ("hardware-efficient, 12 wires, 4 layers", 16, () => HardwareEfficient(12, 4).ExpectZ().Build()),
        ("hardware-efficient, 20 wires, 3 layers", 1, () => HardwareEfficient(20, 3).ExpectZ().Build()),
        ("hardware-efficient, 60 wires, 2 layers, ⟨Z₃₀⟩", 1, () => HardwareEfficient(60, 2).ExpectZ(30).Build()),
        ("QAOA on a ring, 10 wires, 2 rounds", 64, () => Qaoa(10, 2)),
        ("QAOA on a ring, 18 wires, 3 rounds", 1, () => Qaoa(18, 3)),
        ("QAOA on a ring, 40 wires, 1 round", 1, () => Qaoa(40, 1)),
        ("brickwork of small angles, 14 wires, 6 layers", 1, () => Brickwork(14, 6)),
        ("brickwork of small angles, 22 wires, 4 layers", 1, () => Brickwork(22, 4)),
        ("brickwork of small angles, 60 wires, 4 layers", 1, () => Brickwork(60, 4)),
        ("deep random, 12 wires, 300 gates", 1, () => Random(12, 300)),
        ("deep random, 18 wires, 400 gates", 1, () => Random(18, 400)),
        ("Clifford and 8 T, 20 wires", 1, () => Clifford(20, 10, 8)),
        ("Clifford and 12 T, 60 wires", 1, () => Clifford(60, 10, 12)),
        ("GHZ, 20 wires, ⟨X…X⟩", 1, () => Ghz(20)),
        ("GHZ, 40 wires, ⟨X…X⟩", 1, () => Ghz(40)),
        ("QFT, 12 wires", 1, () => Qft(12)),
        ("QFT, 18 wires", 1, () => Qft(18)),
        ("controlled rotations down a chain, 18 wires, 2 times", 1, () => Chain(18, 2)),
        ("controlled rotations down a chain, 60 wires, 3 times", 1, () => Chain(60, 3)),
        ("pairs, 200 wires", 1, () => Pairs(200)),
        ("guarded ring, 16 wires", 64, () => Guarded(16)),
        ("ansatz, 6 wires, 2 layers", 16, () => Ansatz(6, 2)),
        ("ansatz, 10 wires, 6 layers", 8, () => Ansatz(10, 6)),
        ("ansatz, 12 wires, 3 layers", 64, () => Ansatz(12, 3)),
        ("ansatz, 20 wires, 1 layer", 1, () => Ansatz(20, 1)),
        ("hardware-efficient, 8 wires, 8 layers", 1, () => HardwareEfficient(8, 8).ExpectZ().Build()),
        ("hardware-efficient, 30 wires, 2 layers", 1, () => HardwareEfficient(30, 2).ExpectZ().Build()),
        ("hardware-efficient, 100 wires, 1 layer", 4, () => HardwareEfficient(100, 1).ExpectZ().Build()),
        ("QAOA on a 4 × 4 grid, 1 round", 1, () => Qaoa(16, 1, Grid(4, 4))),
        ("QAOA on a star, 14 wires, 2 rounds", 1, () => Qaoa(14, 2, Star(14))),
        ("QAOA on a star, 40 wires, 1 round", 1, () => Qaoa(40, 1, Star(40))),
        ("brickwork of small angles, 10 wires, 3 layers", 16, () => Brickwork(10, 3)),
        ("brickwork of small angles, 30 wires, 2 layers", 1, () => Brickwork(30, 2)),
        ("deep random, 6 wires, 60 gates", 64, () => Random(6, 60)),
        ("deep random, 10 wires, 200 gates", 4, () => Random(10, 200)),
        ("Clifford and 20 T, 12 wires", 1, () => Clifford(12, 10, 20)),
        ("GHZ, 12 wires, ⟨X…X⟩", 16, () => Ghz(12)),
        ("QFT, 6 wires", 64, () => Qft(6)),
        ("controlled rotations down a chain, 10 wires, 4 times", 1, () => Chain(10, 4)),
        ("controlled rotations down a chain, 30 wires, 1 time", 1, () => Chain(30, 1)),
        ("pairs, 16 wires", 64, () => Pairs(16)),
        ("blocks of 4 wires, 24 wires, 3 layers", 16, () => Blocks(24, 4, 3)),
        ("guarded ring, 8 wires", 1, () => Guarded(8)),
        ("guarded ring, 40 wires", 64, () => Guarded(40)),
        ("noisy ansatz, 3 wires, 2 layers", 16, () => Noisy(3, 2)),
        ("noisy ansatz, 6 wires, 2 layers", 1, () => Noisy(6, 2)),
    ];

    private static Circuit Ansatz(int wires, int layers) => BenchCircuits.Ansatz(wires, layers, encoded: true).ExpectZ().Build();

    private static CircuitBuilder HardwareEfficient(int wires, int layers)
    {
        var circuit = new CircuitBuilder(wires);
        var w = circuit.Weights("weights", layers, wires, 2);
        for (var l = 0; l < layers; l++)
        {
            for (var q = 0; q < wires; q++)
            {
                circuit.RY(w[l, q, 0], q).RZ(w[l, q, 1], q);
            }

            for (var q = 1; q < wires; q++)
            {
                circuit.CZ(q - 1, q);
            }
        }

        return circuit;
    }

    private static Circuit Qaoa(int wires, int rounds, (int, int)[]? edges = null)
    {
        edges ??= [.. Enumerable.Range(0, wires).Select(q => (q, (q + 1) % wires))];
        var circuit = new CircuitBuilder(wires);
        var w = circuit.Weights("weights", rounds, 2);
        for (var q = 0; q < wires; q++)
        {
            circuit.H(q);
        }

        for (var p = 0; p < rounds; p++)
        {
            foreach (var (q, other) in edges)
            {
                circuit.IsingZZ(w[p, 0], q, other);
            }

            for (var q = 0; q < wires; q++)
            {
                circuit.RX(w[p, 1], q);
            }
        }

        return circuit.Expect(new PauliSum([.. edges.Select(edge => (1.0, PauliWord.Z(edge.Item1) * PauliWord.Z(edge.Item2)))])).Build();
    }

    private static (int, int)[] Star(int wires) => [.. Enumerable.Range(1, wires - 1).Select(q => (0, q))];

    private static (int, int)[] Grid(int rows, int columns) =>
    [
        .. from q in Enumerable.Range(0, rows * columns) where q % columns + 1 < columns select (q, q + 1),
        .. Enumerable.Range(0, (rows - 1) * columns).Select(q => (q, q + columns)),
    ];

    // Gates on neighbours, on even pairs and odd pairs in turn, near the identity: little entanglement.
    private static Circuit Brickwork(int wires, int layers)
    {
        var circuit = new CircuitBuilder(wires);
        var w = circuit.Weights("weights", layers, wires);
        for (var l = 0; l < layers; l++)
        {
            for (var q = l % 2; q + 1 < wires; q += 2)
            {
                circuit.RY(0.05 * w[l, q], q).RX(0.03 * w[l, q + 1], q + 1).IsingXX(0.04 * w[l, q], q, q + 1).IsingZZ(0.02 * w[l, q + 1], q, q + 1);
            }
        }

        return circuit.ExpectZ().Build();
    }

    private static Circuit Random(int wires, int gates)
    {
        var (circuit, random) = (new CircuitBuilder(wires), new Random(7));
        var w = circuit.Weights("weights", gates);
        for (var k = 0; k < gates; k++)
        {
            var first = random.Next(wires);
            var second = (first + 1 + random.Next(wires - 1)) % wires;
            _ = random.Next(5) switch
            {
                0 => circuit.RX(w[k], first),
                1 => circuit.RY(w[k], first),
                2 => circuit.RZ(w[k], first),
                3 => circuit.CNOT(first, second),
                _ => circuit.CRY(w[k], first, second),
            };
        }

        return circuit.ExpectZ().Build();
    }

    private static Circuit Clifford(int wires, int layers, int t)
    {
        var (circuit, random) = (new CircuitBuilder(wires), new Random(11));
        var w = circuit.Weights("weights", t);
        for (var l = 0; l < layers; l++)
        {
            for (var q = 0; q < wires; q++)
            {
                var other = (q + 1 + random.Next(wires - 1)) % wires;
                _ = random.Next(3) switch { 0 => circuit.H(q), 1 => circuit.S(q), _ => circuit.CNOT(q, other) };
            }

            for (var k = l * t / layers; k < (l + 1) * t / layers; k++)
            {
                circuit.T(random.Next(wires)).RX(w[k], random.Next(wires));
            }
        }

        return circuit.ExpectZ().Build();
    }

    private static Circuit Ghz(int wires)
    {
        var circuit = new CircuitBuilder(wires);
        var w = circuit.Weights("weights", wires);
        circuit.H(0);
        for (var q = 1; q < wires; q++)
        {
            circuit.CNOT(q - 1, q);
        }

        for (var q = 0; q < wires; q++)
        {
            circuit.RZ(w[q], q);
        }

        return circuit.Expect(Enumerable.Range(0, wires).Select(PauliWord.X).Aggregate((word, x) => word * x)).Build();
    }

    private static Circuit Qft(int wires)
    {
        var circuit = new CircuitBuilder(wires);
        var w = circuit.Weights("weights", wires);
        for (var q = 0; q < wires; q++)
        {
            circuit.RY(w[q], q);
        }

        for (var q = 0; q < wires; q++)
        {
            circuit.H(q);
            for (var k = q + 1; k < wires; k++)
            {
                circuit.ControlledPhaseShift(Math.PI / Math.ScaleB(1, k - q), k, q);
            }
        }

        return circuit.ExpectZ().Build();
    }

    private static Circuit Chain(int wires, int times)
    {
        var circuit = new CircuitBuilder(wires);
        var w = circuit.Weights("weights", times, wires);
        circuit.H(0);
        for (var k = 0; k < times; k++)
        {
            for (var q = 1; q < wires; q++)
            {
                circuit.RX(w[k, q], q - 1).CRY(0.5 * w[k, q], q - 1, q);
            }
        }

        return circuit.ExpectZ().Build();
    }

    private static Circuit Pairs(int wires)
    {
        var circuit = new CircuitBuilder(wires);
        var w = circuit.Weights("weights", wires);
        for (var q = 0; q < wires; q += 2)
        {
            circuit.RY(w[q], q).CRX(w[q + 1], q, q + 1);
        }

        return circuit.ExpectZ().Build();
    }

    private static Circuit Guarded(int wires)
    {
        var circuit = new CircuitBuilder(wires);
        var x = circuit.Inputs(wires);
        for (var q = 0; q < wires; q++)
        {
            var wire = q;
            circuit.If(x[wire] > Math.PI, then => then.RY(x[wire], wire).CNOT(wire, (wire + 1) % wires)); // half of them fire
        }

        return circuit.ExpectZ().Build();
    }

    // Small circuits side by side that no gate joins.
    private static Circuit Blocks(int wires, int size, int layers)
    {
        var circuit = new CircuitBuilder(wires);
        var x = circuit.Inputs(wires);
        var w = circuit.Weights("weights", layers, wires);
        for (var l = 0; l < layers; l++)
        {
            for (var q = 0; q < wires; q++)
            {
                circuit.RX(x[q], q).RY(w[l, q], q);
            }

            for (var q = 0; q < wires; q++)
            {
                circuit.CNOT(q, q - (q % size) + ((q + 1) % size));
            }
        }

        return circuit.ExpectZ().Build();
    }

    private static Circuit Noisy(int wires, int layers)
    {
        var circuit = new CircuitBuilder(wires);
        var w = circuit.Weights("weights", layers, wires);
        for (var l = 0; l < layers; l++)
        {
            for (var q = 0; q < wires; q++)
            {
                circuit.RY(w[l, q], q).DepolarizingChannel(0.01, q);
            }

            for (var q = 1; q < wires; q++)
            {
                circuit.CNOT(q - 1, q);
            }
        }

        return circuit.ExpectZ().Build();
    }
}
