"""Rows of ratios as one table, and pictures of series by gnuplot."""
import os
import statistics
import subprocess


class Row:
    """`cells`: by column, a number (a ratio), a text, or None for a run that failed."""

    def __init__(self, part, name, cells, plain=""):
        self.part, self.name, self.cells, self.plain = part, name, cells, plain


def cell(row, name):
    if name == "nothing":
        return row.plain
    if name not in row.cells:
        return "–"
    value = row.cells[name]
    return "failed" if value is None else value if isinstance(value, str) else f"{value:.2f}"


def mean_row(part, name, rows):
    """The geometric mean of the rows, of each column that has figures; it says where it is of fewer rows than all."""
    cells = {}
    for column in {column for row in rows for column in row.cells if column != "nothing"}:
        figures = [row.cells[column] for row in rows if isinstance(row.cells.get(column), float)]
        if figures:
            mean = statistics.geometric_mean(figures)
            cells[column] = mean if len(figures) == len(rows) else f"{mean:.2f} of {len(figures)}"
    return Row(part, name, cells)


def table(rows, columns):
    names = [name for name in columns if any(name in row.cells for row in rows) or name == "nothing"]
    lines = ["| | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
    for row in rows:
        lines.append(f"| {row.name} | " + " | ".join(cell(row, name) for name in names) + " |")
    return "\n".join(lines)


def bars(folder, file, title, rows, columns):
    """A picture of rows: a group of bars each, on a logarithmic scale."""
    names = [name for name in columns if any(isinstance(row.cells.get(name), float) for row in rows) and
             name != "nothing"]
    lines = ["$data << END"]
    for row in rows:
        figures = [row.cells.get(name) for name in names]
        lines.append(f'"{row.name}" ' + " ".join(f"{figure:.3f}" if isinstance(figure, float) else "NaN"
                                                 for figure in figures))
    lines += ["END", "set style data histograms", "set style fill solid 0.8", "set logscale y", "set grid ytics",
              "set boxwidth 0.9", "set xtics rotate by -25 nomirror", 'set ylabel "times as much as with nothing"']
    plots = ", ".join(f'$data using {k + 2}:xtic(1) title "{name}"' for k, name in enumerate(names))
    draw(folder, file, title, lines, plots)


def lines_picture(folder, file, title, axes, series):
    """A picture of series {name: [(x, y)]} on two logarithmic scales."""
    lines = []
    for k, points in enumerate(series.values()):
        lines += [f"$data{k} << END"] + [f"{x} {y}" for x, y in points] + ["END"]
    lines += ["set logscale xy", "set grid", f'set xlabel "{axes[0]}"', f'set ylabel "{axes[1]}"', "set key left top"]
    plots = ", ".join(f'$data{k} using 1:2 with linespoints lw 2 title "{name}"' for k, name in enumerate(series))
    draw(folder, file, title, lines, plots)


def draw(folder, file, title, lines, plots):
    if not plots:
        return
    script = ["set terminal svg size 1100,560 font 'sans,12' background 'white' enhanced", "set encoding utf8",
              f"set output '{os.path.join(folder, file)}'", f'set title "{title}" noenhanced',
              "set key noenhanced outside right", *lines, "plot " + plots]
    try:
        subprocess.run(["gnuplot"], input="\n".join(script) + "\n", text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"no picture {file}: {error}")
