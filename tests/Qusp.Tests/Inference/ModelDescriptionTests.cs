// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Qusp.Inference;
using Xunit;

namespace Qusp.Tests.Inference;

public sealed class ModelDescriptionTests
{
    [Fact]
    public void A_description_is_read_back_as_it_was_written()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.File("model.json");
        foreach (var model in new[] { Models.Basic, Models.Advanced, Models.Full, Models.Full with { Precision = Precision.Double } })
        {
            model.Save(path);
            var read = ModelDescription.Load(path);
            Assert.Equal(model.ToJson(), read.ToJson());
            Assert.Equal(model.Layers.AsEnumerable(), read.Layers);
            Assert.Equal((model.Precision, model.Loss, model.Quantization), (read.Precision, read.Loss, read.Quantization));
            Assert.Equal(model.Standardization?.Mean.AsEnumerable(), read.Standardization?.Mean);
            Assert.Equal(model.Standardization?.Deviation.AsEnumerable(), read.Standardization?.Deviation);
            Assert.Equal(model.Features.AsEnumerable(), read.Features);
            Assert.True(JsonNode.DeepEquals(model.Training, read.Training));
        }

        Assert.Equal([path], Directory.GetFiles(directory.Path));
    }

    [Fact]
    public void Its_width_is_that_of_the_first_and_last_layer_that_has_one()
    {
        Assert.Equal((4, 2), (Models.Full.Inputs, Models.Full.Outputs));
        Assert.Equal((3, 5), (Of(new TanhDescription(), new LinearDescription("l", 3, 5), new TanhDescription()).Inputs, Of(new LinearDescription("l", 3, 5)).Outputs));
    }

    [Theory]
    [InlineData("format", "\"onnx\"", "$.format: this is no qusp-model; give a directory that `qusp train` wrote")]
    [InlineData("format", null, "$: 'format' is missing; write it")]
    [InlineData("version", "2", "$.version: version 2 is newer than this program, which knows 1; update it")]
    [InlineData("version", "0", "$.version: 0 is not allowed")]
    [InlineData("model", "7", "$.model: 7 is not a text; write a text")]
    [InlineData("precision", "\"half\"", "$.precision: 'half' is not allowed; write single or double")]
    [InlineData("layers", null, "$: 'layers' is missing")]
    [InlineData("layers", "[]", "$.layers: no layer has inputs and outputs")]
    [InlineData("layers", """[{"type":"tanh"}]""", "$.layers: no layer has inputs and outputs")]
    [InlineData("layers", """[{"type":"relu"}]""", "$.layers[0].type: 'relu' is no layer; there are linear, tanh, soft-threshold, gate, quantum")]
    [InlineData("layers", """[{"type":"tanh","name":"a"}]""", "$.layers[0]: 'name' is unknown here; known are type")]
    [InlineData("layers", """[{"type":"linear","name":"a","in":0,"out":1}]""", "$.layers[0].in: 0 is not allowed")]
    [InlineData("layers", """[{"type":"linear","name":"","in":1,"out":1}]""", "$.layers[0].name: the name is empty")]
    [InlineData("layers", """[{"type":"linear","name":"a","in":4,"out":3},{"type":"tanh"},{"type":"linear","name":"b","in":4,"out":2}]""", "$.layers[2]: it takes 4 inputs, but the layers before it give 3")]
    [InlineData("layers", """[{"type":"linear","name":"a","in":4,"out":4},{"type":"linear","name":"a","in":4,"out":2}]""", "$.layers[1]: the name 'a' stands twice")]
    [InlineData("layers", """[{"type":"quantum","name":"q","guardComparison":"item","circuitPrecision":"double","circuit":{"wires":1,"inputs":0}}]""", "$.layers[0].circuit: it has no inputs or measures nothing")]
    [InlineData("layers", """[{"type":"quantum","name":"q","guardComparison":"item","circuitPrecision":"double","circuit":{"wires":1,"inputs":1,"operations":[{"gate":"XX"}]}}]""", "$.layers[0].circuit.operations[0]: 'wires' is missing")]
    [InlineData("layers", """[{"type":"quantum","name":"q","guardComparison":"both","circuitPrecision":"double","circuit":{"wires":1,"inputs":1,"measurements":[{"expectation":"Z0"}]}}]""", "$.layers[0].guardComparison: 'both' is not allowed; write item or tensor")]
    [InlineData("standardization", """{"mean":[1,2,3],"deviation":[1,1,1,1]}""", "$.standardization: it has 3 means and 4 deviations for 4 features")]
    [InlineData("standardization", """{"mean":[1,2,3,4],"deviation":[1,1,0,1]}""", "$.standardization.deviation[2]: a deviation is above 0")]
    [InlineData("features", """["a"]""", "$.features: it has 1 names, but the network has 4 features")]
    [InlineData("classes", """["a","b","c"]""", "$.classes: it has 3 names, but the network has 2 outputs")]
    [InlineData("quantization", """{"scheme":"int4","file":"m"}""", "$.quantization.scheme: There is no quantization scheme 'int4'; there are")]
    [InlineData("quantization", """{"scheme":"pytorch","file":"../m"}""", "$.quantization.file: '../m' is no file beside model.json")]
    [InlineData("training", "[1]", "$.training: this is not an object")]
    [InlineData("los", "\"mse\"", "$: 'los' is unknown here; known are format, version, model")]
    public void A_bad_description_ends_in_one_line_that_names_the_place(string property, string? value, string message)
    {
        var json = JsonNode.Parse(Models.Full.ToJson())!.AsObject();
        json.Remove(property);
        if (value is not null)
        {
            json[property] = JsonNode.Parse(value);
        }

        using var directory = new TemporaryDirectory();
        var path = directory.File("model.json");
        File.WriteAllText(path, json.ToJsonString());
        var error = Assert.Throws<InvalidDataException>(() => ModelDescription.Load(path));
        Assert.StartsWith($"{path}:{message}", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_file_that_is_not_JSON_is_named() =>
        Assert.StartsWith("m.json:$: ", Assert.Throws<InvalidDataException>(() => ModelDescription.Parse("{\n", "m.json")).Message, StringComparison.Ordinal);

    [Fact]
    public void What_does_not_fit_together_is_not_written()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.File("model.json");
        Assert.Throws<InvalidDataException>(() => Of(new LinearDescription("a", 4, 3), new LinearDescription("b", 4, 3)).Save(path));
        Assert.Throws<InvalidDataException>(() => (Models.Full with { Standardization = new Standardization([1], [double.NaN]) }).Save(path));
        Assert.Empty(Directory.GetFiles(directory.Path));
    }

    private static ModelDescription Of(params LayerDescription[] layers) => new() { Model = "custom", Layers = [.. layers] };
}
