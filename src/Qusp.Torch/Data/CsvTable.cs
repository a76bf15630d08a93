// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Sylvan.Data.Csv;

namespace Qusp.Torch;

/// <summary>A CSV file as text: a header and rows of as many fields, each with the line it stands on.</summary>
internal sealed class CsvTable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private CsvTable(string name, string[] header, int headerLine) => (Name, Header, HeaderLine) = (name, header, headerLine);

    /// <summary>The file's name, for messages.</summary>
    public string Name { get; }

    public string[] Header { get; }

    /// <summary>The line of the header, from 1.</summary>
    public int HeaderLine { get; }

    public List<(int Line, string[] Fields)> Rows { get; } = [];

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is not a table with a header; the message names the place.</exception>
    public static CsvTable Open(string path)
    {
        using var text = new StreamReader(path, Utf8); // or what a byte order mark says
        return Read(text, path);
    }

    public static CsvTable Read(TextReader text, string name)
    {
        CsvTable? table = null;
        var line = 1;
        try
        {
            using var reader = CsvDataReader.Create(text, new CsvDataReaderOptions { HasHeaders = false, Comment = '\0', MaxBufferSize = 1 << 26 });
            while (reader.Read())
            {
                var fields = new string[reader.RowFieldCount];
                for (var i = 0; i < fields.Length; i++)
                {
                    fields[i] = reader.GetString(i).Trim();
                }

                // A line without anything is no row, wherever it stands.
                if (fields.Length > 1 || fields[0].Length > 0)
                {
                    if (table is null)
                    {
                        table = new CsvTable(name, CheckedHeader(name, line, fields), line);
                    }
                    else
                    {
                        table.Rows.Add((line, table.CheckedRow(line, fields)));
                    }
                }

                line += 1 + fields.Sum(field => field.Count(c => c == '\n'));
            }
        }
        catch (DecoderFallbackException error)
        {
            // Read ahead by blocks, so the line is not known; a class name with a lost letter would pass in silence.
            throw new InvalidDataException($"{name}: a byte of it is no part of UTF-8; CSV is text: save it as UTF-8", error);
        }
        catch (CsvFormatException error)
        {
            throw Wrong(name, line, null, "the quotes do not match", "close each quoted field, and double a quote inside of it", error);
        }

        if (table is null)
        {
            throw Wrong(name, 1, null, "the file is empty", "give a header line and rows of numbers, such as f0,f1,label");
        }

        return table.Rows.Count > 0 ? table : throw Wrong(name, table.HeaderLine + 1, null, "no row follows the header", "add rows of numbers");
    }

    /// <summary>The number in a field.</summary>
    /// <exception cref="InvalidDataException">It is not a finite number.</exception>
    public double Number(int row, int column)
    {
        var (line, fields) = Rows[row];
        var text = fields[column];
        if (text.Length == 0)
        {
            throw Wrong(line, column, "the value is missing", "fill it in or leave the row out");
        }

        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            throw Wrong(line, column, $"'{Shortened(text)}' is not a number", "write it such as 0.5, or name the class column with --label");
        }

        return double.IsFinite(value) ? value : throw Wrong(line, column, $"'{Shortened(text)}' is not a finite number", "fill it in or leave the row out");
    }

    /// <summary>An error at a place of this table.</summary>
    public InvalidDataException Wrong(int line, int? column, string what, string remedy) =>
        Wrong(Name, line, column is { } at ? Header[at] : null, what, remedy);

    public static string Shortened(string text) => text.Length <= 30 ? text.ReplaceLineEndings(" ") : text[..30].ReplaceLineEndings(" ") + "…";

    private static InvalidDataException Wrong(string name, int line, string? column, string what, string remedy, Exception? inner = null) =>
        new($"{name}:{line}{(column is null ? "" : $", column {Shortened(column)}")}: {what}; {remedy}", inner);

    private static string[] CheckedHeader(string name, int line, string[] fields)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            if (fields[i].Length == 0)
            {
                throw Wrong(name, line, null, $"column {i + 1} has no name", "name it in the header, or write the file without an index column");
            }

            if (Array.IndexOf(fields, fields[i]) < i)
            {
                throw Wrong(name, line, fields[i], "two columns have this name", "give each column a name of its own");
            }
        }

        return fields.All(field => double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            ? throw Wrong(name, line, null, "the first line holds numbers, not names", "add a header line such as f0,f1,label")
            : fields;
    }

    private string[] CheckedRow(int line, string[] fields) => fields.Length == Header.Length
        ? fields
        : throw Wrong(Name, line, null, $"the row has {fields.Length} fields, the header {Header.Length}", "make each row as long as the header");
}
