// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Qusp.Inference;
using Qusp.Torch;

namespace Qusp.Cli;

/// <summary>The files of a model directory.</summary>
internal static class ModelFiles
{
    /// <summary>The loss of each epoch, beside the model.</summary>
    public const string HistoryFileName = "history.csv";

    /// <summary>Gives a network the parameters of a file.</summary>
    public static void Start(HybridModel network, string path) => throw new NotImplementedException();

    /// <summary>Writes a trained network. Each file is there whole or not at all.</summary>
    /// <returns>A name for each file, and its path.</returns>
    public static List<(string Name, string Path)> Save(string folder, HybridModel network, ModelDescription description, TrainingReport report)
    {
        throw new NotImplementedException();
    }
}
