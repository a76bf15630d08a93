// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text.Json.Nodes;
using Qusp.Drawing;
using Qusp.Inference;

namespace Qusp.Cli;

/// <summary><c>qusp draw</c>: an OpenQASM file's circuit, or those of a saved model, as text or SVG.</summary>
internal sealed class DrawVerb
{
    private readonly Argument<string> what = new("FILE|MODEL") { Description = "An OpenQASM file, or a model directory as `qusp train` writes it." };
    private readonly Option<string?> svg = Options.Text("--svg", "FILE", "Write the drawing as SVG instead; of a model's further circuits beside it.");
    private readonly Option<int> width = Options.Whole("--width", 0, "Characters of a line (0 = the terminal's, else 120), or with --svg pixels (0 = 1200).", least: 0, most: 100_000);

    public static Command Create(Terminal terminal)
    {
        var verb = new DrawVerb();
        return Verb.Create(
            terminal,
            "draw",
            "Draw the circuit of an OpenQASM file or of a saved model.",
            ["qusp draw bell.qasm", "qusp draw runs/iris --svg circuit.svg"],
            [verb.what, verb.svg, verb.width],
            verb.Run);
    }

    private int Run(Call call)
    {
        var file = OutputFile.Of(call, svg, "drawing");
        var circuits = Circuits(call, call.Get(what));
        if (circuits.Length > 1 && file is { IsDevice: true })
        {
            throw new UsageException(call.Place(svg), $"the model has {circuits.Length} circuits, and {file.Path} takes one picture; name a file, the others go beside it");
        }

        var pictures = new JsonArray();
        foreach (var (k, circuit) in circuits.Index())
        {
            if (file is null)
            {
                var text = TextDrawing.Draw(circuit, Width(call, 120, least: 40));
                call.Terminal.Line(text);
                pictures.Add(text);
                continue;
            }

            var picture = k == 0 ? file : file with { Path = Path.ChangeExtension(file.Path, $"{k}{Path.GetExtension(file.Path)}") };
            picture.Write(SvgDrawing.Draw(circuit, Width(call, 1200, least: 300)));
            pictures.Add(picture.Path);
        }

        if (call.Terminal.IsJson)
        {
            call.Terminal.Json(new JsonObject { [file is null ? "text" : "files"] = pictures });
        }

        return CommandLine.Done;
    }

    private int Width(Call call, int otherwise, int least)
    {
        var asked = call.Get(width);
        return asked == 0 ? (call.Get(svg) is null && call.Terminal.IsInteractive ? Math.Max(least, call.Terminal.Human.Profile.Width) : otherwise)
            : asked >= least ? asked
            : throw new UsageException(call.Place(width), $"{asked} is too narrow; give at least {least}");
    }

    private static Circuit[] Circuits(Call call, string path)
    {
        if (!Directory.Exists(path))
        {
            return [QasmFile.Load(call, path).Circuit];
        }

        var circuits = ModelFolder.Open(path).Description.Layers.OfType<QuantumDescription>().Select(layer => layer.Circuit).ToArray();
        return circuits.Length > 0 ? circuits : throw new UsageException(path, "this model has no circuit; give another");
    }
}
