// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Qusp.Inference;

namespace Qusp.Cli;

/// <summary>A data set of a comparison.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="Train">A data set's name or a CSV file.</param>
/// <param name="Test">Data to test on; null takes a fifth of <paramref name="Train"/> by seed.</param>
/// <param name="Epochs">Passes over the training set.</param>
/// <param name="BatchSize">Samples of a step; 0 = the whole set.</param>
/// <param name="Published">The best score of a classical model that was published; null if none is known.</param>
internal sealed record ParetoSet(string Name, string Train, string? Test, int Epochs, int BatchSize, double? Published)
{
    private const string Header = "name,train,test,epochs,batch,published";

    /// <summary>The sets of a plan: a CSV file with the columns of <see cref="Header"/>; paths are relative to <paramref name="folder"/>.</summary>
    /// <exception cref="UsageException">The file is no plan.</exception>
    public static IReadOnlyList<ParetoSet> Read(string path, string folder)
    {
        if (!File.Exists(path))
        {
            throw new UsageException(path, $"there is no such file; write a CSV file with the columns {Header}");
        }

        var lines = File.ReadAllLines(path);
        if (lines is not [Header, _, ..])
        {
            throw new UsageException($"{path}:1", $"it is no plan; its first line is {Header}, and a line for each data set follows");
        }

        return [.. lines.Skip(1).Select((line, k) => (Line: line, Number: k + 2)).Where(row => row.Line.Length > 0).Select(row => Row(row.Line, $"{path}:{row.Number}", folder))];
    }

    private static ParetoSet Row(string line, string place, string folder)
    {
        var fields = line.Split(',');
        if (fields.Length != 6
            || !int.TryParse(fields[3], CultureInfo.InvariantCulture, out var epochs)
            || !int.TryParse(fields[4], CultureInfo.InvariantCulture, out var batch)
            || (!double.TryParse(fields[5], CultureInfo.InvariantCulture, out var published) && fields[5].Length > 0))
        {
            throw new UsageException(place, $"'{line}' is not {Header}; write whole epochs and batch, and a number or nothing for what was published");
        }

        return new ParetoSet(fields[0], At(fields[1]), fields[2].Length > 0 ? At(fields[2]) : null, epochs, batch, fields[5].Length > 0 ? published : null);

        string At(string source) => File.Exists(Path.Combine(folder, source)) ? Path.Combine(folder, source) : source;
    }
}

/// <summary>A model of a comparison.</summary>
/// <param name="Kind">A gate's name, or that of a control or a reference (<see cref="ParetoModels"/>).</param>
/// <param name="Scope">What a wire that is off goes without; null for models without a gate.</param>
/// <param name="Budget">Two-wire gates a sample; null for models without a budget.</param>
internal sealed record ParetoModel(string Kind, GateScope? Scope = null, double? Budget = null)
{
    /// <summary>As tables write it: <c>straight-through/entangler</c>.</summary>
    public string Name => Scope is { } scope ? $"{Kind}/{SparsityNames.Name(scope)}" : Kind;
}

/// <summary>One trained model of a comparison, as measured: a line of <c>runs.csv</c>.</summary>
/// <param name="Set">The data set.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Budget">Its budget; null for none.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Test">Accuracy on the test set.</param>
/// <param name="Train">Accuracy on the training set.</param>
/// <param name="TwoQubitTrain">Two-wire gates a sample of the training set, executed.</param>
/// <param name="TwoQubit">Two-wire gates a sample of the test set, executed.</param>
/// <param name="Gates">Gates a sample of the test set, executed.</param>
/// <param name="Parameters">Trained numbers.</param>
/// <param name="Seconds">Wall time of the training.</param>
internal sealed record ParetoRow(
    string Set, string Model, double? Budget, int Seed, double Test, double Train, double TwoQubitTrain, double TwoQubit, double Gates, long Parameters, double Seconds)
{
    public const string Header = "set,model,budget,seed,test_accuracy,train_accuracy,two_qubit_train,two_qubit_test,gates_test,parameters,seconds";

    /// <summary>What a row is about, apart from its result.</summary>
    public (string Set, string Model, double? Budget, int Seed) Key => (Set, Model, Budget, Seed);

    public string ToCsv() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Set},{Model},{Budget:R},{Seed},{Test:F6},{Train:F6},{TwoQubitTrain:F4},{TwoQubit:F4},{Gates:F4},{Parameters},{Seconds:F2}");

    /// <summary>The rows of a file; none if it is not there.</summary>
    public static List<ParetoRow> Read(string path) => File.Exists(path) ? [.. File.ReadLines(path).Skip(1).Where(line => line.Length > 0).Select(Parse)] : [];

    private static ParetoRow Parse(string line)
    {
        var fields = line.Split(',');
        double Number(int k) => double.Parse(fields[k], CultureInfo.InvariantCulture);
        return new ParetoRow(
            fields[0], fields[1], fields[2].Length > 0 ? Number(2) : null, (int)Number(3), Number(4), Number(5), Number(6), Number(7), Number(8), (long)Number(9), Number(10));
    }
}
