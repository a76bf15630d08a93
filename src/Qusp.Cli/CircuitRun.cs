// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.CommandLine;
using Qusp.OpenQasm;

namespace Qusp.Cli;

/// <summary>One way to run a circuit, and what is read from it; what is refused is blamed on the option that asked for it.</summary>
internal sealed class CircuitRun(Call call, IDevice device, NoiseModel noise, double[] inputs, ProgramOptions options)
{
    private const string Exact = "cpu"; // whose probabilities the sampler draws from

    /// <summary>The outputs of the circuit's own measurements.</summary>
    public double[] Evaluate(Option blamed, Circuit circuit) => UsageException.Blame(call.Place(blamed), () =>
    {
        using var program = device.Compile<double>(circuit.WithNoise(noise), options);
        return program.Evaluate<double>(inputs, default, new Draw(call.Seed));
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
        var exact = device.Name == "sampler" ? Devices.Find(Exact) : device;
        var final = program.Circuit.WithoutFinalMeasurements();
        if (final.Circuit.Operations.Any(operation => operation.Gate.Kind == GateKind.Measure))
        {
            ImmutableArray<int> bits = [.. Enumerable.Range(0, program.Bits.Length).Where(bit => program.Bits[bit].Length > 0)];
            using var ofBits = CircuitSampler<double>.OfBits(exact, program.Circuit.WithNoise(noise), bits, options);
            return ofBits.Sample(options.Shots, inputs, default, new Draw(call.Seed)).Counts();
        }

        ImmutableArray<int> wires = final.Bits.IsEmpty
            ? [.. Enumerable.Range(0, final.Circuit.Wires)]
            : [.. final.Bits.Select(bit => bit.Wire).Distinct().Order()];
        var read = final.Circuit.WithMeasurements(new Probabilities(wires)).WithNoise(noise);
        using var sampler = new CircuitSampler<double>(exact, read, wires, options);
        return sampler.Sample(options.Shots, inputs, default, new Draw(call.Seed)).Counts();
    });

    /// <summary>The Bloch vector of each wire.</summary>
    public ImmutableArray<(string Label, double X, double Y, double Z)> Vectors(Option blamed, Circuit circuit)
    {
        Measurement[] letters = [.. Enumerable.Range(0, circuit.Wires).SelectMany(wire => (Measurement[])
            [new Expectation(PauliWord.X(wire)), new Expectation(PauliWord.Y(wire)), new Expectation(PauliWord.Z(wire))])];
        return [.. Evaluate(blamed, circuit.WithMeasurements([.. letters])).Chunk(3).Select((vector, wire) => ($"{wire}", vector[0], vector[1], vector[2]))];
    }
}
