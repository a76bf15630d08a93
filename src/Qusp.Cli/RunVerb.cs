// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using Qusp.Drawing;

namespace Qusp.Cli;

/// <summary><c>qusp run</c>: runs an OpenQASM circuit and reads from its final state what the call asks for.</summary>
internal sealed class RunVerb
{
    private const int MostListedWires = 20; // a million numbers

    private readonly Argument<string> file = QasmFile.Argument();
    private readonly Option<string?> observables = ObservableList.Option();
    private readonly Option<bool> probabilities = Options.Flag("--probabilities", "The probability of each bit string; its first character is the first declared qubit.");
    private readonly Option<bool> state = Options.Flag("--state", "The amplitudes of the final state.");
    private readonly Option<bool> counts = Options.Flag("--counts", "How often each bit string comes up in --shots repetitions.");
    private readonly Option<string?> noise = Options.Text("--noise", "FILE|NAME=P,…", "A noise model: a JSON file, or channels after every gate, such as depolarizing=0.01,readout=0.02.");
    private readonly Option<string?> histogram = Options.Text("--histogram", "FILE", "Write counts, or else probabilities, as a histogram in SVG.");
    private readonly Option<string?> bloch = Options.Text("--bloch", "FILE", "Write each qubit's Bloch vector as SVG.");
    private readonly Option<string?> input = Options.Text("--input", "NAME=VALUE,…", "Values of the inputs that an OpenQASM 3 file declares.");
    private readonly DeviceOptions devices = new();

    public static Command Create(Terminal terminal)
    {
        var verb = new RunVerb();
        return Verb.Create(
            terminal,
            "run",
            "Run an OpenQASM 2 or 3 circuit: expectation values, probabilities, state, counts.",
            [
                "qusp run bell.qasm --observables \"Z0,X0*X1\" --probabilities",
                "qusp run bell.qasm --shots 1000 --counts --seed 7 --json",
                "qusp run ansatz.qasm --input theta=0.3 --observables Z0 --noise depolarizing=0.01",
            ],
            [verb.file, verb.observables, verb.probabilities, verb.state, verb.counts, verb.input, verb.noise, verb.histogram, verb.bloch, .. verb.devices.RunSymbols],
            verb.Run);
    }

    private int Run(Call call)
    {
        var (histogramFile, blochFile) = (OutputFile.Of(call, histogram, "histogram"), OutputFile.Of(call, bloch, "bloch"));
        var program = QasmFile.Load(call, call.Get(file));
        var (inputs, weights) = QasmFile.Values(call, input, program);
        var model = call.Get(noise) is { } text ? UsageException.Blame(call.Place(noise), () => NoiseModel.Load(text)) : NoiseModel.Empty;
        var circuit = program.Circuit.WithoutFinalMeasurements().Circuit;
        foreach (var option in (Option[])[probabilities, state])
        {
            if (circuit.Wires > MostListedWires && call.Has(option))
            {
                throw new UsageException(call.Place(option), $"{circuit.Wires} qubits have too many bit strings to list, at most {MostListedWires} can be; ask for --observables or --counts");
            }
        }

        var wanted = ObservableList.Read(call, observables, circuit.Wires);
        var wantsCounts = call.Get(counts) || call.Has(devices.Shots);
        if (wanted.Length == 0 && !call.Get(probabilities) && !call.Get(state) && !wantsCounts && blochFile is null)
        {
            wanted = ObservableList.OfAllWires(circuit.Wires);
        }

        var needed = circuit.WithMeasurements([.. wanted.Select(one => new Expectation(one.Observable))]);
        // Counts alone are as true from random paths, one a shot, as from the exact state, and these need far less memory.
        var countsAlone = wantsCounts && wanted.Length == 0 && !call.Get(probabilities) && !call.Get(state) && blochFile is null;
        var preference = call.Get(devices.Device) + (countsAlone && !call.Has(devices.Device) ? ",trajectories" : "");
        var selection = UsageException.Blame(call.Place(devices.Device), () =>
            Devices.Select(preference, (countsAlone ? CircuitRun.Counted(program) : needed).WithNoise(model)));
        var run = new CircuitRun(call, selection.Device, model, inputs, weights, HowToRun(call));
        var report = new RunReport(program, circuit, selection)
        {
            Expectations = wanted.Length == 0 ? [] : [.. wanted.Select(one => one.Text).Zip(run.Evaluate(devices.Device, needed))],
            Probabilities = call.Get(probabilities) || (histogramFile is not null && !wantsCounts)
                ? run.Evaluate(probabilities, circuit, () => new Probabilities([.. Enumerable.Range(0, circuit.Wires)]))
                : null,
            State = call.Get(state) ? run.Evaluate(state, circuit, () => new StateVector()) : null,
            Counts = wantsCounts ? run.Count(counts, program) : null,
        };
        report.Print(call.Terminal);
        histogramFile?.Write(report.Histogram());
        blochFile?.Write(BlochDrawing.Draw(run.Vectors(bloch, circuit)));
        return CommandLine.Done;
    }

    private ProgramOptions HowToRun(Call call) => new()
    {
        Differentiation = Differentiation.None,
        Shots = call.Get(devices.Shots),
        Threads = call.Get(devices.Threads),
    };
}
