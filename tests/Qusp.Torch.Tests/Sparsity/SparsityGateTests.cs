// SPDX-License-Identifier: Apache-2.0
using Qusp.Inference;
using TorchSharp;
using static TorchSharp.torch;

namespace Qusp.Torch.Tests;

public sealed class SparsityGateTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public static TheoryData<SparsityRule> Rules => [.. Enum.GetValues<SparsityRule>()];

    public static TheoryData<SparsityRule, GatePredicate> RulesAndPredicates
    {
        get
        {
            var data = new TheoryData<SparsityRule, GatePredicate>();
            foreach (var rule in Enum.GetValues<SparsityRule>())
            {
                foreach (var predicate in Enum.GetValues<GatePredicate>())
                {
                    data.Add(rule, predicate);
                }
            }

            return data;
        }
    }

    public void Dispose() => scope.Dispose();

    /// <summary>Hard and soft evaluation agree: libtorch's mask, the guard, and the inference that has no libtorch.</summary>
    [Theory]
    [MemberData(nameof(RulesAndPredicates))]
    public void Evaluation_switches_the_same_wires_with_and_without_libtorch(SparsityRule rule, GatePredicate predicate)
    {
        const int n = 6;
        foreach (var (threshold, sharpness, limit) in new[] { (0.1, 10.0, 2.0), (0.3, 40.0, 3.4), (0.5, 5.0, 0.0), (-0.2, 10.0, 6.0) })
        {
            using var gate = Make(rule, n, predicate, threshold, sharpness, limit);
            gate.eval();
            var x = Features(400, n);
            var made = gate.Open(x);
            var y = made.Features.data<float>().ToArray();
            float[] thresholds = [.. gate.Threshold.data<float>()];
            float[] given = [.. x.data<float>()];
            var (scores, mask) = (new float[n], new float[n]);
            for (var b = 0; b < 400; b++)
            {
                for (var i = 0; i < n; i++)
                {
                    scores[i] = predicate switch
                    {
                        GatePredicate.Absolute => MathF.Abs(given[(b * n) + i]),
                        GatePredicate.Signed => given[(b * n) + i],
                        _ => gate.Score!.data<float>()[i],
                    };
                }

                GateMask.Of<float>(rule, scores, thresholds, (float)sharpness, limit, mask);
                for (var i = 0; i < n; i++)
                {
                    Assert.Equal(mask[i] * given[(b * n) + i], y[(b * n) + i], 1e-5);
                    Assert.Equal(mask[i] != 0, y[(b * n) + i] != 0);
                    Assert.Equal(y[(b * n) + i] != 0, new Guard(i, 0, Absolute: true).Fires([.. y[(b * n)..((b + 1) * n)].Select(value => (double)value)]));
                }
            }
        }
    }

    /// <summary>In training a deterministic gate has the mask of evaluation, so that what is trained is what runs.</summary>
    [Theory]
    [MemberData(nameof(Rules))]
    public void Masks_are_between_0_and_1_and_exactly_0_where_a_wire_is_off(SparsityRule rule)
    {
        using var gate = Make(rule, 5, GatePredicate.Absolute, 0.3, 12, 2.5);
        var x = Features(300, 5);
        gate.eval();
        var evaluated = gate.Open(x).Features.clone();
        gate.train();
        var made = gate.Open(x);
        if (rule is not (SparsityRule.HardConcrete or SparsityRule.Stochastic or SparsityRule.L0Arm))
        {
            Near.Equal(evaluated, made.Features, 0);
        }

        var mask = made.Features / x;
        Assert.InRange(mask.min().item<float>(), 0, 0);
        Assert.InRange(mask.max().item<float>(), 1e-3, 1 + 1e-6);
        Assert.InRange(made.Probability.min().item<float>(), 0, 1);
        Assert.InRange(made.Probability.max().item<float>(), 0, 1);
        Near.Equal(made.Features.ne(0).to(ScalarType.Float32), made.On, 0);
        Near.Equal(made.Features, made.WhenOn * made.On, 1e-7);
    }

    /// <summary>Autograd against central differences at points away from the thresholds, in double precision; the noise is held.</summary>
    [Theory]
    [MemberData(nameof(RulesAndPredicates))]
    public void Gradients_of_features_and_probabilities_are_those_of_finite_differences(SparsityRule rule, GatePredicate predicate)
    {
        const double h = 1e-6;
        double[] values = [0.9, -0.62, 0.15, 0.45, -0.27, 0.7, 0.33, -0.8];
        double Loss(double[] x, double moved, bool probability)
        {
            using var fresh = Make(rule, 4, predicate, 0.2, 4, 3, GateGradient.None).to(ScalarType.Float64);
            using var off = no_grad();
            fresh.Threshold[1] += moved;
            var made = fresh.Open(tensor(x).reshape(2, 4));
            return Weighted(probability ? made.Probability : made.Features).item<double>();
        }

        foreach (var probability in new[] { false, true })
        {
            using var gate = Make(rule, 4, predicate, 0.2, 4, 3, GateGradient.None).to(ScalarType.Float64);
            var x = tensor(values).reshape(2, 4);
            x.requires_grad_(true);
            var made = gate.Open(x);
            var loss = Weighted(probability ? made.Probability : made.Features);
            if (!loss.requires_grad)
            {
                continue; // drawn by a score of the wire: a constant of the features
            }

            loss.backward();
            for (var k = 0; k < values.Length; k++)
            {
                var (up, down) = ((double[])values.Clone(), (double[])values.Clone());
                (up[k], down[k]) = (up[k] + h, down[k] - h);
                var slope = x.grad is { } grad ? grad.reshape(8)[k].item<double>() : 0;
                if (rule != SparsityRule.TopK || !probability)
                {
                    // Top-k holds its cut for a constant, and so does its probability's gradient.
                    Assert.Equal((Loss(up, 0, probability) - Loss(down, 0, probability)) / (2 * h), slope, 1e-5);
                }
            }

            var byThreshold = gate.Threshold.grad is { } t ? t[1].item<double>() : 0;
            Assert.Equal((Loss(values, h, probability) - Loss(values, -h, probability)) / (2 * h), byThreshold, 1e-5);
        }
    }

    [Fact]
    public void The_soft_threshold_has_the_document_s_gradients_where_it_is_on()
    {
        var (alpha, tau, h) = (10.0, 0.1, 0.35);
        using var gate = Make(SparsityRule.SoftThreshold, 1, GatePredicate.Absolute, tau, alpha, 0).to(ScalarType.Float64);
        var x = tensor(new[] { h }).reshape(1, 1);
        x.requires_grad_(true);
        gate.call(x).sum().backward();
        var m = 1 / (1 + Math.Exp(-alpha * (h - tau)));
        Assert.Equal(m + (alpha * h * m * (1 - m)), x.grad!.item<double>(), 1e-6); // FACTS: ∂y/∂h
        Assert.Equal(-alpha * h * m * (1 - m), gate.Threshold.grad!.item<double>(), 1e-6); // ∂y/∂τ
    }

    [Fact]
    public void Limits_are_what_the_formulas_say()
    {
        var x = tensor(new[] { -0.9f, 0.05f, 0.5f, 0.3f }).reshape(1, 4);
        float[] Masked(SparsityRule rule, double threshold, double sharpness, double limit = 0)
        {
            using var gate = Make(rule, 4, GatePredicate.Absolute, threshold, sharpness, limit);
            gate.eval();
            return [.. gate.call(x).data<float>()];
        }

        Assert.Equal([-0.9f, 0, 0.5f, 0.3f], Masked(SparsityRule.StraightThrough, 0.1, 10));
        Assert.Equal([-0.9f, 0, 0.5f, 0.3f], Masked(SparsityRule.SoftThreshold, 0.1, 1e4)); // hardens to the step
        Assert.Equal([-0.9f, 0, 0.5f, 0.3f], Masked(SparsityRule.HardConcrete, 0.1, 1e4));
        Assert.Equal([-0.9f, 0, 0.5f, 0.3f], Masked(SparsityRule.Stochastic, 0.1, 1e4));
        Assert.Equal([-0.9f, 0, 0.5f, 0.3f], Masked(SparsityRule.LearnedThreshold, 0.1, 1e3));
        Assert.Equal([-0.9f, 0.05f, 0.5f, 0.3f], Masked(SparsityRule.SoftShrink, 0, 10)); // τ = 0 is the identity
        Assert.Equal([-0.8f, 0, 0.4f, 0.2f], Masked(SparsityRule.SoftShrink, 0.1, 10).Select(y => MathF.Round(y, 6)));
        Assert.Equal([-0.9f, 0, 0.5f, 0], Masked(SparsityRule.TopK, 0, 10, 2));
        Assert.Equal([-0.9f, 0, 0.5f, 0], Masked(SparsityRule.TopK, 0.4, 10, 2.5)); // 0.3 does not exceed τ
        Assert.Equal([-0.9f, 0, 0.5f, 0.3f], Masked(SparsityRule.TopK, 0.2, 10, 2.5));
        Assert.Equal([-0.9f, 0, 0, 0], Masked(SparsityRule.Entmax, 0.1, 1e3)); // hardens to the largest
        Assert.Equal([0, 0, 0, 0], Masked(SparsityRule.Entmax, 2, 1e3)); // or to none
    }

    [Fact]
    public void Signed_gates_drop_what_is_negative_and_wire_gates_decide_for_all_samples()
    {
        var x = Features(100, 4);
        using var signed = Make(SparsityRule.StraightThrough, 4, GatePredicate.Signed, 0.1, 10, 0);
        Assert.False((signed.Open(x).On * x.lt(0).to(ScalarType.Float32)).any().item<bool>());
        using var wire = Make(SparsityRule.StraightThrough, 4, GatePredicate.Wire, 0.55, 10, 0);
        var on = wire.Open(x).On;
        Assert.True((on == on[0]).all().item<bool>());
        Assert.InRange(on[0].sum().item<float>(), 1, 3);
    }

    [Fact]
    public void Drawn_masks_are_on_as_often_as_the_probability_says_and_follow_the_seed()
    {
        foreach (var rule in new[] { SparsityRule.HardConcrete, SparsityRule.Stochastic, SparsityRule.L0Arm })
        {
            Tensor Draw(ulong seed)
            {
                using var gate = SparsityGates.Create(rule.Name(), 1, options: new() { Seed = seed, Sharpness = Schedule.Constant(5), Threshold = 0.3 });
                var made = gate.Open(full(20_000, 1, 0.35f));
                Assert.Equal(made.Probability.mean().item<float>(), made.On.mean().item<float>(), 0.015);
                return made.Features;
            }

            Near.Equal(Draw(3), Draw(3), 0);
            Assert.False(Draw(3).equal(Draw(4)).all().item<bool>());
        }
    }

    [Fact]
    public void Wrong_uses_are_refused_by_name()
    {
        Assert.Contains("hard-concrete", Assert.Throws<ArgumentException>(() => SparsityGates.Create("hard", 4)).Message, StringComparison.Ordinal);
        Assert.Contains("l0-arm", Assert.Throws<ArgumentException>(() => SparsityGates.Create("top-k", 4, options: new() { Gradient = GateGradient.Arm })).Message, StringComparison.Ordinal);
        using var gate = SparsityGates.Create("top-k", 4);
        Assert.Contains("[B, 4]", Assert.Throws<ArgumentException>(() => gate.call(zeros(3, 5))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Schedules_move_between_their_ends()
    {
        foreach (var shape in Enum.GetValues<ScheduleShape>())
        {
            var schedule = new Schedule(10, 40, shape);
            Assert.Equal(10, schedule.At(0), 1e-12);
            Assert.Equal(40, schedule.At(1), 1e-12);
            Assert.Equal(shape == ScheduleShape.Exponential ? 20 : 25, schedule.At(0.5), 1e-12);
            Assert.Equal(40, schedule.At(3), 1e-12);
        }
    }

    private static SparsityGate Make(
        SparsityRule rule, int wires, GatePredicate predicate, double threshold, double sharpness, double limit, GateGradient gradient = GateGradient.Shift) =>
        SparsityGates.Create(
            new GateDescription("gate", wires, rule, predicate, limit),
            new() { Threshold = threshold, Sharpness = Schedule.Constant(sharpness), Gradient = gradient, Seed = 5 });

    private static Tensor Features(int rows, int wires) => rand(rows, wires, generator: new Generator(9)) * 2 - 1;

    // A sum in which no entry stands for another.
    private static Tensor Weighted(Tensor values) => (values * arange(1, values.numel() + 1, dtype: values.dtype).reshape(values.shape)).sum();
}
