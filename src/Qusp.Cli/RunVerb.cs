// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Qusp.OpenQasm;

namespace Qusp.Cli;

/// <summary><c>qusp run</c>: runs an OpenQASM circuit and reads from its final state what the call asks for.</summary>
internal sealed class RunVerb
{
    private readonly Argument<string> file = QasmFile.Argument();
    private readonly Option<string?> observables = Options.Text(
        "--observables", "LIST", "Expectation values, separated by commas, such as \"Z0,X0*Z2,0.5*Z0*Z1-0.25*X2\"; wires in order of declaration.");
    private readonly Option<bool> probabilities = Options.Flag("--probabilities", "The probability of each bit string; its first character is the first declared qubit.");
    private readonly Option<bool> state = Options.Flag("--state", "The amplitudes of the final state.");
    private readonly Option<bool> counts = Options.Flag("--counts", "How often each bit string comes up in --shots repetitions.");
    private readonly Option<string?> noise = Options.Text(
        "--noise", "FILE|NAME=P,…", "The noise of a machine: a JSON file, or channels after every gate and errors of reading, such as depolarizing=0.01,readout=0.02.");
    private readonly Option<string?> input = Options.Text("--input", "NAME=VALUE,…", "Values of the inputs that an OpenQASM 3 file declares.");
    private readonly DeviceOptions devices = new();

    public static Command Create(Terminal terminal)
    {
        var verb = new RunVerb();
        return Verb.Create(
            terminal,
            "run",
            "Run an OpenQASM 2 or 3 circuit: expectation values, probabilities, state, counts.",
            ["qusp run bell.qasm --observables \"Z0,X0*X1\" --probabilities", "qusp run bell.qasm --shots 1000 --counts --seed 7 --json", "qusp run ansatz.qasm --input theta=0.3 --observables Z0", "qusp run bell.qasm --noise depolarizing=0.01 --probabilities"],
            [verb.file, verb.observables, verb.probabilities, verb.state, verb.counts, verb.noise, verb.input, .. verb.devices.RunSymbols],
            verb.Run);
    }

    private int Run(Call call)
    {
        var program = QasmReader.Load(call.Get(file));
        var inputs = QasmFile.Inputs(call, input, program);
        var final = program.Circuit.WithoutFinalMeasurements();
        var circuit = final.Circuit;
        var wanted = Observables(call, circuit.Wires);
        if (wanted.Length == 0 && !call.Get(probabilities) && !call.Get(state) && !WantsCounts(call))
        {
            wanted = [.. Enumerable.Range(0, circuit.Wires).Select(wire => (string.Create(CultureInfo.InvariantCulture, $"Z{wire}"), (PauliSum)PauliWord.Z(wire)))];
        }

        var readings = new List<Measurement>(wanted.Select(one => new Expectation(one.Observable)));
        if (call.Get(probabilities))
        {
            readings.Add(UsageException.Blame(call.Place(probabilities), () => new Probabilities([.. Enumerable.Range(0, circuit.Wires)])));
        }

        if (call.Get(state))
        {
            readings.Add(new StateVector());
        }

        var model = Noise(call);
        var measured = UsageException.Blame(call.Place(noise), () => circuit.WithMeasurements([.. readings]).WithNoise(model));
        var selection = UsageException.Blame(call.Place(devices.Device), () => Devices.Select(call.Get(devices.Device)!, measured));
        var outputs = UsageException.Blame(call.Place(devices.Device), () => Evaluate(call, selection.Device, measured, inputs));
        var report = new RunReport(program, circuit, selection)
        {
            Expectations = [.. wanted.Select((one, k) => (one.Text, outputs[k]))],
            Probabilities = call.Get(probabilities) ? outputs.AsMemory(wanted.Length, 1 << circuit.Wires) : default(ReadOnlyMemory<double>?),
            State = call.Get(state) ? outputs.AsMemory(outputs.Length - (2 << circuit.Wires)) : default(ReadOnlyMemory<double>?),
            Counts = WantsCounts(call) ? Counts(call, final, model, inputs) : null,
        };
        report.Print(call.Terminal);
        return CommandLine.Done;
    }

    private NoiseModel Noise(Call call) => call.Get(noise) is { } model ? UsageException.Blame(call.Place(noise), () => NoiseModel.Load(model)) : NoiseModel.Empty;

    private bool WantsCounts(Call call) => call.Get(counts) || call.Has(devices.Shots);

    private (string Text, PauliSum Observable)[] Observables(Call call, int wires) =>
    [
        .. (call.Get(observables) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(text =>
        {
            var observable = UsageException.Blame(call.Place(observables), () => PauliSum.Parse(text));
            var last = observable.Terms.Max(term => term.Word.LastWire);
            return last < wires
                ? (text, observable)
                : throw new UsageException(call.Place(observables), $"{text} reads wire {last}, and the file declares {wires} qubits; wires count from 0");
        }),
    ];

    private double[] Evaluate(Call call, IDevice device, Circuit circuit, double[] inputs)
    {
        using var program = device.Compile<double>(circuit, ProgramOptions(call));
        return program.Evaluate<double>(inputs, default, new Draw(call.Seed));
    }

    private ProgramOptions ProgramOptions(Call call) => new()
    {
        Differentiation = Differentiation.None,
        Shots = call.Get(devices.Shots),
        Threads = call.Get(devices.Threads),
    };

    // Of the qubits that the file measures at its end, or of all if it measures none; in order of declaration.
    private (string Bits, long Count)[] Counts(Call call, FinalMeasurements final, NoiseModel model, double[] inputs)
    {
        ImmutableArray<int> wires = final.Bits.IsEmpty
            ? [.. Enumerable.Range(0, final.Circuit.Wires)]
            : [.. final.Bits.Select(bit => bit.Wire).Distinct().Order()];
        var place = call.Place(counts);
        var sampled = UsageException.Blame(place, () => final.Circuit.WithMeasurements(new Probabilities(wires)).WithNoise(model));
        var frequencies = UsageException.Blame(place, () => Evaluate(call, Devices.Find("sampler"), sampled, inputs));
        return
        [
            .. frequencies.Index().Where(entry => entry.Item > 0).Select(entry =>
                (Convert.ToString(entry.Index, 2).PadLeft(wires.Length, '0'), (long)Math.Round(entry.Item * call.Get(devices.Shots)))),
        ];
    }
}
