// SPDX-License-Identifier: Apache-2.0
using System.IO.Compression;

namespace Qusp.Torch.Tests;

/// <summary>A folder of its own that goes when the test ends.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("qusp-test-").FullName;

    public string At(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, string content)
    {
        File.WriteAllText(At(name), content);
        return At(name);
    }

    public string Write(string name, byte[] content, bool gzip = false)
    {
        if (!gzip)
        {
            File.WriteAllBytes(At(name), content);
            return At(name);
        }

        using var stream = new GZipStream(File.Create(At(name)), CompressionLevel.Fastest);
        stream.Write(content);
        return At(name);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
