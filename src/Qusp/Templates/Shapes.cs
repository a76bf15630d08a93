// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Qusp;

/// <summary>
/// The shapes of the templates' weights, to declare them:
/// <c>circuit.Weights("weights", Shapes.StronglyEntanglingLayers(layers: 2, wires: 4))</c>.
/// </summary>
public static class Shapes
{
    /// <summary><c>[layers, n]</c>.</summary>
    public static ImmutableArray<int> BasicEntanglerLayers(int layers, int wires) => [layers, wires];

    /// <summary><c>[layers, n, 3]</c>.</summary>
    public static ImmutableArray<int> StronglyEntanglingLayers(int layers, int wires) => [layers, wires, 3];

    /// <summary>Of the initial layer <c>[n]</c> and of the layers <c>[layers, n − 1, 2]</c>.</summary>
    public static (ImmutableArray<int> Initial, ImmutableArray<int> Layers) SimplifiedTwoDesign(int layers, int wires) => ([wires], [layers, wires - 1, 2]);

    /// <summary><c>[layers, rotations]</c>.</summary>
    public static ImmutableArray<int> RandomLayers(int layers, int rotations) => [layers, rotations];

    /// <summary><c>[repetitions + 1, rotations, n]</c>; without the final rotations <c>[repetitions, rotations, n]</c>.</summary>
    public static ImmutableArray<int> TwoLocal(int repetitions, int rotations, int wires, bool finalRotations = true) =>
        [repetitions + (finalRotations ? 1 : 0), rotations, wires];

    /// <summary><c>[repetitions + 1, n]</c>.</summary>
    public static ImmutableArray<int> RealAmplitudes(int repetitions, int wires) => [repetitions + 1, wires];

    /// <summary><c>[repetitions + 1, 2, n]</c>.</summary>
    public static ImmutableArray<int> EfficientSU2(int repetitions, int wires) => [repetitions + 1, 2, wires];

    /// <summary><c>[repetitions + 1, 2, n]</c>.</summary>
    public static ImmutableArray<int> HardwareEfficient(int repetitions, int wires) => [repetitions + 1, 2, wires];

    /// <summary><c>[layers, 2n]</c>; <c>[layers, 3]</c> for two wires and <c>[layers, 1]</c> for one.</summary>
    public static ImmutableArray<int> QAOAEmbedding(int layers, int wires) => [layers, wires switch { 1 => 1, 2 => 3, _ => 2 * wires }];

    /// <summary><c>[layers, n, 2, 3]</c>.</summary>
    public static ImmutableArray<int> DataReuploading(int layers, int wires) => [layers, wires, 2, 3];

    /// <summary><c>[pairs, 3]</c>, of the pairs of <see cref="ConvolutionalNetworks.QuantumConvolution"/> on n wires.</summary>
    public static ImmutableArray<int> QuantumConvolution(int wires) => [ConvolutionalNetworks.ConvolutionPairs(wires).Length, 3];

    /// <summary><c>[⌊n / 2⌋, 3]</c>.</summary>
    public static ImmutableArray<int> QuantumPooling(int wires) => [wires / 2, 3];

    /// <summary><c>[blocks, 3]</c>: those of each convolution and pooling in turn, down to one wire.</summary>
    public static ImmutableArray<int> QuantumConvolutionalNetwork(int wires)
    {
        var blocks = 0;
        for (var left = wires; left > 1; left -= left / 2)
        {
            blocks += QuantumConvolution(left)[0] + QuantumPooling(left)[0];
        }

        return [blocks, 3];
    }
}
