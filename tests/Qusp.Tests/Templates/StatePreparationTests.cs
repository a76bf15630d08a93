// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using CsCheck;
using Xunit;

namespace Qusp.Tests.Templates;

public sealed class StatePreparationTests
{
    private static readonly Gen<Complex[]> AnyState = Gen.Int[1, 4].SelectMany(wires =>
        Gen.Select(Gen.OneOf(Gen.Const(0.0), Gen.Double[-1, 1]), Gen.OneOf(Gen.Const(0.0), Gen.Double[-1, 1]), (re, im) => new Complex(re, im))
            .Array[1 << wires].Where(state => Norm(state) > 1e-3).Select(state => state.Select(amplitude => amplitude / Norm(state)).ToArray()));

    [Fact]
    public void Any_state_is_prepared_and_unprepared() => AnyState.Sample(
        state =>
        {
            var wires = BitOperations.Log2((uint)state.Length);
            Check(new CircuitBuilder(wires).StatePrep(state), state);
            Check(new CircuitBuilder(wires).MottonenStatePreparation(state), state);
            Complex[] zero = [1, .. new Complex[state.Length - 1]];
            Check(new CircuitBuilder(wires).StatePrep(state).Adjoint(back => back.MottonenStatePreparation(state)), zero);
        },
        iter: 100);

    [Fact]
    public void A_state_is_prepared_on_the_wires_that_are_named_in_their_order()
    {
        Complex[] state = [0.1, 0.5, -0.7, new Complex(0, 0.5)];
        // Wire 2 is the most significant of the two, wire 0 the other, wire 1 stays |0⟩.
        var norm = Norm(state);
        var outputs = States.Of(new CircuitBuilder(3).StatePrep([.. state.Select(amplitude => amplitude / norm)], [2, 0]).State().Build());
        Complex[] expected = new Complex[8];
        for (var i = 0; i < 4; i++)
        {
            expected[((i & 1) << 2) | (i >> 1)] = state[i] / norm;
        }

        States.AssertClose(expected, outputs);
    }

    [Fact]
    public void Features_are_padded_and_divided_by_their_norm()
    {
        var circuit = new CircuitBuilder(2);
        var x = circuit.Inputs(3);
        var state = States.Of(circuit.AmplitudeEmbedding(x, padWith: 2).State().Build(), [1, -2, 4]);
        States.AssertClose([0.2, -0.4, 0.8, 0.4], state);
    }

    [Fact]
    public void Where_a_node_is_zero_the_state_is_defined_and_nothing_is_NaN()
    {
        var circuit = new CircuitBuilder(3);
        var x = circuit.Inputs(8);
        using var program = new CpuDevice().Compile<double>(circuit.AmplitudeEmbedding(x).ExpectZ().Build());
        double[] samples = [.. new double[8], 3, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, -1];
        Assert.All(program.Evaluate<double>(samples), value => Assert.True(double.IsFinite(value)));
        Assert.Equal([1, 1, 1, 1, 1, 1], program.Evaluate<double>(samples)[..6]);
        var gradient = new double[24];
        program.Pullback(3, samples, [], [.. Enumerable.Repeat(1.0, 9)], gradient, []);
        Assert.All(gradient, value => Assert.True(double.IsFinite(value)));
        Assert.All(gradient[..8], value => Assert.Equal(0, value));
    }

    [Fact]
    public void What_is_no_state_is_refused_with_what_is_wanted()
    {
        Assert.Contains("norm 1", Assert.Throws<ArgumentException>(() => new CircuitBuilder(1).StatePrep([1, 1])).Message, StringComparison.Ordinal);
        Assert.Contains("2^2", Assert.Throws<ArgumentException>(() => new CircuitBuilder(2).MottonenStatePreparation((Complex[])[1, 0])).Message, StringComparison.Ordinal);
        Assert.Contains("1 to 2^2", Assert.Throws<ArgumentException>(() => new CircuitBuilder(2).AmplitudeEmbedding(new double[5])).Message, StringComparison.Ordinal);
    }

    private static void Check(CircuitBuilder circuit, Complex[] state) => States.AssertClose(state, States.Of(circuit.State().Build()));

    private static double Norm(Complex[] state) => Math.Sqrt(state.Sum(amplitude => (amplitude * Complex.Conjugate(amplitude)).Real));
}
