// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Security.Cryptography;

namespace Qusp.Torch.Native;

/// <summary>
/// Lets TorchSharp 0.107 load where libstdc++ is older than GCC 13 (Debian 12, Ubuntu 22.04, RHEL 9): its native library
/// asks for GLIBCXX_3.4.32 for the sake of one function that does nothing there. A copy without that need is kept in the
/// user's cache, and handed to TorchSharp when it asks for its library and the system could not load it; nothing is
/// loaded before. The package's file is never written. To be deleted when TorchSharp mends its build.
/// </summary>
internal static class TorchSharpLoader
{
    internal const string SwitchOff = "QUSP_NO_LIBTORCH_PATCH";
    internal const string Version = "GLIBCXX_3.4.32";
    internal const string Symbol = "_ZSt21ios_base_library_initv";
    private const string RequestedName = "LibTorchSharp";
    private static readonly Lock Gate = new();
    private static bool waiting;

    // A library's module initializer is the one place that runs before its users know of it.
#pragma warning disable CA2255
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Initialize()
    {
        lock (Gate)
        {
            if (!waiting && OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64
                && Environment.GetEnvironmentVariable(SwitchOff) is null or "" or "0")
            {
                // Raised only when the system could not load the library itself.
                AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) => name == RequestedName ? LoadPatched() : 0;
                waiting = true;
            }
        }
    }

    /// <summary>The patched copy of a library in a cache folder, made if it is not there or is not what it should be.</summary>
    /// <param name="library">The library's path.</param>
    /// <param name="cache">The cache folder; made if missing.</param>
    /// <param name="made">Whether the copy was made by this call.</param>
    /// <returns>The copy's path; null if the library is not one to patch.</returns>
    internal static string? PatchedCopy(string library, string cache, out bool made)
    {
        made = false;
        var original = File.ReadAllBytes(library);
        if (ElfVersionPatch.Apply(original, Version, Symbol) is not { } patched)
        {
            return null;
        }

        var folder = Path.Combine(cache, Convert.ToHexStringLower(SHA256.HashData(original))[..32]);
        var copy = Path.Combine(folder, Path.GetFileName(library));
        if (File.Exists(copy) && File.ReadAllBytes(copy).AsSpan().SequenceEqual(patched))
        {
            return copy;
        }

        // Another process sees the whole file or none.
        Directory.CreateDirectory(folder);
        AtomicFile.Write(copy, stream => stream.Write(patched));
        made = true;
        return copy;
    }

    private static nint LoadPatched()
    {
        if (SystemHasSymbol() || FindLibrary() is not { } library)
        {
            return 0; // the trouble is another one; TorchSharp says best what is missing
        }

        try
        {
            if (PatchedCopy(library, CacheFolder(), out var made) is not { } copy)
            {
                return 0;
            }

            // The copy stands alone, so what it needs must be loaded before it, from the original's folder.
            foreach (var name in (ReadOnlySpan<string>)["libtorch_cpu.so", "libtorch.so"])
            {
                var neighbour = Path.Combine(Path.GetDirectoryName(library)!, name);
                if (!NativeLibrary.TryLoad(File.Exists(neighbour) ? neighbour : name, out _))
                {
                    Console.Error.WriteLine(MissingLibTorch(name));
                    return 0;
                }
            }

            var handle = NativeLibrary.Load(copy);
            if (made || Environment.GetEnvironmentVariable("QUSP_LOG") is { Length: > 0 })
            {
                Console.Error.WriteLine($"qusp: this system's libstdc++ has no {Version}; TorchSharp runs from the patched copy {copy} ({SwitchOff}=1 turns this off)");
            }

            return handle;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or DllNotFoundException)
        {
            Console.Error.WriteLine($"qusp: {library}: no copy for this system's older libstdc++ could be loaded: {error.Message}; set XDG_CACHE_HOME to a folder that can be written");
            return 0;
        }
    }

    /// <summary>What to do where TorchSharp is there and what it stands on is not: the libraries leave the choice of libtorch to their user.</summary>
    internal static string MissingLibTorch(string name) =>
        $"qusp: {name} could not be loaded: Qusp.Torch leaves the choice of libtorch to you; add a package to your project, such as libtorch-cpu-linux-x64";

    private static string CacheFolder()
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } given
            ? given
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".cache");
        return Path.Combine(cache, "qusp", "native");
    }

    private static bool SystemHasSymbol() =>
        NativeLibrary.TryLoad("libstdc++.so.6", out var system) && NativeLibrary.TryGetExport(system, Symbol, out _);

    // Where the host looks for native libraries: the folders of the packages or of the published app.
    private static string? FindLibrary() =>
        (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append(AppContext.BaseDirectory)
            .Select(folder => Path.Combine(folder, $"lib{RequestedName}.so"))
            .FirstOrDefault(File.Exists);
}
