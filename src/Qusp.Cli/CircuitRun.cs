// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.CommandLine;
using Qusp.OpenQasm;

namespace Qusp.Cli;

/// <summary>One way to run a circuit, and what is read from it; what is refused is blamed on the option that asked for it.</summary>
internal sealed class CircuitRun(Call call, IDevice device, NoiseModel noise, double[] inputs, double[] weights, ProgramOptions options)
{
    private const int MostCounted = 26; // 512 MiB of probabilities
    private const string Exact = "cpu"; // whose probabilities the sampler draws from

    /// <summary>The outputs of the circuit's own measurements.</summary>
    public double[] Evaluate(Option blamed, Circuit circuit) => UsageException.Blame(call.Place(blamed), () =>
    {
        using var program = device.Compile<double>(circuit.WithNoise(noise), options);
        return program.Evaluate<double>(inputs, weights, new Draw(call.Seed));
    });

    /// <summary>The outputs of one measurement.</summary>
    public double[] Evaluate(Option blamed, Circuit circuit, Func<Measurement> measurement) =>
        Evaluate(blamed, UsageException.Blame(call.Place(blamed), () => circuit.WithMeasurements(measurement())));

    /// <summary>
    /// How often each bit string comes up. Where the file measures at its end alone: of the qubits that it measures, or of all if it
    /// measures none, in order of declaration. Where it measures in its course: of its classical bits, in order of declaration.
    /// </summary>
    public Counts Count(Option blamed, QasmProgram program) => UsageException.Blame(call.Place(blamed), () =>
    {
        var final = program.Circuit.WithoutFinalMeasurements();
        var inCourse = final.Circuit.Operations.Any(operation => operation.Gate.Kind == GateKind.Measure);
        var bits = Named(program);
        ImmutableArray<int> wires = final.Bits.IsEmpty
            ? [.. Enumerable.Range(0, final.Circuit.Wires)]
            : [.. final.Bits.Select(bit => bit.Wire).Distinct().Order()];
        if (!inCourse && wires.Length > MostCounted)
        {
            throw new ArgumentException($"{wires.Length} qubits have too many bit strings to draw from, at most {MostCounted} can be; measure fewer of them at the end of the file, or ask for --observables");
        }

        var from = device.Name == "sampler" ? Devices.Find(Exact) : device;
        using var sampler = inCourse
            ? CircuitSampler<double>.OfBits(from, program.Circuit.WithNoise(noise), bits, options)
            : new CircuitSampler<double>(from, final.Circuit.WithMeasurements(new Probabilities(wires)).WithNoise(noise), wires, options);
        return sampler.Sample(options.Shots, inputs, weights, new Draw(call.Seed)).Counts();
    });

    /// <summary>The Bloch vector of each wire.</summary>
    public ImmutableArray<(string Label, double X, double Y, double Z)> Vectors(Option blamed, Circuit circuit)
    {
        Measurement[] letters = [.. Enumerable.Range(0, circuit.Wires).SelectMany(wire => (Measurement[])
            [new Expectation(PauliWord.X(wire)), new Expectation(PauliWord.Y(wire)), new Expectation(PauliWord.Z(wire))])];
        return [.. Evaluate(blamed, circuit.WithMeasurements([.. letters])).Chunk(3).Select((vector, wire) => ($"{wire}", vector[0], vector[1], vector[2]))];
    }

    /// <summary>The circuit as it runs where counts alone are asked for.</summary>
    public static Circuit Counted(QasmProgram program)
    {
        var circuit = program.Circuit.WithoutFinalMeasurements().Circuit;
        return circuit.Operations.Any(operation => operation.Gate.Kind == GateKind.Measure) && Named(program) is { IsEmpty: false, Length: <= 20 } bits
            ? program.Circuit.WithMeasurements(new BitProbabilities(bits))
            : circuit;
    }

    private static ImmutableArray<int> Named(QasmProgram program) => [.. Enumerable.Range(0, program.Bits.Length).Where(bit => program.Bits[bit].Length > 0)];
}
