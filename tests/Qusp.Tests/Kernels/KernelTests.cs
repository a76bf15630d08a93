// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Xunit;

namespace Qusp.Tests.Kernels;

public sealed class KernelTests
{
    private static readonly Gen<double[]> Samples = Gen.Int[1, 12].SelectMany(count => Gen.Double[-2, 2].Array[count * 3]);

    [Fact]
    public void A_kernel_is_symmetric_positive_and_one_on_the_diagonal() => Samples.Sample(
        x =>
        {
            foreach (var kernel in (IQuantumKernel[])[new FidelityKernel(Embedding()), new ProjectedKernel(Embedding(), gamma: 0.7)])
            {
                using (kernel)
                {
                    var k = kernel.KernelMatrix(x, [0.4]);
                    Assert.True(KernelMatrices.IsPositiveSemidefinite(k));
                    for (var i = 0; i < k.GetLength(0); i++)
                    {
                        Assert.Equal(1, k[i, i]);
                        for (var j = 0; j < i; j++)
                        {
                            Assert.Equal(k[i, j], k[j, i]);
                            Assert.InRange(k[i, j], 0, 1 + 1e-12);
                        }
                    }
                }
            }
        },
        iter: 20);

    [Fact]
    public void Samples_with_themselves_are_the_same_as_samples_with_others() => Samples.Sample(
        x =>
        {
            foreach (var kernel in (IQuantumKernel[])[new FidelityKernel(Embedding()), new ProjectedKernel(Embedding()), new ComputeUncomputeKernel(Embedding(), new CpuDevice())])
            {
                using (kernel)
                {
                    Near(kernel.KernelMatrix(x, [0.4]), kernel.KernelMatrixWith(x, x, [0.4]));
                }
            }
        },
        iter: 10);

    [Fact]
    public void The_fidelity_from_states_is_the_share_of_zeros_after_computing_and_uncomputing() => Gen.Select(Samples, Samples).Sample(
        (x, y) =>
        {
            using var states = new FidelityKernel(Embedding());
            using var circuits = new ComputeUncomputeKernel(Embedding(), new CpuDevice());
            Near(circuits.KernelMatrixWith(x, y, [0.4]), states.KernelMatrixWith(x, y, [0.4]));
            Assert.Equal((x.Length + y.Length) / 3, states.Cost.Circuits);
            Assert.Equal(x.Length / 3 * (y.Length / 3), circuits.Cost.Circuits);
        },
        iter: 10);

    [Fact]
    public void A_kernel_of_rotations_has_its_closed_form()
    {
        // RY(x)|0⟩: the fidelity is cos²((x − y)/2), and the Bloch vectors are an angle x − y apart.
        var circuit = new CircuitBuilder(1);
        var embedding = circuit.RY(circuit.Inputs(1)[0], 0).Build();
        using var fidelity = new FidelityKernel(embedding);
        using var projected = new ProjectedKernel(embedding, gamma: 2);
        Assert.Equal(Math.Pow(Math.Cos(0.35), 2), fidelity.KernelMatrix([0.2, 0.9])[0, 1], 12);
        Assert.Equal(Math.Exp(-2 * (1 - Math.Cos(0.7))), projected.KernelMatrix([0.2, 0.9])[0, 1], 12);
    }

    [Fact]
    public void By_shots_an_entry_is_within_five_standard_errors_and_follows_the_seed()
    {
        double[] x = [0.3, -0.2, 0.9, 1.1, 0.4, -1, 0.1, 0.2, 0.3];
        using var exact = new FidelityKernel(Embedding());
        using var sampled = new ComputeUncomputeKernel(Embedding(), options: new ProgramOptions { Shots = 4000 }, draw: new Draw(3));
        using var projected = new ProjectedKernel(Embedding(), device: new SamplerDevice(), options: new ProgramOptions { Shots = 100_000 }, draw: new Draw(3));
        using var exactProjected = new ProjectedKernel(Embedding());
        var (expected, actual) = (exact.KernelMatrix(x, [0.4]), sampled.KernelMatrix(x, [0.4]));
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++)
            {
                Assert.Equal(expected[i, j], actual[i, j], 5 * Math.Sqrt((expected[i, j] * (1 - expected[i, j]) / 4000) + 1e-9));
                Assert.Equal(exactProjected.KernelMatrix(x, [0.4])[i, j], projected.KernelMatrix(x, [0.4])[i, j], 0.02);
            }
        }

        Assert.Equal(actual, sampled.KernelMatrix(x, [0.4]));
        Assert.Equal(2 * 3 * 4000, sampled.Cost.Shots);
    }

    [Fact]
    public void The_alignment_is_one_for_the_labels_own_kernel_and_has_its_definition_elsewhere()
    {
        double[] labels = [1, -1, 1, 1];
        var ideal = new double[4, 4];
        var other = new double[4, 4];
        for (var i = 0; i < 4; i++)
        {
            for (var j = 0; j < 4; j++)
            {
                ideal[i, j] = labels[i] * labels[j];
                other[i, j] = i == j ? 1 : 0;
            }
        }

        Assert.Equal(1, KernelMatrices.Alignment(ideal, labels), 12);
        Assert.Equal(1, KernelMatrices.Alignment(ideal, labels, centered: true), 12);
        Assert.Equal(4 / (2.0 * 4), KernelMatrices.Alignment(other, labels), 12);
        Assert.Equal(0, KernelMatrices.Centered(ideal).Cast<double>().Sum(), 12);
    }

    [Fact]
    public void A_matrix_with_a_negative_eigenvalue_is_not_positive()
    {
        Assert.False(KernelMatrices.IsPositiveSemidefinite(new double[,] { { 1, 1.1 }, { 1.1, 1 } }));
        Assert.True(KernelMatrices.IsPositiveSemidefinite(new double[,] { { 1, 1 }, { 1, 1 } }));
    }

    [Fact]
    public void What_is_no_embedding_and_what_are_no_samples_is_refused()
    {
        Assert.Contains(nameof(ProjectedKernel), Assert.Throws<NotSupportedException>(() => new FidelityKernel(new CircuitBuilder(1).Reset(0).Build())).Message, StringComparison.Ordinal);
        using var kernel = new FidelityKernel(Embedding());
        Assert.Contains("7 numbers", Assert.Throws<ArgumentException>(() => kernel.KernelMatrix(new double[7], [0.4])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => kernel.KernelMatrix(new double[6]));
    }

    // Guards, expressions and a weight: all that an embedding may have.
    private static Circuit Embedding()
    {
        var circuit = new CircuitBuilder(3);
        var x = circuit.Inputs(3);
        var w = circuit.Weights("w", 1);
        return circuit.ZZFeatureMap(x, repetitions: 1).If(x[1] > 0.3, then => then.CRY(w[0] * x[0], 0, 2)).RX(w[0], 1).Build();
    }

    private static void Near(double[,] expected, double[,] actual)
    {
        Assert.Equal((expected.GetLength(0), expected.GetLength(1)), (actual.GetLength(0), actual.GetLength(1)));
        for (var i = 0; i < expected.GetLength(0); i++)
        {
            for (var j = 0; j < expected.GetLength(1); j++)
            {
                Assert.Equal(expected[i, j], actual[i, j], 1e-12);
            }
        }
    }
}
