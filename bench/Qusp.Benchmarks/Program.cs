// SPDX-License-Identifier: Apache-2.0
// dotnet run -c Release --project bench/Qusp.Benchmarks -- --filter '*Workloads.Origin.*'
// dotnet run -c Release --project bench/Qusp.Benchmarks -- page measure
using BenchmarkDotNet.Running;
using Qusp.Benchmarks.Page;

if (args is ["page", .. var rest])
{
    return PageVerb.Run(rest);
}

BenchmarkSwitcher.FromAssembly(typeof(PageVerb).Assembly).Run(args);
return 0;
