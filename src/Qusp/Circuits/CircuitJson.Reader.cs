// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Qusp;

// The reader: checks each value where it stands.
public static partial class CircuitJson
{
    // What gates made from a matrix are named.
    private const string CustomRoot = "Unitary";

    // A file must not make simulators reserve tables without end.
    private const int MaxBits = 65_536;

    // What channels made from Kraus operators are named.
    private const string CustomChannel = "Channel";

    internal static Circuit Read(JsonPlace place)
    {
        place.Object("wires", "inputs", "weights", "expressions", "operations", "measurements", "bits");
        var builder = new CircuitBuilder(place["wires"].Integer(1, Circuit.MaxWires));
        var inputs = place["inputs"].Integer(0);
        ImmutableArray<WeightGroup> weights = [.. List(place, "weights").Select(group =>
        {
            group.Object("name", "shape");
            var (name, shape) = (group["name"].Text(), group["shape"].Items().Select(size => size.Integer(1)).ToImmutableArray());
            return group.Make(() => builder.Weights(name, shape));
        })];
        var limits = new Limits(builder.Wires, inputs, weights.Sum(group => group.Count), place.Optional("bits")?.Integer(0, MaxBits) ?? 0, []);
        foreach (var expression in List(place, "expressions"))
        {
            limits.Expressions.Add(ReadExpression(expression, limits));
        }

        ImmutableArray<Operation> operations = [.. List(place, "operations").Select(operation => ReadOperation(operation, limits))];
        ImmutableArray<Measurement> measurements = [.. List(place, "measurements").Select(measurement => ReadMeasurement(measurement, limits))];
        return place.Make(() => new Circuit(builder.Wires, inputs, weights, operations, measurements, limits.Bits));
    }

    private static JsonPlace[] List(JsonPlace place, string name) => place.Optional(name)?.Items() ?? [];

    private static Operation ReadOperation(JsonPlace place, Limits limits)
    {
        place.Object("gate", "wires", "angles", "matrix", "kraus", "label", "guard", "bit", "conditions");
        ImmutableArray<int> wires = [.. place["wires"].Items().Select(wire => wire.Integer(0, limits.Wires - 1))];
        ImmutableArray<Angle> angles = [.. List(place, "angles").Select(angle => ReadAngle(angle, limits))];
        var gate = ReadGate(place);
        var guard = place.Optional("guard") is { } predicate ? ReadGuard(predicate, limits) : (Guard?)null;
        var bit = place.Optional("bit") is { } written ? Index(written, limits.Bits, "bits") : (int?)null;
        ImmutableArray<Condition> conditions = [.. List(place, "conditions").Select(condition => ReadCondition(condition, limits))];
        return place.Make(() => new Operation(gate, wires, angles, guard, bit, conditions));
    }

    private static Condition ReadCondition(JsonPlace place, Limits limits)
    {
        place.Object("bits", "value", "negated");
        ImmutableArray<int> bits = [.. place["bits"].Items().Select(bit => Index(bit, limits.Bits, "bits"))];
        var value = place["value"].Element;
        return value.ValueKind == JsonValueKind.Number && value.TryGetUInt64(out var number)
            ? place.Make(() => new Condition(bits, number, place.Optional("negated")?.Truth() ?? false))
            : throw place["value"].Fault("bits spell a whole number from 0; write one");
    }

    private static Guard ReadGuard(JsonPlace place, Limits limits)
    {
        place.Object("input", "threshold", "absolute");
        return new Guard(Index(place["input"], limits.Inputs, "inputs"), place["threshold"].Number(), place.Optional("absolute")?.Truth() ?? false);
    }

    private static Expression ReadExpression(JsonPlace place, Limits limits)
    {
        place.Object("function", "arguments");
        var name = place["function"].Text();
        var function = ExpressionFunction.All.FirstOrDefault(row => row.Name == name)
            ?? throw place["function"].Fault($"'{OneLine.Of(name)}' is no function; known are {string.Join(", ", ExpressionFunction.All)}");
        Angle[] arguments = [.. place["arguments"].Items().Select(argument => ReadAngle(argument, limits))];
        return arguments.Length == function.Arity
            ? place.Make(() => new Expression(function, arguments[0], arguments.ElementAtOrDefault(1)))
            : throw place["arguments"].Fault($"{name} takes {function.Arity} argument(s), not {arguments.Length}; write as many");
    }

    private static Angle ReadAngle(JsonPlace place, Limits limits)
    {
        if (place.Kind == JsonValueKind.Number)
        {
            return Angle.Constant(place.Finite());
        }

        place.Object("source", "index", "scale", "offset");
        var source = place["source"];
        var name = source.Text();
        if (Enum.GetValues<AngleSource>().Where(known => SourceName(known) == name).ToArray() is not [var found])
        {
            throw source.Fault($"'{OneLine.Of(name)}' is no source of an angle; write input, weight or expression, or the angle as a number");
        }

        var index = found switch
        {
            AngleSource.Input => Index(place["index"], limits.Inputs, "inputs"),
            AngleSource.Weight => Index(place["index"], limits.Weights, "weights"),
            AngleSource.Expression => Index(place["index"], limits.Expressions.Count, "expressions before this"),
            _ => place["index"].Integer(int.MinValue),
        };
        var (scale, offset) = (place.Optional("scale")?.Finite() ?? 1, place.Optional("offset")?.Finite() ?? 0);
        return found == AngleSource.Expression ? Angle.Of(limits.Expressions[index], scale, offset) : new Angle(found, index, scale, offset);
    }

    private static int Index(JsonPlace place, int count, string what) =>
        count > 0 ? place.Integer(0, count - 1) : throw place.Fault($"the circuit has no {what}; declare them");

    private static Gate ReadGate(JsonPlace place)
    {
        var name = place["gate"].Text();
        if (place.Optional("kraus") is { } kraus)
        {
            Complex[][,] operators = [.. kraus.Items().Select(ReadEntries)];
            return name == CustomChannel
                ? kraus.Make(() => Gates.Channel(place.Optional("label")?.Text() ?? CustomChannel, operators))
                : throw place["gate"].Fault($"'{OneLine.Of(name)}' is not made from Kraus operators; write {CustomChannel}");
        }

        if (place.Optional("matrix") is { } matrix)
        {
            var entries = ReadEntries(matrix);
            var root = matrix.Make(() => Gates.Unitary(entries));
            return place["gate"].Make(() => Derive(name, root))
                ?? throw place["gate"].Fault($"'{OneLine.Of(name)}' is not made from a matrix; write {CustomRoot}, or Adjoint(…), Controlled[…](…), Power[…](…) of it");
        }

        return place["gate"].Make(() => Gates.TryFind(name, out var gate) ? gate : null)
            ?? throw place["gate"].Fault(name == CustomChannel ? $"{CustomChannel} needs its Kraus operators; write \"kraus\": [{{\"re\": …, \"im\": …}}]"
                : name.Contains(CustomRoot, StringComparison.Ordinal)
                ? $"{OneLine.Of(name)} needs its matrix; write \"matrix\": {{\"re\": …, \"im\": …}}"
                : $"there is no gate '{OneLine.Of(name)}'; `qusp gates` lists the table");
    }

    private static Complex[,] ReadEntries(JsonPlace place)
    {
        place.Object("re", "im");
        var (re, im) = (Rows(place["re"]), Rows(place["im"]));
        var size = re.Length;
        if (size == 0 || im.Length != size || re.Concat(im).Any(row => row.Length != size))
        {
            throw place.Fault("re and im are not square and of one size; write as many rows as columns in both");
        }

        return MatrixAlgebra.Map(new Complex[size, size], (r, c) => new Complex(re[r][c], im[r][c]));

        static double[][] Rows(JsonPlace rows) => [.. rows.Items().Select(row => row.Items().Select(entry => entry.Finite()).ToArray())];
    }

    // Gates made from a matrix are named Unitary, whatever the matrix; what is derived from them says how.
    private static Gate? Derive(string name, Gate root)
    {
        if (name == CustomRoot)
        {
            return root;
        }

        var open = name.IndexOf('(', StringComparison.Ordinal);
        if (open < 0 || name[^1] != ')' || name.Count(c => c == '(') > 16 || Derive(name[(open + 1)..^1], root) is not { } inner)
        {
            return null;
        }

        var bracket = name.IndexOf('[', StringComparison.Ordinal);
        var (head, argument) = bracket < 0 || bracket > open || name[open - 1] != ']'
            ? (name[..open], null)
            : (name[..bracket], name[(bracket + 1)..(open - 1)]);
        return (head, argument) switch
        {
            ("Adjoint", null) => inner.Adjoint(),
            ("Controlled", { Length: > 0 }) when argument.All(bit => bit is '0' or '1') => inner.Controlled([.. argument.Select(bit => bit == '1')]),
            ("Power", not null) when double.TryParse(argument, NumberStyles.Float, CultureInfo.InvariantCulture, out var exponent) => inner.Power(exponent),
            _ => null,
        };
    }

    private readonly record struct Limits(int Wires, int Inputs, int Weights, int Bits, List<Expression> Expressions);
}
