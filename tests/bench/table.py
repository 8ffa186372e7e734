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


COLOURS = {"nothing": "#999999", "Seep": "#d62728", "Seep on mimalloc": "#ff9896", "LeakSanitizer, 2 frames": "#1f77b4",
           "LeakSanitizer, full stacks": "#aec7e8", "heaptrack": "#2ca02c", "Valgrind": "#9467bd",
           "jemalloc's profile": "#8c564b", "gperftools' heap profile": "#e377c2", "Boehm's leak detector": "#bcbd22",
           "mimalloc alone": "#cccccc", "LeakSanitizer": "#1f77b4", "Boehm": "#bcbd22"}


def tool_of(name):
    """Of a series: its tool stands before the comma, where it is not a column."""
    return name if name in COLOURS else name.split(",")[0]


def colour(name):
    return f'lc rgb "{COLOURS[tool_of(name)]}"' if tool_of(name) in COLOURS else ""


def label(name):
    for word in ("memory: ", "malloc and free, ", "short: ", " (PYTHONMALLOC=malloc)"):
        name = name.replace(word, "")
    return name


def bars(folder, file, title, rows, columns):
    """A picture of rows: a group of bars each, on a logarithmic scale where they differ by more than 10 times."""
    names = [name for name in columns if any(isinstance(row.cells.get(name), float) for row in rows) and
             name != "nothing"]
    rows = [row for row in rows if any(isinstance(row.cells.get(name), float) for name in names)]
    figures = [row.cells[name] for row in rows for name in names if isinstance(row.cells.get(name), float)]
    lines = ["$data << END"]
    for row in rows:
        cells = [row.cells.get(name) for name in names]
        lines.append(f'"{label(row.name)}" ' + " ".join(f"{figure:.3f}" if isinstance(figure, float) else "NaN"
                                                        for figure in cells))
    is_wide = max(figures, default=1) > 10
    lines += ["END", "set style data histograms", "set style histogram clustered gap 2", "set style fill solid 1",
              "set logscale y" if is_wide else "", "set yrange [0.5:*]" if is_wide else "set yrange [0:*]",
              "set grid ytics", "set boxwidth 0.9", "set xtics rotate by -20 nomirror scale 0", "set rmargin 22",
              'set ylabel "times as much as with nothing"']
    plots = ", ".join(f'$data using {k + 2}:xtic(1) title "{name}" {colour(name)}' for k, name in enumerate(names))
    draw(folder, file, title, lines, plots + ', 1 notitle lc rgb "black"' if plots else "")


def lines_picture(folder, file, title, axes, series, logarithmic="xy"):
    """A picture of series {name: [(x, y)]} on two logarithmic scales, or on those that are named."""
    lines, names = [], list(series)
    for k, points in enumerate(series.values()):
        lines += [f"$data{k} << END"] + [f"{x} {y}" for x, y in points] + ["END"]
    lines += [f"set logscale {logarithmic}", "set grid", f'set xlabel "{axes[0]}"', f'set ylabel "{axes[1]}"',
              "set format x '%.0f'", "set rmargin 8"]
    plots = ", ".join(f'$data{k} using 1:2 with linespoints lw 2 pt {k % 14 + 1} '
                      f'dt {sum(tool_of(other) == tool_of(name) for other in names[:k]) + 1} '
                      f'{colour(name)} title "{name}"' for k, name in enumerate(names))
    draw(folder, file, title, lines, plots)


def draw(folder, file, title, lines, plots):
    if not plots:
        return
    script = ["set terminal svg size 1100,620 font 'sans,12' background 'white' enhanced", "set encoding utf8",
              f"set output '{os.path.join(folder, file)}'", f'set title "{title}" noenhanced',
              "set key noenhanced outside top center horizontal Left reverse", *lines, "plot " + plots]
    try:
        subprocess.run(["gnuplot"], input="\n".join(script) + "\n", text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"no picture {file}: {error}")
