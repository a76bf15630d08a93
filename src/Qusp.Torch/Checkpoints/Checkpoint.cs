// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace Qusp.Torch;

/// <summary>
/// Models on disk. A model directory holds <c>model.safetensors</c> (the parameters under PyTorch's state_dict names),
/// <c>model.json</c> (what rebuilds the model without the code that made it) and <c>history.csv</c> (the loss of each
/// epoch). Each file is there whole or not at all.
/// </summary>
public static class Checkpoint
{
    /// <summary>The name of the file with the losses.</summary>
    public const string HistoryFileName = "history.csv";

    /// <summary>Writes a model directory; what was there is replaced, quantized parameters of an earlier model are deleted.</summary>
    /// <param name="directory">The directory; made if missing.</param>
    /// <param name="model">The model, not quantized.</param>
    /// <param name="description">
    /// What to write to <c>model.json</c>: <see cref="HybridModel.Describe"/> with standardization, names, and how it was trained; if
    /// null, the bare description.
    /// </param>
    /// <param name="report">The training run, for the losses; none are written if null.</param>
    /// <returns>What each file holds (<c>model</c>, <c>description</c>, <c>history</c>) and its path.</returns>
    /// <exception cref="InvalidOperationException">The model is quantized.</exception>
    /// <exception cref="InvalidDataException">The description is of no network.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static IReadOnlyList<(string Name, string Path)> Save(
        string directory, HybridModel model, ModelDescription? description = null, TrainingReport? report = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentNullException.ThrowIfNull(model);
        Directory.CreateDirectory(directory);
        var files = new List<(string Name, string Path)>
        {
            ("model", Path.Combine(directory, ModelDescription.ParametersFileName)),
            ("description", Path.Combine(directory, ModelDescription.FileName)),
        };
        SaveState(model, files[0].Path);
        ((description ?? model.Describe()) with { Quantization = null }).Save(files[1].Path);
        if (report is not null)
        {
            files.Add(("history", Path.Combine(directory, HistoryFileName)));
            AtomicFile.WriteText(files[2].Path, History(report));
        }

        File.Delete(Path.Combine(directory, ModelDescription.QuantizedFileName));
        return files;
    }

    /// <summary>Rebuilds the model of a directory.</summary>
    /// <param name="directory">The model directory.</param>
    /// <param name="run">How quantum layers run; the defaults if null.</param>
    /// <exception cref="InvalidDataException">A file is broken, or the files do not fit together; one line that names file, place and remedy.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="NotSupportedException">No device of the preference can run the circuit.</exception>
    public static HybridModel Load(string directory, QuantumLayerOptions? run = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        var model = HybridModels.FromDescription(ModelDescription.Load(Path.Combine(directory, ModelDescription.FileName)), run);
        try
        {
            LoadState(model, Path.Combine(directory, ModelDescription.ParametersFileName));
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Writes a module's parameters and buffers as safetensors, under PyTorch's names, as Python's <c>safetensors.torch</c> reads them.</summary>
    /// <param name="module">The module; float32 and float64 tensors.</param>
    /// <param name="path">The file; replaced if it is there.</param>
    /// <exception cref="InvalidOperationException">The module is quantized, or has a tensor of another type.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void SaveState(nn.Module module, string path)
    {
        ArgumentNullException.ThrowIfNull(module);
        if (module.modules().Prepend(module).OfType<QuantizedLinear>().Any())
        {
            throw new InvalidOperationException(
                $"the model is quantized: save it before {nameof(Quantize)}.{nameof(Quantize.Dynamic)}; {nameof(ModelQuantization)}.{nameof(ModelQuantization.Quantize)} then writes the 8-bit parameters beside");
        }

        new SafetensorsFile(module.state_dict().Select(entry => StateTensors.ToFile(entry.Key, entry.Value)), Format).Save(path);
    }

    /// <summary>
    /// Reads parameters and buffers into a module, from a file of <see cref="SaveState"/> or of Python. The names and
    /// shapes must be the module's; dtypes are converted. The module is changed only if everything fits.
    /// </summary>
    /// <param name="module">The module.</param>
    /// <param name="path">The safetensors file.</param>
    /// <exception cref="InvalidDataException">It is no such file, or names or shapes differ: each is named, in one line.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static void LoadState(nn.Module module, string path)
    {
        ArgumentNullException.ThrowIfNull(module);
        var file = SafetensorsFile.Load(path);
        var state = module.state_dict();
        string[] faults =
        [
            .. state.Keys.Where(name => !file.TryGet(name, out _)).Select(name => $"{name} is missing"),
            .. file.Tensors.Where(tensor => !state.ContainsKey(tensor.Name)).Select(tensor => $"{tensor} is not in the model"),
            .. file.Tensors.Where(tensor => state.ContainsKey(tensor.Name)).Select(tensor => StateTensors.Fault(tensor, state[tensor.Name])).OfType<string>(),
        ];
        if (faults.Length > 0)
        {
            throw new InvalidDataException($"{path}:{OneLine(string.Join("; ", faults))}; give a file of the same model and sizes");
        }

        foreach (var (name, target) in state)
        {
            StateTensors.CopyTo(file[name], target);
        }
    }

    // What PyTorch's own loaders look for.
    private static readonly Dictionary<string, string> Format = new() { ["format"] = "pt" };

    private static string OneLine(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? '?' : letter));

    private static string History(TrainingReport report)
    {
        var tested = report.Epochs.Any(epoch => epoch.TestLoss is not null);
        var text = new StringBuilder(tested ? "epoch,loss,test_loss\n" : "epoch,loss\n");
        foreach (var epoch in report.Epochs)
        {
            text.Append(CultureInfo.InvariantCulture, $"{epoch.Epoch},{epoch.Loss:R}{(tested ? "," : "")}{epoch.TestLoss:R}\n");
        }

        return text.ToString();
    }
}
