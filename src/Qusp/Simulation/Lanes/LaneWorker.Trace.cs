// SPDX-License-Identifier: Apache-2.0
namespace Qusp.Simulation.Lanes;

// What code made from a tape must know of a worker: where in its memory a block's numbers come from and go to.
internal sealed unsafe partial class LaneWorker<V, T>
{
    /// <summary>Runs on symbols.</summary>
    /// <param name="reverse">Forward and reverse, not forward alone.</param>
    /// <param name="uniform">As in <see cref="Evaluate(int, int, T*, Shared{T}, T*)"/>.</param>
    /// <param name="load">The symbol of the vector at an index of the memory.</param>
    /// <param name="store">Takes the index and the symbol of each result.</param>
    public void Trace(bool reverse, Shared<T> uniform, Func<int, V> load, Action<int, V> store)
    {
        Bind(inputs, plan.Circuit.Inputs);
        Bind(masks, plan.Guards.Length);
        if (!reverse)
        {
            Evaluate(uniform);
            Hand(columns, plan.Circuit.Outputs);
            return;
        }

        Bind(columns, plan.Circuit.Outputs);
        Bind(weightTurns, plan.Circuit.Weights);
        Pullback(uniform);
        Hand(inputTurns, plan.Circuit.Inputs);
        Hand(weightTurns, plan.Circuit.Weights);

        void Bind(V* vectors, int count)
        {
            for (var k = 0; k < count; k++)
            {
                vectors[k] = load((int)(vectors + k - memory));
            }
        }

        void Hand(V* vectors, int count)
        {
            for (var k = 0; k < count; k++)
            {
                store((int)(vectors + k - memory), vectors[k]);
            }
        }
    }
}
