// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace Qusp.Simulation.Lanes;

/// <summary>Between rows of samples, <c>[B, C]</c>, and columns of lanes, <c>[C]</c>: four columns at a time by shuffles where the processor has them.</summary>
internal static unsafe class LaneRows<V, T>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Rows to columns; lanes without a row are zero.</summary>
    public static void Load(T* rows, int count, int lanes, V* columns)
    {
        if (lanes == V.Count && count >= LaneTranspose.Columns && LaneTranspose.Has<V, T>())
        {
            for (var column = 0; ; column = Math.Min(column + LaneTranspose.Columns, count - LaneTranspose.Columns))
            {
                LaneTranspose.ToColumns<V, T>(rows + column, count, columns + column);
                if (column == count - LaneTranspose.Columns)
                {
                    return;
                }
            }
        }

        for (var column = 0; column < count; column++)
        {
            columns[column] = default;
            var lane = (T*)(columns + column);
            for (var s = 0; s < lanes; s++)
            {
                lane[s] = rows[((nint)s * count) + column];
            }
        }
    }

    /// <summary>Columns to rows; lanes without a row are not written.</summary>
    public static void Store(V* columns, int count, int lanes, T* rows)
    {
        if (lanes == V.Count && count >= LaneTranspose.Columns && LaneTranspose.Has<V, T>())
        {
            // The last four may overlap those before: they are written twice, with the same numbers.
            for (var column = 0; ; column = Math.Min(column + LaneTranspose.Columns, count - LaneTranspose.Columns))
            {
                LaneTranspose.ToRows<V, T>(columns + column, rows + column, count);
                if (column == count - LaneTranspose.Columns)
                {
                    return;
                }
            }
        }

        for (var column = 0; column < count; column++)
        {
            var lane = (T*)(columns + column);
            for (var s = 0; s < lanes; s++)
            {
                rows[((nint)s * count) + column] = lane[s];
            }
        }
    }
}
