// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Inference;

/// <summary>The layers of a model in the precision T, each a function of a batch.</summary>
internal sealed class Network<T> : INetwork
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly List<NetworkLayer<T>> layers = [];

    public Network(ModelDescription model, Parameters parameters, QuantizationScheme? scheme, IDevice device, ProgramOptions options)
    {
        try
        {
            var quantizable = model.Quantizable.ToHashSet();
            foreach (var layer in model.Layers)
            {
                layers.Add(layer switch
                {
                    LinearDescription linear when scheme is { } quantized && quantizable.Contains(linear) => new QuantizedLayer<T>(linear.Name, parameters.TakeLinear(linear.Name, quantized)),
                    LinearDescription linear => new LinearLayer<T>(linear, parameters),
                    TanhDescription => new TanhLayer<T>(),
                    SoftThresholdDescription threshold => new SoftThresholdLayer<T>(T.CreateTruncating(threshold.Tau), parameters.Take<T>(threshold.Alpha)[0]),
                    GateDescription gate => new GateLayer<T>(gate, parameters),
                    QuantumDescription { CircuitPrecision: Precision.Single } quantum => new CircuitLayer<T, float>(quantum, parameters, device, options),
                    QuantumDescription quantum => new CircuitLayer<T, double>(quantum, parameters, device, options),
                    _ => throw new NotSupportedException($"The layer {layer.Type} has no code; update Qusp."),
                });
            }
        }
        catch
        {
            Dispose();
            throw;
        }

        parameters.RequireAllTaken();
    }

    public double[] Run(ReadOnlySpan<double> features, int batch, Draw draw, Action<string, float[]>? watch = null)
    {
        var x = new T[features.Length];
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = T.CreateTruncating(features[i]);
        }

        foreach (var layer in layers)
        {
            if (watch is not null && layer.LinearName is { } name)
            {
                watch(name, [.. x.Select(float.CreateTruncating)]);
            }

            x = layer.Apply(x, batch, draw);
        }

        return [.. x.Select(double.CreateTruncating)];
    }

    public void Dispose() => layers.ForEach(layer => layer.Dispose());
}
