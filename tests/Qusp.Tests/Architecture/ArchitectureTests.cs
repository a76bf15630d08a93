// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace Qusp.Tests;

/// <summary>
/// The layers of DESIGN.md, read from the compiled assembly: which folder of src/Qusp may use which. Three things are as
/// they must be rather than as they are drawn. Gates and circuits are written in each other's words (a decomposition is
/// a list of operations), so they are one layer with the observables. A circuit prints itself as its drawing. The
/// contract that simulators fulfil and users see is a folder of its own, Programs, below both.
/// </summary>
public sealed partial class ArchitectureTests
{
    private static readonly string[] Description = ["Gates", "Circuits", "Observables"];

    /// <summary>What each folder may use besides itself. A new folder must be entered here, and DESIGN.md must say so.</summary>
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Observables"] = ["Gates"],
        ["Gates"] = [],
        ["Circuits"] = ["Gates", "Observables"],
        ["Drawing"] = Description,
        ["OpenQasm"] = [.. Description, "Passes"], // gates without a name are written by their decomposition
        ["Passes"] = Description,
        ["Noise"] = [.. Description, "Passes"],
        ["Programs"] = Description,
        ["Resources"] = Description,
        ["Simulation"] = [.. Description, "Passes", "Programs", "Resources"],
        ["Gradients"] = [.. Description, "Passes", "Programs", "Simulation"],
        ["Devices"] = [.. Description, "Passes", "Programs", "Resources", "Simulation", "Gradients"],
        ["Kernels"] = [.. Description, "Passes", "Programs", "Devices"],
        ["Dynamic"] = [.. Description, "Passes", "Programs"],
        ["Templates"] = [.. Description, "Simulation"], // Philox, the randomness of random layers
        ["Inference"] = [.. Description, "Passes", "Programs", "Devices"],
    };

    /// <summary>The edges against the direction, type by type; each must still be needed.</summary>
    private static readonly ImmutableHashSet<(string Folder, string Type)> Exceptions =
    [
        ("Gates", "Operation"), ("Gates", "Angle"), ("Gates", "Guard"), ("Gates", "Condition"), // a decomposition is made of operations
        ("Circuits", "TextDrawing"), // Circuit.ToString
    ];

    [Fact]
    public void Every_folder_uses_only_what_lies_below_it()
    {
        var folders = Folders();
        Assert.True(folders.Count > 20, "the sources were not found");
        var wrong = new SortedSet<string>(StringComparer.Ordinal);
        var used = new HashSet<(string, string)>();
        foreach (var (type, folder) in folders)
        {
            Assert.True(MayUse.ContainsKey(folder), $"src/Qusp/{folder} is in no layer: enter it here and in DESIGN.md");
            foreach (var other in TypeReferences.Of(type).Where(folders.ContainsKey))
            {
                used.Add((folder, Name(other)));
                if (folders[other] != folder && !MayUse[folder].Contains(folders[other]) && !Exceptions.Contains((folder, Name(other))))
                {
                    wrong.Add($"{folder}/{Name(type)} uses {folders[other]}/{Name(other)}");
                }
            }
        }

        Assert.True(wrong.Count == 0, "Against the layers of DESIGN.md:\n" + string.Join('\n', wrong));
        Assert.Subset(used, Exceptions.ToHashSet());
    }

    [Fact]
    public void The_layers_have_no_cycle()
    {
        var done = new HashSet<string>();
        while (done.Count < MayUse.Count)
        {
            var next = MayUse.Where(folder => !done.Contains(folder.Key) && folder.Value.All(done.Contains)).Select(folder => folder.Key).ToList();
            Assert.NotEmpty(next);
            done.UnionWith(next);
        }
    }

    [Fact]
    public void Every_type_of_Qusp_is_in_a_folder()
    {
        var folders = Folders();
        var lost = typeof(Circuit).Assembly.GetTypes().Where(type => type.DeclaringType is null && !type.Name.Contains('<', StringComparison.Ordinal)
            && type.Namespace?.StartsWith("Qusp", StringComparison.Ordinal) == true && !folders.ContainsKey(type));
        Assert.Empty(lost);
    }

    [Fact]
    public void Qusp_references_nothing_but_the_runtime()
    {
        Assert.All(typeof(Circuit).Assembly.GetReferencedAssemblies(), reference =>
            Assert.True(reference.Name!.StartsWith("System.", StringComparison.Ordinal), $"Qusp references {reference.Name}"));
        Assert.Empty(References("Qusp", "PackageReference"));
        Assert.Empty(References("Qusp", "ProjectReference"));
    }

    [Fact]
    public void The_libraries_above_Qusp_see_Qusp_alone()
    {
        foreach (var library in (string[])["Qusp.Torch", "Qusp.Gpu", "Qusp.Mpi"])
        {
            if (Directory.Exists(Path.Combine(Root(), "src", library)))
            {
                Assert.Equal(["Qusp"], References(library, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path)));
            }
        }
    }

    [Fact]
    public void A_use_in_a_signature_in_code_and_in_a_lambda_is_seen()
    {
        // The eyes of the tests above.
        var seen = TypeReferences.Of(typeof(UsesMuch));
        Assert.Superset(new HashSet<Type> { typeof(GoldenCircuit), typeof(GoldenSeed), typeof(GoldenGate), typeof(GoldenFile), typeof(GoldenChannel), typeof(GoldenTemplate) }, seen.ToHashSet());
        Assert.DoesNotContain(typeof(GoldenExpectations), seen);
    }

    private static List<string> References(string project, string kind) =>
    [
        .. XDocument.Load(Path.Combine(Root(), "src", project, project + ".csproj")).Descendants(kind)
            .Select(element => element.Attribute("Include")!.Value.Replace('\\', '/')),
    ];

    private static Dictionary<Type, string> Folders()
    {
        var sources = Path.Combine(Root(), "src", "Qusp");
        var byName = new Dictionary<string, string>();
        foreach (var file in Directory.EnumerateFiles(sources, "*.cs", SearchOption.AllDirectories))
        {
            var folder = Path.GetRelativePath(sources, file).Split(Path.DirectorySeparatorChar)[0];
            foreach (Match match in Declaration().Matches(File.ReadAllText(file)))
            {
                var name = match.Groups["name"].Value;
                Assert.True(byName.TryAdd(name, folder) || byName[name] == folder, $"{name} is declared in {folder} and in {byName[name]}: one name, one type");
            }
        }

        return typeof(Circuit).Assembly.GetTypes().Where(type => type.DeclaringType is null && byName.ContainsKey(Name(type)))
            .ToDictionary(type => type, type => byName[Name(type)]);
    }

    private static string Name(Type type) => type.Name.Split('`')[0];

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Qusp.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("Qusp.slnx is in no folder above the tests.");
    }

    [GeneratedRegex(
        @"^(?:(?:public|internal|sealed|static|abstract|readonly|ref|partial|unsafe|file) )*(?:class|struct|interface|enum|record(?: struct| class)?|delegate [^\s(]+) (?<name>\w+)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Declaration();

    private abstract class UsesMuch : IComparable<GoldenCircuit>
    {
        protected List<GoldenGate[]> Field { get; } = [];

        public abstract int CompareTo(GoldenCircuit? other);

        public abstract GoldenChannel? Signature();

        public static int Code() => new[] { 1 }.Select(k => GoldenSeed.Cases.Length + k).Sum();

        public static string Generic() => string.Join("", Array.Empty<GoldenTemplate>().Select(x => x.ToString()).Concat(GoldenFile.Read("x", "y", e => "")));
    }
}
