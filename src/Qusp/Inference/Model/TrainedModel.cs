// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Inference;

/// <summary>
/// A trained network that predicts without libtorch: read from a directory with <c>model.json</c> and <c>model.safetensors</c>.
/// It computes what the network of the training does, in the network's precision. One call at a time, as of an <see cref="IProgram{T}"/>.
/// </summary>
public sealed class TrainedModel : IDisposable
{
    private readonly INetwork network;

    private TrainedModel(ModelDescription description, INetwork network) => (Description, this.network) = (description, network);

    /// <summary>What the model is.</summary>
    public ModelDescription Description { get; }

    /// <summary>The number F of features of a sample.</summary>
    public int Inputs => Description.Inputs;

    /// <summary>The number K of outputs of a sample.</summary>
    public int Outputs => Description.Outputs;

    /// <summary>Reads a model.</summary>
    /// <param name="directory">The directory with <c>model.json</c> and the parameters.</param>
    /// <param name="int8">Whether to take the quantized parameters; they must be there.</param>
    /// <param name="device">Where circuits run; the processor if null.</param>
    /// <param name="options">How circuits run; the defaults, without differentiation, if null.</param>
    /// <exception cref="InvalidDataException">A file is broken, or the files do not fit together; the message is one line that names file, place and remedy.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="NotSupportedException">The device refuses the circuit, by name and with an alternative.</exception>
    public static TrainedModel Load(string directory, bool int8 = false, IDevice? device = null, ProgramOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        var path = Path.Combine(directory, ModelDescription.FileName);
        var description = ModelDescription.Load(path);
        if (int8 && description.Quantization is null)
        {
            throw new InvalidDataException($"{path}:$: the model is not quantized; run `qusp quantize {directory}` first");
        }

        var quantization = int8 ? description.Quantization : null;
        var file = Path.Combine(directory, quantization?.File ?? ModelDescription.ParametersFileName);
        return Build(description, SafetensorsFile.Load(file), quantization?.Scheme, file, device, options);
    }

    /// <summary>A model from memory.</summary>
    /// <param name="description">What the model is.</param>
    /// <param name="parameters">Its parameters: each that the description names, and no other.</param>
    /// <param name="scheme">How linear layers are quantized in <paramref name="parameters"/>; null if they are not.</param>
    /// <param name="source">What messages call the parameters.</param>
    /// <param name="device">Where circuits run; the processor if null.</param>
    /// <param name="options">How circuits run; the defaults, without differentiation, if null.</param>
    /// <exception cref="InvalidDataException">The layers do not fit together, or the parameters do not fit them.</exception>
    public static TrainedModel From(
        ModelDescription description,
        SafetensorsFile parameters,
        QuantizationScheme? scheme = null,
        string source = ModelDescription.ParametersFileName,
        IDevice? device = null,
        ProgramOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(description);
        ArgumentNullException.ThrowIfNull(parameters);
        return Build(ModelDescription.Parse(description.ToJson()), parameters, scheme, source, device, options);
    }

    /// <summary>The network's outputs.</summary>
    /// <param name="features">The samples as they are in the data, <c>[B, F]</c> row-major; standardized here if the model says so.</param>
    /// <param name="batch">The number B of samples; 0 is allowed.</param>
    /// <param name="draw">The randomness of sampled devices; others ignore it.</param>
    /// <returns>The outputs, <c>[B, K]</c> row-major.</returns>
    /// <exception cref="ArgumentException">Not as many features as the batch asks for, or one that is NaN or infinite.</exception>
    public double[] Predict(ReadOnlySpan<double> features, int batch, Draw draw = default) => Run(features, batch, draw);

    /// <summary>Frees what the circuits hold.</summary>
    public void Dispose() => network.Dispose();

    internal double[] Run(ReadOnlySpan<double> features, int batch, Draw draw, Action<string, float[]>? watch = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(batch);
        if (features.Length != (long)batch * Inputs)
        {
            throw new ArgumentException($"{batch} samples of {Inputs} features are {(long)batch * Inputs} numbers, not {features.Length}.", nameof(features));
        }

        for (var i = 0; i < features.Length; i++)
        {
            if (!double.IsFinite(features[i]))
            {
                // A guard that compares NaN does not fire, so the answer would be a number again.
                throw new ArgumentException($"feature {i % Inputs} of sample {i / Inputs} is {features[i]}; leave such samples out, or fill them in.", nameof(features));
            }
        }

        var standardized = features.ToArray();
        if (Description.Standardization is { } standardization)
        {
            for (var i = 0; i < standardized.Length; i++)
            {
                standardized[i] = standardization.Apply(i % Inputs, standardized[i]);
            }
        }

        return network.Run(standardized, batch, draw, watch);
    }

    private static TrainedModel Build(
        ModelDescription description, SafetensorsFile parameters, QuantizationScheme? scheme, string source, IDevice? device, ProgramOptions? options)
    {
        device ??= new CpuDevice();
        options ??= new ProgramOptions { Differentiation = Differentiation.None };
        var taken = new Parameters(parameters, source);
        return new TrainedModel(description, description.Precision == Precision.Single
            ? new Network<float>(description, taken, scheme, device, options)
            : new Network<double>(description, taken, scheme, device, options));
    }
}
