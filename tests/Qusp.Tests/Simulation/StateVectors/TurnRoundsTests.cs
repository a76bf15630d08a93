// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using CsCheck;
using Qusp.Simulation.Lanes;
using Qusp.Simulation.StateVectors;
using Xunit;

namespace Qusp.Tests.Simulation.StateVectors;

public sealed class TurnRoundsTests
{
    private const int Bits = 8;

    // Every wire turns or not; quarters of a turn are where a cosine or a sine is 0.
    private static readonly Gen<(bool Turns, double Argument)[]> Arguments =
        Gen.Select(Gen.Bool, Gen.OneOf(Gen.Double[-4, 4], Gen.Int[-3, 3].Select(k => k * Math.PI / 4))).Array[Bits];

    [Theory]
    [MemberData(nameof(EveryWidth.Data), MemberType = typeof(EveryWidth))]
    public void Rounds_are_the_rotations_matrices_up_to_their_common_scale(int width, bool isSingle) =>
        EveryWidth.Run(width, isSingle, new Matrices());

    private sealed class Matrices : IWidthTest
    {
        public void Run<V, T>(double tolerance)
            where V : unmanaged, IAmplitudeLanes<V, T>
            where T : unmanaged, IFloatingPointIeee754<T> => Gen.Select(Arguments, Gen.Int[0, Bits], Gen.Bool).Sample(
                (wires, blockBits, inverse) =>
                {
                    var turns = wires.Select((wire, bit) => (wire.Turns, Turn: new Turn(bit, bit, bit % 2 == 0 ? 1 : -1)))
                        .Where(wire => wire.Turns).Select(wire => wire.Turn).ToArray();
                    var rounds = new TurnRounds<V, T>(turns, Math.Max(blockBits, LaneConstants<V, T>.Bits));
                    double[] arguments = [.. wires.Select(wire => wire.Argument)];

                    // Twice with other numbers: what is ready is made anew.
                    Check<V, T>(rounds, turns, [.. arguments.Select(argument => argument + 1)], inverse, tolerance);
                    Check<V, T>(rounds, turns, arguments, inverse, tolerance);
                },
                iter: 30,
                threads: 1);

        private static unsafe void Check<V, T>(TurnRounds<V, T> rounds, Turn[] turns, double[] arguments, bool inverse, double tolerance)
            where V : unmanaged, IAmplitudeLanes<V, T>
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            rounds.Fill([.. arguments.Select(Math.Cos)], [.. arguments.Select(Math.Sin)], inverse);
            using var state = new AlignedArray<T>(1 << Bits);
            double[] expected = [.. Enumerable.Range(0, 1 << Bits).Select(y => Math.Sin(y + 0.5))];
            for (var y = 0; y < 1 << Bits; y++)
            {
                state.Start[y] = T.CreateChecked(expected[y]);
            }

            var (plane, count) = ((nint)state.Start, (nint)1 << (Bits - LaneConstants<V, T>.Bits));
            Qusp.Simulation.StateVectors.TurnKernels<V, T>.Lanes((V*)plane, count, rounds.Lanes, rounds.LaneCotangents);
            foreach (ref readonly var round in rounds.Rounds)
            {
                Qusp.Simulation.StateVectors.TurnKernels<V, T>.Round((V*)plane, round, 0, count >> round.Count);
            }

            foreach (var turn in turns)
            {
                var (c, s) = (Math.Cos(arguments[turn.Bit]), turn.Factor * (inverse ? -1 : 1) * Math.Sin(arguments[turn.Bit]));
                for (var y = 0; y < 1 << Bits; y++)
                {
                    var other = y | (1 << turn.Bit);
                    if (other != y)
                    {
                        (expected[y], expected[other]) = ((c * expected[y]) - (s * expected[other]), (s * expected[y]) + (c * expected[other]));
                    }
                }
            }

            for (var y = 0; y < 1 << Bits; y++)
            {
                Assert.Equal(expected[y], rounds.Scale * double.CreateChecked(state.Start[y]), tolerance);
            }
        }
    }
}
