// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using Qusp.Inference;
using Xunit;

namespace Qusp.Tests.Inference;

public sealed class AtomicFileTests
{
    [Fact]
    public void A_write_that_fails_in_the_middle_leaves_the_old_file()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.File("model.json");
        AtomicFile.WriteText(path, "old");
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write("half"u8);
            throw new InvalidOperationException();
        }));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(directory.Path));
    }

    [Fact]
    public void A_link_stays_a_link_to_the_new_content()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege there");
        using var directory = new TemporaryDirectory();
        Directory.CreateDirectory(directory.File("there"));
        var (file, link, dangling) = (directory.File("there/file"), directory.File("link"), directory.File("dangling"));
        File.CreateSymbolicLink(link, file);
        File.CreateSymbolicLink(dangling, directory.File("there/other"));
        File.WriteAllText(file, "old");
        AtomicFile.WriteText(link, "new");
        AtomicFile.WriteText(dangling, "first");
        Assert.Equal((file, "new"), (new FileInfo(link).LinkTarget, File.ReadAllText(file)));
        Assert.Equal("first", File.ReadAllText(directory.File("there/other")));
        Assert.Equal(2, Directory.GetFiles(directory.File("there")).Length);
    }

    [Fact]
    public async Task A_pipe_is_written_to_and_stays_a_pipe()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "named pipes are no files there");
        using var directory = new TemporaryDirectory();
        var pipe = directory.File("pipe");
        using (var make = Process.Start("mkfifo", pipe))
        {
            await make.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        foreach (var text in (string[])["once", "twice"])
        {
            var reading = Task.Run(() => File.ReadAllText(pipe), TestContext.Current.CancellationToken);
            AtomicFile.WriteText(pipe, text);
            Assert.Equal(text, await reading);
        }

        Assert.Equal([pipe], Directory.GetFiles(directory.Path));
    }

    [Fact]
    public void A_device_is_not_replaced()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "devices are no files there");
        AtomicFile.WriteText("/dev/null", "nothing");
        Assert.Equal("", File.ReadAllText("/dev/null"));
    }

    [Fact]
    public void What_cannot_be_written_is_named_as_the_caller_named_it()
    {
        using var directory = new TemporaryDirectory();
        var nowhere = directory.File("none/file");
        Assert.StartsWith($"{nowhere}: ", Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.WriteText(nowhere, "x")).Message, StringComparison.Ordinal);
        Assert.StartsWith($"{directory.Path}: ", Assert.Throws<IOException>(() => AtomicFile.WriteText(directory.Path, "x")).Message, StringComparison.Ordinal);
    }
}
