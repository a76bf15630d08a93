// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Cli.Bench;

/// <summary>Layers of rotations and CNOT rings: one circuit at a time, and a batch of them.</summary>
internal static class AnsatzWork
{
    /// <summary>⟨Z⟩ of all wires.</summary>
    public static Work Forward<T>(bool newWeights, WorkloadSize size)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (wires, layers) = (size.Wires, size.Layers);
        var program = size.Compile<T>(BenchCircuits.Ansatz(wires, layers, encoded: false).ExpectZ().Build(), Differentiation.None);
        var (w, outputs) = (new TurningWeights<T>(3 * layers * wires, newWeights), new T[wires]);
        void Run() => program.Evaluate(1, [], w.Next(), outputs);
        return new(Run, w.Checked(Run, () => [.. CheckValues.First(outputs, 4), .. CheckValues.Sums(outputs)]), program) { CountsPasses = true };
    }

    /// <summary>Σ Z and its derivatives by all weights.</summary>
    public static Work Gradient<T>(bool newWeights, WorkloadSize size)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (wires, layers) = (size.Wires, size.Layers);
        var program = size.Compile<T>(BenchCircuits.Ansatz(wires, layers, encoded: false).Expect(BenchCircuits.SumZ(wires)).Build());
        var w = new TurningWeights<T>(3 * layers * wires, newWeights);
        var (value, gradient) = (new T[1], new T[w.Count]);
        void Run()
        {
            var weights = w.Next();
            program.Evaluate(1, [], weights, value);
            program.Pullback(1, [], weights, [T.One], [], gradient);
        }

        return new(Run, w.Checked(Run, () => [.. CheckValues.First(gradient, 5), .. CheckValues.Sums(gradient)]), program) { CountsPasses = true };
    }

    /// <summary>RY(x) before the layers; ⟨Z⟩ of all wires and their pullback to inputs and weights.</summary>
    public static Work Batch<T>(bool newWeights, WorkloadSize size)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (wires, layers, batch) = (size.Wires, size.Layers, size.Batch);
        var program = size.Compile<T>(BenchCircuits.Ansatz(wires, layers, encoded: true).ExpectZ().Build());
        var w = new TurningWeights<T>(3 * layers * wires, newWeights);
        var (x, g) = (BenchCircuits.Inputs<T>(wires * batch), BenchCircuits.Cotangents<T>(wires * batch));
        var (outputs, byInputs, byWeights) = (new T[wires * batch], new T[wires * batch], new T[w.Count]);
        void Run()
        {
            var weights = w.Next();
            program.Evaluate(batch, x, weights, outputs);
            program.Pullback(batch, x, weights, g, byInputs, byWeights);
        }

        return new(Run, w.Checked(Run, () => [.. CheckValues.Sums(outputs), .. CheckValues.Sums(byWeights), .. CheckValues.Sums(byInputs)]), program)
        {
            Circuits = batch,
            CountsPasses = true,
        };
    }

    /// <summary>
    /// The weights of the formula; or those and others in turn, so that no call finds what it computed from the last one's.
    /// </summary>
    private sealed class TurningWeights<T>(int count, bool turn)
        where T : INumberBase<T>
    {
        private readonly T[] formula = BenchCircuits.Weights<T>(count);
        private readonly T[] others = [.. BenchCircuits.Weights<T>(2 * count).Skip(count)];
        private bool isOther = true;

        public int Count => formula.Length;

        public T[] Next() => turn && (isOther = !isOther) ? others : formula;

        /// <summary>Values of a run with the formula's weights.</summary>
        public Func<double[]> Checked(Action run, Func<double[]> values) => () =>
        {
            isOther = true;
            run();
            return values();
        };
    }
}
