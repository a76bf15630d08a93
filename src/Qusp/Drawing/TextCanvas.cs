// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Qusp.Drawing;

/// <summary>A sheet of characters on which lines join where they meet: each cell knows which of its four sides they reach.</summary>
internal sealed class TextCanvas(int rows, int columns)
{
    private const int Up = 1;
    private const int Down = 2;
    private const int Left = 4;
    private const int Right = 8;

    // By the sides that lines reach.
    private const string Glyphs = " ╵╷│╴┘┐┤╶└┌├─┴┬┼";

    private readonly int[,] sides = new int[rows, columns];
    private readonly bool[,] dashed = new bool[rows, columns];
    private readonly char[,] text = new char[rows, columns];

    /// <summary>A line from one column to another, ends included.</summary>
    public void Horizontal(int row, int from, int to, bool dash = false)
    {
        for (var column = from; column <= to; column++)
        {
            sides[row, column] |= (column > from ? Left : 0) | (column < to ? Right : 0);
            dashed[row, column] |= dash;
        }
    }

    /// <summary>A line from one row to another, ends included.</summary>
    public void Vertical(int column, int from, int to, bool dash = false)
    {
        for (var row = from; row <= to; row++)
        {
            sides[row, column] |= (row > from ? Up : 0) | (row < to ? Down : 0);
            dashed[row, column] |= dash;
        }
    }

    /// <summary>Wipes the cells between two columns, and the lines' ends that reached them, for what is inside of a box.</summary>
    public void Clear(int row, int from, int to)
    {
        for (var column = from; column <= to; column++)
        {
            sides[row, column] = 0;
        }

        sides[row, from - 1] &= ~Right;
        sides[row, to + 1] &= ~Left;
    }

    /// <summary>Writes over whatever lines are there.</summary>
    public void Write(int row, int column, string value)
    {
        for (var k = 0; k < value.Length; k++)
        {
            text[row, column + k] = value[k];
        }
    }

    /// <summary>The lines of text, without trailing blanks.</summary>
    public IEnumerable<string> Lines()
    {
        var line = new StringBuilder();
        for (var row = 0; row < rows; row++)
        {
            line.Clear();
            for (var column = 0; column < columns; column++)
            {
                line.Append(text[row, column] != '\0' ? text[row, column] : Glyph(sides[row, column], dashed[row, column]));
            }

            yield return line.ToString().TrimEnd();
        }
    }

    private static char Glyph(int sides, bool dashed) => (dashed, sides) switch
    {
        (true, Left | Right) => '╌',
        (true, Up | Down) => '┆',
        _ => Glyphs[sides],
    };
}
