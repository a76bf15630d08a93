// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using CsCheck;
using Xunit;

namespace Qusp.Tests.Templates;

/// <summary>Templates that the golden data does not have, against their published definitions, written out.</summary>
public sealed class TemplateTests
{
    private static readonly double[] Data = [0.3, -0.8, 1.1];

    [Fact]
    public void The_ZZ_feature_map_is_the_circuit_that_Qiskit_publishes() => Same(
        2,
        circuit => circuit.ZZFeatureMap((double[])[0.3, -0.8], repetitions: 1),
        circuit => circuit.H(0).H(1).PhaseShift(0.6, 0).PhaseShift(-1.6, 1)
            .CNOT(0, 1).PhaseShift(2 * (Math.PI - 0.3) * (Math.PI + 0.8), 1).CNOT(0, 1));

    [Fact]
    public void The_Z_feature_map_repeats_Hadamards_and_phases() => Same(
        2, circuit => circuit.ZFeatureMap((double[])[0.3, -0.8]), circuit => circuit.H(0).H(1).PhaseShift(0.6, 0).PhaseShift(-1.6, 1).H(0).H(1).PhaseShift(0.6, 0).PhaseShift(-1.6, 1));

    [Fact]
    public void A_Pauli_feature_map_turns_its_letters_to_Z() => Same(
        2,
        circuit => circuit.PauliFeatureMap((double[])[0.3, -0.8], ["XY"], repetitions: 1, alpha: 1.5),
        // The last letter, Y, is on the first wire.
        circuit => circuit.H(0).H(1).RX(Math.PI / 2, 0).H(1).CNOT(0, 1)
            .PhaseShift(1.5 * (Math.PI - 0.3) * (Math.PI + 0.8), 1).CNOT(0, 1).RX(-Math.PI / 2, 0).H(1));

    [Fact]
    public void Real_amplitudes_and_EfficientSU2_are_the_circuits_that_Qiskit_publishes()
    {
        double[] w = [.. Enumerable.Range(1, 12).Select(k => 0.1 * k)];
        Same(
            3,
            circuit => circuit.RealAmplitudes(w[..6]),
            circuit => circuit.RY(w[0], 0).RY(w[1], 1).RY(w[2], 2).CNOT(1, 2).CNOT(0, 1).RY(w[3], 0).RY(w[4], 1).RY(w[5], 2));
        Same(
            3,
            circuit => circuit.EfficientSU2(w, Entanglement.Circular),
            circuit => circuit.RY(w[0], 0).RY(w[1], 1).RY(w[2], 2).RZ(w[3], 0).RZ(w[4], 1).RZ(w[5], 2).CNOT(2, 0).CNOT(0, 1).CNOT(1, 2)
                .RY(w[6], 0).RY(w[7], 1).RY(w[8], 2).RZ(w[9], 0).RZ(w[10], 1).RZ(w[11], 2));
    }

    [Fact]
    public void The_two_design_puts_CZ_on_even_and_odd_pairs() => Same(
        4,
        circuit => circuit.SimplifiedTwoDesign((double[])[0.1, 0.2, 0.3, 0.4], (double[])[1, 2, 3, 4, 5, 6]),
        circuit => circuit.RY(0.1, 0).RY(0.2, 1).RY(0.3, 2).RY(0.4, 3).CZ(0, 1).RY(1, 0).RY(2, 1).CZ(2, 3).RY(3, 2).RY(4, 3).CZ(1, 2).RY(5, 1).RY(6, 2));

    [Fact]
    public void The_QAOA_embedding_encodes_before_each_layer_and_at_the_end()
    {
        Same(
            3,
            circuit => circuit.QAOAEmbedding((double[])[0.3, -0.8], (double[])[1, 2, 3, 4, 5, 6]),
            circuit => circuit.RX(0.3, 0).RX(-0.8, 1).H(2).IsingZZ(1, 0, 1).IsingZZ(2, 1, 2).IsingZZ(3, 2, 0).RY(4, 0).RY(5, 1).RY(6, 2).RX(0.3, 0).RX(-0.8, 1).H(2));
        Same(
            2,
            circuit => circuit.QAOAEmbedding((double[])[0.3], (double[])[1, 2, 3], Gates.RZ),
            circuit => circuit.RX(0.3, 0).H(1).IsingZZ(1, 0, 1).RZ(2, 0).RZ(3, 1).RX(0.3, 0).H(1));
        Same(
            1, circuit => circuit.QAOAEmbedding((double[])[0.3], (double[])[1]), circuit => circuit.RX(0.3, 0).RY(1, 0).RX(0.3, 0));
    }

    [Fact]
    public void Data_is_uploaded_again_in_each_layer_scaled_by_weights() => Same(
        2,
        circuit => circuit.DataReuploading((double[])[0.3, -0.8], (double[])[.. Enumerable.Range(1, 24).Select(k => (double)k)]),
        circuit => circuit.Rot(1 + (4 * 0.3), 2 + (5 * -0.8), 3 + (6 * 0.3), 0).Rot(7 + (10 * -0.8), 8 + (11 * 0.3), 9 + (12 * -0.8), 1).CZ(0, 1)
            .Rot(13 + (16 * 0.3), 14 + (17 * -0.8), 15 + (18 * 0.3), 0).Rot(19 + (22 * -0.8), 20 + (23 * 0.3), 21 + (24 * -0.8), 1));

    [Fact]
    public void Bits_are_embedded_as_X_where_the_input_exceeds_a_half()
    {
        var circuit = new CircuitBuilder(3);
        circuit.BasisEmbedding(circuit.Inputs(3));
        using var program = new CpuDevice().Compile<double>(circuit.Probabilities().Build());
        double[] outputs = program.Evaluate<double>([1, 0, 1, 0, 1, 1]);
        Assert.Equal((1, 1), (outputs[5], outputs[8 + 3]));
        Same(3, built => built.BasisState([true, false, true]), built => built.X(0).X(2));
    }

    [Fact]
    public void A_convolutional_network_pools_to_the_last_wire()
    {
        var shape = Shapes.QuantumConvolutionalNetwork(8);
        Assert.Equal([8 + 4 + 4 + 2 + 1 + 1, 3], shape);
        var circuit = new CircuitBuilder(8);
        circuit.QuantumConvolutionalNetwork(circuit.Weights("w", shape));
        Assert.Equal(7, circuit.Build().Operations[^1].Wires[0]);
        Assert.Equal(20, circuit.Build().Operations.Count(operation => operation.Gate.Equals(Gates.RZ) && !operation.Angles[0].IsConstant));
        Assert.Equal([(0, 1), (2, 3), (1, 2), (3, 0)], ConvolutionalNetworks.ConvolutionPairs(4));
    }

    [Fact]
    public void A_block_of_a_convolution_is_any_exponential_of_XX_YY_and_ZZ() => Gen.Double[-1, 1].Array[3].Sample(
        a =>
        {
            // Vatan and Williams, figure 6: exp(i(α XX + β YY + γ ZZ)) but for a phase.
            double[] weights = [(Math.PI / 2) - (2 * a[2]), (2 * a[0]) - (Math.PI / 2), (Math.PI / 2) - (2 * a[1])];
            var block = States.Unitary(2, circuit => circuit.QuantumConvolution(weights));
            var expected = States.Unitary(2, circuit => circuit.IsingXX(-2 * a[0], 0, 1).IsingYY(-2 * a[1], 0, 1).IsingZZ(-2 * a[2], 0, 1));
            var product = MatrixAlgebra.Multiply(MatrixAlgebra.Dagger(expected), block);
            Assert.True(MatrixAlgebra.Distance(product, MatrixAlgebra.Scale(MatrixAlgebra.Identity(4), product[0, 0])) < 1e-12);
        },
        iter: 20);

    [Fact]
    public void The_blocks_of_tensor_networks_lie_where_their_names_say()
    {
        Assert.Equal("0,1 1,2 2,3", Text(TensorNetworks.MatrixProduct(4)));
        Assert.Equal("0,1,2,3 2,3,4,5", Text(TensorNetworks.MatrixProduct(6, 4)));
        Assert.Equal("0,1,2 1,2,3", Text(TensorNetworks.MatrixProduct(4, 3, 1)));
        Assert.Equal("0,1 2,3 4,5 6,7 1,3 5,7 3,7", Text(TensorNetworks.Tree(8)));
        Assert.Equal("0,1,2,3 4,5,6,7 2,3,6,7", Text(TensorNetworks.Tree(8, 4)));
        Assert.Equal("0,1", Text(TensorNetworks.Mera(2)));
        Assert.Equal("1,0 2,3 3,1 0,2 0,1", Text(TensorNetworks.Mera(4)));
        Assert.Equal(13, TensorNetworks.Mera(8).Length); // 2^(log₂(8/2) + 2) − 3
        Assert.Throws<ArgumentException>(() => TensorNetworks.Tree(6));
        var circuit = new CircuitBuilder(4);
        var w = circuit.Weights("w", 3, 2);
        circuit.TensorNetwork(TensorNetworks.Tree(4), (block, wires, k) => block.RY(w[k, 0], wires[0]).RY(w[k, 1], wires[1]).CNOT(wires[0], wires[1]));
        Assert.Equal("RY(w5) 3", circuit.Build().Operations[^2].ToString());

        static string Text(ImmutableArray<ImmutableArray<int>> blocks) => string.Join(' ', blocks.Select(block => string.Join(',', block)));
    }

    [Fact]
    public void Random_layers_are_the_same_for_the_same_seed_and_use_every_weight_once()
    {
        Circuit Build(ulong seed)
        {
            var circuit = new CircuitBuilder(4);
            return circuit.RandomLayers(circuit.Weights("w", Shapes.RandomLayers(3, 5)), seed, ratio: 0.5).Build();
        }

        Assert.Equal(Build(7), Build(7));
        Assert.NotEqual(Build(7), Build(8));
        var operations = Build(7).Operations;
        Assert.Equal(Enumerable.Range(0, 15), operations.Where(operation => operation.Angles.Length == 1).Select(operation => operation.Angles[0].Index));
        Assert.Contains(operations, operation => operation.Gate.Equals(Gates.CNOT));
    }

    [Fact]
    public void The_patterns_of_entanglement_are_Qiskits()
    {
        Assert.Equal([(0, 1), (0, 2), (1, 2)], Entanglement.Full.Pairs(3));
        Assert.Equal([(0, 1), (1, 2)], Entanglement.Linear.Pairs(3));
        Assert.Equal([(1, 2), (0, 1)], Entanglement.ReverseLinear.Pairs(3));
        Assert.Equal([(2, 0), (0, 1), (1, 2)], Entanglement.Circular.Pairs(3));
        Assert.Equal([(0, 1)], Entanglement.Circular.Pairs(2));
        Assert.Equal([(0, 1), (2, 3), (1, 2)], Entanglement.Pairwise.Pairs(4));
        Assert.Equal([(2, 0), (0, 1), (1, 2)], Entanglement.ShiftedCircularAlternating.Pairs(3));
        Assert.Equal([(2, 1), (0, 2), (1, 0)], Entanglement.ShiftedCircularAlternating.Pairs(3, 1));
        Assert.Equal([(0, 1), (1, 2), (2, 0)], Entanglement.ShiftedCircularAlternating.Pairs(3, 2));
    }

    [Fact]
    public void The_shapes_are_those_that_the_templates_take()
    {
        const int n = 4;
        var circuit = new CircuitBuilder(n);
        AngleArray Of(string name, ImmutableArray<int> shape) => circuit.Weights(name, shape);
        var (initial, layers) = Shapes.SimplifiedTwoDesign(2, n);
        circuit.BasicEntanglerLayers(Of("a", Shapes.BasicEntanglerLayers(2, n)))
            .StronglyEntanglingLayers(Of("b", Shapes.StronglyEntanglingLayers(2, n)))
            .SimplifiedTwoDesign(Of("c", initial), Of("d", layers))
            .TwoLocal(Of("e", Shapes.TwoLocal(2, 1, n)), [Gates.RX], Gates.CZ)
            .TwoLocal(Of("f", Shapes.TwoLocal(2, 2, n, finalRotations: false)), [Gates.RX, Gates.RZ], Gates.CZ, finalRotations: false)
            .RealAmplitudes(Of("g", Shapes.RealAmplitudes(1, n))).EfficientSU2(Of("h", Shapes.EfficientSU2(1, n)))
            .HardwareEfficient(Of("i", Shapes.HardwareEfficient(1, n)))
            .QAOAEmbedding(Data, Of("j", Shapes.QAOAEmbedding(2, n))).DataReuploading(Data, Of("k", Shapes.DataReuploading(2, n)))
            .QuantumConvolution(Of("l", Shapes.QuantumConvolution(n))).QuantumPooling(Of("m", Shapes.QuantumPooling(n)));
        var built = circuit.Build();
        var read = built.Operations.SelectMany(operation => operation.Angles).ToArray();
        Assert.All(Enumerable.Range(0, built.Weights), k => Assert.Contains(read, angle => Uses(angle, k)));

        static bool Uses(Angle angle, int weight) => angle.Source == AngleSource.Weight ? angle.Index == weight
            : angle.Expression is { } expression && expression.Arguments.Any(argument => Uses(argument, weight));
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_name()
    {
        Refuses("StronglyEntanglingLayers takes angles of the shape [layers, 3, 3], not [2, 4, 3]", circuit => circuit.StronglyEntanglingLayers(circuit.Weights("w", 2, 4, 3)));
        Refuses("4 features are more than 3 wire(s)", circuit => circuit.AngleEmbedding(new double[4]));
        Refuses("4 features are more than 3 wire(s)", circuit => circuit.IQPEmbedding(new double[4]));
        Refuses("CNOT is no rotation", circuit => circuit.AngleEmbedding(new double[2], Gates.CNOT));
        Refuses("one range for each of 1 layer(s), from 1 to 2", circuit => circuit.StronglyEntanglingLayers(new double[9], [3]));
        Refuses("'ZZZ'", circuit => circuit.PauliFeatureMap(new double[3], ["ZZZ"]));
        Refuses("A feature map takes 3 angle(s) here, not 2", circuit => circuit.ZZFeatureMap(new double[2]));

        static void Refuses(string message, Action<CircuitBuilder> write) =>
            Assert.Contains(message, Assert.Throws<ArgumentException>(() => write(new CircuitBuilder(3))).Message, StringComparison.Ordinal);
    }

    // The same unitary: the templates take the liberty to write it in other gates.
    private static void Same(int wires, Action<CircuitBuilder> template, Action<CircuitBuilder> definition) =>
        Assert.True(MatrixAlgebra.Distance(States.Unitary(wires, definition), States.Unitary(wires, template)) < 1e-12);
}
