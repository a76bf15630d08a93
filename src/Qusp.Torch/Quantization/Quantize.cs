// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using Qusp.Inference;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Qusp.Torch;

/// <summary>A quantized module, and what changed.</summary>
/// <param name="Module">The module to use from now on.</param>
/// <param name="Layers">Each linear layer: its name in the tree (empty for the root), bytes before and after, largest output error.</param>
public sealed record QuantizationResult(nn.Module<Tensor, Tensor> Module, IReadOnlyList<LayerQuantization> Layers);

/// <summary>
/// Post-training dynamic quantization. PyTorch's <c>quantize_dynamic</c> swaps children only, so that called on a bare
/// <c>nn.Linear</c> it changes nothing and says nothing; this one includes the root and throws if it found no layer.
/// </summary>
public static class Quantize
{
    /// <summary>
    /// Replaces each <c>nn.Linear</c> of a module tree, root included, by a <see cref="QuantizedLinear"/>. The tree is
    /// changed in place; of a <see cref="HybridModel"/>, layers that a gate decides by stay as they are; a root that is itself a Linear or a Sequential is replaced by the module returned.
    /// </summary>
    /// <param name="module">The module.</param>
    /// <param name="scheme">How to quantize; the better scheme by default.</param>
    /// <param name="sample">
    /// Inputs of the module to measure each layer's error on, <c>[B, F]</c>; if null, 64 standard normal rows a layer, seed 0.
    /// </param>
    /// <exception cref="InvalidOperationException">
    /// There is no linear layer, or one is held by a field of type <c>Linear</c>, which cannot hold another.
    /// </exception>
    public static QuantizationResult Dynamic(
        nn.Module<Tensor, Tensor> module, QuantizationScheme scheme = QuantizationScheme.PerChannelPerRow, Tensor? sample = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        var found = Linears(module, "").ToList();
        if (found.Count == 0)
        {
            throw new InvalidOperationException($"{module.GetName()} holds no nn.Linear, so there is nothing to quantize.");
        }

        var seen = sample is null ? [] : Observe(module, found, sample);
        var layers = new List<LayerQuantization>();
        var result = (nn.Module<Tensor, Tensor>)Convert(module, "");
        return new QuantizationResult(result, layers);

        nn.Module Convert(nn.Module current, string name)
        {
            if (current is Linear linear)
            {
                var quantized = new QuantizedLinear(linear, scheme);
                var inputs = seen.GetValueOrDefault(name) ?? Normal(64 * quantized.Kernel.Inputs);
                layers.Add(quantized.Kernel.Compare(name, QuantizedLinear.Values(linear.weight!), inputs, inputs.Length / quantized.Kernel.Inputs));
                return quantized;
            }

            var children = Children(current).Select(child => (child.name, Old: child.module, New: Convert(child.module, Join(name, child.name)))).ToList();
            if (children.TrueForAll(child => ReferenceEquals(child.Old, child.New)))
            {
                return current;
            }

            if (current is Sequential)
            {
                return nn.Sequential([.. children.Select(child => (child.name, (nn.Module<Tensor, Tensor>)child.New))]);
            }

            foreach (var (child, old, replacement) in children.Where(child => !ReferenceEquals(child.Old, child.New)))
            {
                Replace(current, child, old, replacement);
            }

            return current;
        }
    }

    private static IEnumerable<(string Name, Linear Layer)> Linears(nn.Module module, string name) => module is Linear linear
        ? [(name, linear)]
        : Children(module).SelectMany(child => Linears(child.module, Join(name, child.name)));

    // What a model's gates decide by is not rounded, so that the quantized model runs the same gates of its circuit.
    private static IEnumerable<(string name, nn.Module module)> Children(nn.Module module)
    {
        if (module is not HybridModel model)
        {
            return module.named_children();
        }

        var description = model.Describe();
        var rounded = description.Quantizable.Select(layer => layer.Name).ToHashSet();
        var kept = description.Layers.OfType<LinearDescription>().Select(layer => layer.Name).Where(name => !rounded.Contains(name)).ToHashSet();
        return module.named_children().Where(child => !kept.Contains(child.name));
    }

    // What each layer sees when the module runs on the sample.
    private static Dictionary<string, float[]> Observe(nn.Module<Tensor, Tensor> module, List<(string Name, Linear Layer)> layers, Tensor sample)
    {
        var seen = new Dictionary<string, float[]>();
        var hooks = layers.ConvertAll(layer => layer.Layer.register_forward_pre_hook((_, input) =>
        {
            seen[layer.Name] = QuantizedLinear.Values(input);
            return input;
        }));
        try
        {
            using var off = no_grad();
            module.call(sample).Dispose();
        }
        finally
        {
            hooks.ForEach(hook => hook.remove());
        }

        return seen;
    }

    private static float[] Normal(int count)
    {
        using var generator = new Generator(0);
        using var values = randn(count, generator: generator);
        return [.. values.data<float>()];
    }

    // A module knows a child twice: in the field that its forward uses and in its table of children.
    private static void Replace(nn.Module parent, string name, nn.Module old, nn.Module replacement)
    {
        var fields = Fields(parent.GetType()).Where(field => ReferenceEquals(field.GetValue(parent), old)).ToList();
        if (fields.Find(field => !field.FieldType.IsAssignableFrom(replacement.GetType())) is { } narrow)
        {
            throw new InvalidOperationException(
                $"{parent.GetName()}.{narrow.Name} is declared as {narrow.FieldType.Name} and cannot hold a quantized layer; declare it as nn.Module<Tensor, Tensor>.");
        }

        fields.ForEach(field => field.SetValue(parent, replacement));
        var table = typeof(nn.Module).GetField("_internal_submodules", BindingFlags.Instance | BindingFlags.NonPublic)?.GetValue(parent);
        var entry = table?.GetType().GetProperty("Item", [typeof(string)]);
        if (entry is null)
        {
            throw new InvalidOperationException($"This version of TorchSharp keeps children otherwise than 0.107, so {parent.GetName()}.{name} cannot be replaced.");
        }

        entry.SetValue(table, replacement, [name]);
    }

    private static IEnumerable<FieldInfo> Fields(Type? type)
    {
        for (; type is not null && type != typeof(nn.Module); type = type.BaseType)
        {
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                yield return field;
            }
        }
    }

    private static string Join(string prefix, string name) => prefix.Length == 0 ? name : $"{prefix}.{name}";
}
