// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Qusp.Inference;
using Qusp.Torch;
using TorchSharp;

namespace Qusp.Cli;

/// <summary>The files of a model directory.</summary>
internal static class ModelFiles
{
    /// <summary>The loss of each epoch, beside the model.</summary>
    public const string HistoryFileName = "history.csv";

    /// <summary>Gives a network the parameters of a file.</summary>
    public static void Start(HybridModel network, string path)
    {
        var file = SafetensorsFile.Load(path);
        using var off = torch.no_grad();
        foreach (var (name, tensor) in network.state_dict())
        {
            tensor.copy_(torch.tensor(file[name].ToDoubles()).reshape(tensor.shape));
        }
    }

    /// <summary>Writes a trained network. Each file is there whole or not at all.</summary>
    /// <returns>A name for each file, and its path.</returns>
    public static List<(string Name, string Path)> Save(string folder, HybridModel network, ModelDescription description, TrainingReport report)
    {
        string At(string name) => Path.Combine(folder, name);
        File.Delete(At(ModelDescription.QuantizedFileName)); // of an earlier model, if any: it would not fit this one
        new SafetensorsFile(network.state_dict().Select(p => p.Value.dtype == torch.ScalarType.Float32
            ? NamedTensor.Of<float>(p.Key, p.Value.cpu().data<float>().ToArray(), [.. p.Value.shape.Select(s => (int)s)])
            : NamedTensor.Of<double>(p.Key, p.Value.cpu().data<double>().ToArray(), [.. p.Value.shape.Select(s => (int)s)]))).Save(At(ModelDescription.ParametersFileName));
        description.Save(At(ModelDescription.FileName));
        var history = new StringBuilder("epoch,loss\n");
        foreach (var epoch in report.Epochs)
        {
            history.Append(CultureInfo.InvariantCulture, $"{epoch.Epoch},{epoch.Loss:R}\n");
        }

        AtomicFile.WriteText(At(HistoryFileName), history.ToString());
        return
        [
            ("model", At(ModelDescription.ParametersFileName)),
            ("description", At(ModelDescription.FileName)),
            ("history", At(HistoryFileName)),
        ];
    }
}
