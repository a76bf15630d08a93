#:project ../src/Qusp.Torch
#:property BringsLibTorch=true
// SPDX-License-Identifier: Apache-2.0
// The advanced script of the origin document. Run it: dotnet run samples/origin-advanced.cs
using Qusp;
using Qusp.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

// 1) The quantum backend, in order of preference
var backend = Devices.Select("lightning.gpu,qiskit.aer,default.qubit");
Console.WriteLine(backend.Requested switch
{
    "lightning.gpu" => "✅ Running on lightning.gpu backend.",
    "qiskit.aer" => "✅ Running on Qiskit Aer backend.",
    _ => "⚠️ Qiskit Aer not found. Using default.qubit simulator.",
});

// 4) Training
var model = new AdvancedQuantumSparseNN(backend.Device);
var optimizer = optim.Adam(model.parameters(), lr: 0.01);
var loss_fn = nn.MSELoss();

var X_train = rand(10, 4);
var y_train = randint(0, 2, [10, 2]).@float();

for (var epoch = 0; epoch < 50; epoch++)
{
    using var step = NewDisposeScope();
    optimizer.zero_grad();
    var preds = model.call(X_train);
    var loss = loss_fn.call(preds, y_train);
    loss.backward();
    optimizer.step();
    if (epoch % 10 == 0)
    {
        Console.WriteLine($"Epoch {epoch} | Loss: {loss.item<float>():F4}");
    }
}

Console.WriteLine("✅ Training Complete!");

// 5) Dynamic quantization
model.classical_layer = Quantize.Dynamic(model.classical_layer).Module;
model.classical_output = Quantize.Dynamic(model.classical_output).Module;

Console.WriteLine("✅ Quantization Applied!");

// 3) The hybrid network with a soft threshold
internal sealed class AdvancedQuantumSparseNN : nn.Module<Tensor, Tensor>
{
    public nn.Module<Tensor, Tensor> classical_layer = nn.Linear(4, 4);
    public nn.Module<Tensor, Tensor> activation = nn.Tanh();
    public Parameter alpha = new(tensor(10.0f)); // how hard the threshold is
    public nn.Module<Tensor, Tensor> quantum_layer;
    public nn.Module<Tensor, Tensor> classical_output = nn.Linear(4, 2);

    public AdvancedQuantumSparseNN(IDevice dev)
        : base(nameof(AdvancedQuantumSparseNN))
    {
        quantum_layer = new QuantumLayer(Circuit(), new() { CustomDevice = dev, Differentiation = Differentiation.ParameterShift });
        RegisterComponents();
    }

    // 2) The circuit: RY and CNOT only where an input exceeds 0.1
    private static Circuit Circuit()
    {
        var circuit = new CircuitBuilder(wires: 4);
        var inputs = circuit.Inputs(4);
        for (var i = 0; i < inputs.Length; i++)
        {
            circuit.If(inputs[i] > 0.1, then => then.RY(inputs[i], i).CNOT(i, (i + 1) % inputs.Length));
        }

        return circuit.ExpectZ().Build();
    }

    public override Tensor forward(Tensor x)
    {
        x = activation.call(classical_layer.call(x)); // [B, 4]
        var mask = sigmoid(alpha * (x.abs() - 0.1)); // [B, 4]
        x = quantum_layer.call(x * mask); // [B, 4], the whole batch in one call
        return classical_output.call(x); // [B, 2]
    }
}
