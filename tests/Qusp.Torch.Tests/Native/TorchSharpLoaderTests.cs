// SPDX-License-Identifier: Apache-2.0
using Qusp.Torch.Native;
using TorchSharp;

namespace Qusp.Torch.Tests.Native;

public sealed class TorchSharpLoaderTests : IDisposable
{
    private readonly string cache = Directory.CreateTempSubdirectory("qusp-loader-").FullName;

    public static bool IsLinuxX64 => OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    public void Dispose() => Directory.Delete(cache, recursive: true);

    [Fact]
    public void TorchSharp_works_in_this_process()
    {
        using var ones = torch.ones(3, 4);
        Assert.Equal(12, ones.sum().item<float>());
    }

    [Fact(SkipUnless = nameof(IsLinuxX64), Skip = "the library is an ELF file only there")]
    public void The_need_of_the_newer_libstdcxx_is_gone_from_the_copy_and_nothing_else_is()
    {
        var original = File.ReadAllBytes(Library());
        var patched = Patch(original);
        Assert.NotNull(patched);
        Assert.Equal(original.Length, patched.Length);
        var changed = original.Zip(patched).Count(pair => pair.First != pair.Second);
        Assert.InRange(changed, 3, TorchSharpLoader.Symbol.Length + 3);
        Assert.Null(Patch(patched));
    }

    [Fact(SkipUnless = nameof(IsLinuxX64), Skip = "the library is an ELF file only there")]
    public void The_copy_is_made_once_and_the_package_is_left_alone()
    {
        var before = File.ReadAllBytes(Library());
        var first = TorchSharpLoader.PatchedCopy(Library(), cache, out var made);
        Assert.True(made);
        Assert.Equal(first, TorchSharpLoader.PatchedCopy(Library(), cache, out var madeAgain));
        Assert.False(madeAgain);
        Assert.Equal(before, File.ReadAllBytes(Library()));
        Assert.Equal("libLibTorchSharp.so", Assert.Single(Directory.GetFiles(cache, "*", SearchOption.AllDirectories).Select(Path.GetFileName)));
    }

    [Theory(SkipUnless = nameof(IsLinuxX64), Skip = "the library is an ELF file only there")]
    [InlineData("cut off")]
    [InlineData("one byte changed")]
    [InlineData("empty")]
    public void A_spoilt_copy_is_made_again(string damage)
    {
        var copy = TorchSharpLoader.PatchedCopy(Library(), cache, out _)!;
        var good = File.ReadAllBytes(copy);
        var spoilt = damage switch { "cut off" => good[..(good.Length / 2)], "empty" => [], _ => good.ToArray() };
        if (spoilt.Length == good.Length)
        {
            spoilt[^1] ^= 1;
        }

        File.WriteAllBytes(copy, spoilt);
        Assert.Equal(copy, TorchSharpLoader.PatchedCopy(Library(), cache, out var made));
        Assert.True(made);
        Assert.Equal(good, File.ReadAllBytes(copy));
    }

    [Fact(SkipUnless = nameof(IsLinuxX64), Skip = "the library is an ELF file only there")]
    public async Task Many_processes_at_once_see_a_whole_copy()
    {
        var copies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            () => File.ReadAllBytes(TorchSharpLoader.PatchedCopy(Library(), cache, out var _)!))));
        Assert.All(copies, copy => Assert.Equal(copies[0], copy));
        Assert.Single(Directory.GetFiles(cache, "*", SearchOption.AllDirectories));
    }

    [Fact(SkipUnless = nameof(IsLinuxX64), Skip = "the library is an ELF file only there")]
    public void What_is_no_such_library_is_not_patched()
    {
        var original = File.ReadAllBytes(Library());
        Assert.Null(Patch([]));
        Assert.Null(Patch("no library"u8));
        Assert.Null(Patch(original.AsSpan(0, 70)));
        Assert.Null(Patch(original.AsSpan(0, 100_000)));
        Assert.Null(ElfVersionPatch.Apply(original, "GLIBCXX_9.9", TorchSharpLoader.Symbol));
        Assert.Null(ElfVersionPatch.Apply(original, "GLIBCXX_3.4.30", TorchSharpLoader.Symbol));
    }

    private static byte[]? Patch(ReadOnlySpan<byte> library) => ElfVersionPatch.Apply(library, TorchSharpLoader.Version, TorchSharpLoader.Symbol);

    private static string Library() => Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");
}
