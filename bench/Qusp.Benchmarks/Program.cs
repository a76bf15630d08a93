// SPDX-License-Identifier: Apache-2.0
// dotnet run -c Release --project bench/Qusp.Benchmarks -- --filter '*Origin*'
using BenchmarkDotNet.Running;

BenchmarkSwitcher.FromAssembly(typeof(Qusp.Benchmarks.Workloads.Origin).Assembly).Run(args);
