// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Qusp.Inference;
using Qusp.Torch;

namespace Qusp.Cli;

/// <summary>A model directory that a call names, and how its model answers.</summary>
internal sealed class ModelFolder
{
    private ModelFolder(string path, ModelDescription description) => (Path, Description) = (path, description);

    /// <summary>The directory.</summary>
    public string Path { get; }

    public ModelDescription Description { get; }

    /// <summary>The loss it was trained with; the default of training if it does not say.</summary>
    public Loss Loss => Description.Loss is { } word ? Words.Read<Loss>(word) : Loss.Mse;

    /// <summary>The argument <c>MODEL</c>.</summary>
    public static Argument<string> Argument() => new("MODEL") { Description = "A model directory, as `qusp train` writes it." };

    /// <summary>Opens the directory; a file in it stands for it.</summary>
    /// <exception cref="UsageException">There is no model there.</exception>
    public static ModelFolder Open(string path)
    {
        var folder = File.Exists(path) ? System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))! : path;
        var description = System.IO.Path.Combine(folder, ModelDescription.FileName);
        return File.Exists(description)
            ? new ModelFolder(folder, ModelDescription.Load(description))
            : throw new UsageException(path, Directory.Exists(folder)
                ? $"there is no {ModelDescription.FileName} in this directory; give one that `qusp train` wrote"
                : "there is no such directory; give one that `qusp train` wrote");
    }

    /// <summary>Data that fit the model: its features, its classes.</summary>
    public Dataset Load(Call call, DataOptions options)
    {
        var data = options.Load(call, Description.Classes);
        data = Description.Features.IsEmpty ? data : data.WithFeaturesOf(Description.Features);
        return data.FeatureCount == Description.Inputs && data.Outputs == Description.Outputs
            ? data
            : throw new UsageException(
                call.Place(options.Data),
                $"{data.Name} has {data.FeatureCount} features and {data.Outputs} outputs, the model {Description.Inputs} and {Description.Outputs}; give the data it was made for");
    }

    /// <summary>The device that the call prefers for the model's circuits.</summary>
    public DeviceSelection Select(Call call, DeviceOptions devices)
    {
        var circuit = Description.Layers.OfType<QuantumDescription>().FirstOrDefault()?.Circuit;
        return UsageException.Blame(call.Place(devices.Device), () => Devices.Select(call.Get(devices.Device)!, circuit));
    }

    /// <summary>The model's outputs.</summary>
    /// <param name="features">The features as they are in the data, <c>[N, F]</c>.</param>
    /// <param name="int8">Whether to take the quantized parameters.</param>
    /// <param name="call">The call, for its seed.</param>
    /// <param name="devices">How circuits run.</param>
    /// <returns>The outputs, <c>[N, K]</c>.</returns>
    public double[] Answer(double[] features, bool int8, Call call, DeviceOptions devices)
    {
        var options = new ProgramOptions
        {
            Differentiation = Differentiation.None,
            Shots = call.Get(devices.Shots),
            Threads = call.Get(devices.Threads),
        };
        using var model = TrainedModel.Load(Path, int8, Select(call, devices).Device, options);
        return model.Predict(features, features.Length / model.Inputs, new Draw(call.Seed));
    }
}
