// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Qusp.Simulation;
using Qusp.Simulation.StateVectors;
using Xunit;

namespace Qusp.Tests.Simulation.StateVectors;

public sealed class IndexMapTests
{
    private const int Bits = 5;

    private static readonly Gen<IndexMap> Maps = IndexMaps.Of(Bits);

    [Fact]
    public void X_CNOT_and_SWAP_are_maps_of_indices()
    {
        // Wire 0 is the most significant bit.
        var x = IndexMaps.OfGate(3, circuit => circuit.X(0));
        var cnot = IndexMaps.OfGate(3, circuit => circuit.CNOT(0, 2));
        var swap = IndexMaps.OfGate(3, circuit => circuit.SWAP(1, 2));
        for (nint y = 0; y < 8; y++)
        {
            Assert.Equal(y ^ 4, x.Apply(y));
            Assert.Equal((y & 4) != 0 ? y ^ 1 : y, cnot.Apply(y));
            Assert.Equal((y & 4) | ((y & 1) << 1) | ((y & 2) >> 1), swap.Apply(y));
        }

        Assert.Equal(4, x.Offset);
        Assert.Equal(0, cnot.Offset);
    }

    [Fact]
    public void A_Toffoli_gate_is_no_affine_map() =>
        Assert.Null(IndexMap.OfSwap(Lowering.Lower(new CircuitBuilder(3).Toffoli(0, 1, 2).ExpectZ().Build()).Steps.Single(), 3));

    [Fact]
    public void A_map_then_another_is_their_composition() => Gen.Select(Maps, Maps).Sample((first, second) =>
    {
        var both = first.Then(second);
        for (nint x = 0; x < 1 << Bits; x++)
        {
            Assert.Equal(second.Apply(first.Apply(x)), both.Apply(x));
        }
    });

    [Fact]
    public void The_inverse_undoes_a_map_on_both_sides() => Maps.Sample(map =>
    {
        Assert.True(map.Then(map.Inverse()).IsIdentity);
        Assert.True(map.Inverse().Then(map).IsIdentity);
        for (nint x = 0; x < 1 << Bits; x++)
        {
            Assert.Equal(x, map.Inverse().Apply(map.Apply(x)));
        }
    });

    [Fact]
    public void The_identity_and_only_it_leaves_all_indices() => Maps.Sample(map =>
    {
        Assert.Equal(Enumerable.Range(0, 1 << Bits).All(x => map.Apply(x) == x), map.IsIdentity);
        Assert.True(IndexMap.Identity(Bits).IsIdentity);
    });

    [Fact]
    public void A_map_is_linear_up_to_its_offset() => Gen.Select(Maps, Gen.Int[0, 31], Gen.Int[0, 31]).Sample((map, x, y) =>
    {
        Assert.Equal(map.Linear(x) ^ map.Linear(y), map.Linear(x ^ y));
        Assert.Equal(map.Linear(x) ^ map.Offset, map.Apply(x));
        Assert.Equal(map.Offset, map.Apply(0));
    });

    [Fact]
    public void The_transposed_mask_has_the_parity_after_the_map() => Gen.Select(Maps, Gen.Int[0, 31]).Sample((map, word) =>
    {
        for (nint x = 0; x < 1 << Bits; x++)
        {
            Assert.Equal(IndexMap.Parity(word & map.Linear(x)), IndexMap.Parity(map.Transposed(word) & x));
        }
    });
}
