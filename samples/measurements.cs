#:project ../src/Qusp
// SPDX-License-Identifier: Apache-2.0
// The examples of docs/measurements.md. Run them: dotnet run samples/measurements.cs
using System.Numerics;
using Qusp;

// RY(θ) then CNOT: cos(θ/2)|00⟩ + sin(θ/2)|11⟩.
var builder = new CircuitBuilder(wires: 2);
var x = builder.Inputs(1);
var circuit = builder.RY(x[0], 0).CNOT(0, 1)
    .Expect(PauliSum.Parse("Z0*Z1+0.5*X0*X1")) // ⟨O⟩
    .Variance(PauliSum.Parse("Z0*Z1+0.5*X0*X1")) // ⟨O²⟩ − ⟨O⟩²
    .Entropy(0) // −Tr ρ log ρ of wire 0, in nats
    .Purity(0) // Tr ρ²
    .MutualInformation([0], [1])
    .Fidelity([Math.Sqrt(0.5), 0, 0, Math.Sqrt(0.5)]) // with a Bell pair
    .Build();

using var program = new CpuDevice().Compile<double>(circuit);
double[] theta = [1.0];
double[] values = program.Evaluate<double>(theta);
double[,] slopes = program.Jacobian<double>(theta).ByInputs; // one reverse sweep an output
for (var k = 0; k < circuit.Outputs; k++)
{
    Console.WriteLine($"{circuit.Measurements[k],-24} {values[k],9:F6}   d/dθ {slopes[k, 0],9:F6}");
}

// Any Hermitian matrix on any wires is an observable; so is a projector onto a bit string.
var matrix = new HermitianMatrix(new Complex[,] { { 1, new(0, -0.5) }, { new(0, 0.5), -1 } }, 1);
var observables = circuit.WithMeasurements(new Expectation(matrix), new Variance(matrix), new ProjectorExpectation(new Projector("11")));
using var observed = new CpuDevice().Compile<double>(observables);
Console.WriteLine(string.Join(", ", observed.Evaluate<double>(theta).Select(value => $"{value:F6}")));

// The reduced density matrix of a wire: 2·4^m numbers, real and imaginary parts in turn.
using var reduced = new CpuDevice().Compile<double>(circuit.WithMeasurements(new DensityMatrix(0)));
Complex[,] rho = DensityMatrix.ToMatrix<double>(reduced.Evaluate<double>(theta));
Console.WriteLine($"ρ = [[{rho[0, 0].Real:F4}, {rho[0, 1].Real:F4}], [{rho[1, 0].Real:F4}, {rho[1, 1].Real:F4}]]");

// Two circuits, or two states.
var other = new CircuitBuilder(2).H(0).CNOT(0, 1).Build();
Console.WriteLine($"{CircuitFidelity.Between(new CpuDevice(), circuit, other, firstInputs: theta):F6}");
