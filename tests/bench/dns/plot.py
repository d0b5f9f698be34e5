"""Lines on logarithmic axes, as SVG: enough for the figures of run.py."""
import html
import math
import pathlib

WIDTH, HEIGHT = 860, 500
LEFT, RIGHT, TOP, BOTTOM = 84, 190, 48, 56
# Told apart by those who do not see all colours too, and by their marks.
COLORS = ("#000000", "#d55e00", "#0072b2", "#56b4e9", "#009e73", "#cc79a7",
          "#e69f00", "#7f7f7f", "#882255", "#999933")
DASHES = ("", "", "", "6 3", "", "", "", "2 3", "8 3 2 3", "4 4")


def label(value):
    """1000 as 1k."""
    for size, unit in ((1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:g}{unit}"
    return f"{value:g}"


class Axis:
    """From numbers to places, by their logarithm."""

    def __init__(self, values, start, end):
        low, high = min(values), max(values)
        self.low = math.floor(math.log10(low) * 4 - 0.2) / 4
        self.high = math.ceil(math.log10(high) * 4 + 0.2) / 4
        self.start, self.end = start, end

    def place(self, value):
        """Where it is."""
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    def ticks(self):
        """1, 2, 5, 10, ... or powers of ten alone when they are many."""
        steps = (1, 2, 5) if self.high - self.low < 2.5 else (1,)
        for power in range(math.floor(self.low), math.ceil(self.high) + 1):
            for step in steps:
                value = step * 10.0 ** power
                if self.low <= math.log10(value) <= self.high:
                    yield value


def text(x, y, words, anchor="middle", more=""):
    """One line of text."""
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>'
            f"{html.escape(words)}</text>")


def frame(out, across, up, title, below, beside):
    """Axes, grid and words."""
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    out.append(text(LEFT, 26, title, "start",
                    ' font-size="16" font-weight="bold"'))
    for value in across.ticks():
        x = across.place(value)
        out.append(f'<path d="M{x:.1f} {TOP}V{bottom}" stroke="#ddd"/>')
        out.append(text(x, bottom + 20, label(value)))
    for value in up.ticks():
        y = up.place(value)
        out.append(f'<path d="M{LEFT} {y:.1f}H{right}" stroke="#ddd"/>')
        out.append(text(LEFT - 8, y + 4, label(value), "end"))
    out.append(f'<path d="M{LEFT} {TOP}V{bottom}H{right}" fill="none" '
               'stroke="#333"/>')
    out.append(text((LEFT + right) / 2, HEIGHT - 14, below))
    middle = (TOP + bottom) / 2
    out.append(text(22, middle, beside, "middle",
                    f' transform="rotate(-90 22 {middle:.0f})"'))


def legend(out, ends):
    """Names beside the ends of the lines, none upon another."""
    ends = sorted(ends)
    places, last = [], TOP - 20
    for y, _, _ in ends:
        last = max(y, last + 17)
        places.append(last)
    last = HEIGHT
    for i in reversed(range(len(places))):
        last = places[i] = min(places[i], last - 17)
    x = WIDTH - RIGHT
    for place, (y, name, color) in zip(places, ends):
        out.append(f'<path d="M{x} {y:.1f}L{x + 14} {place:.1f}" '
                   f'stroke="{color}" fill="none" stroke-width="0.8"/>')
        out.append(text(x + 18, place + 4, name, "start",
                        f' fill="{color}"'))


def write(path, lines, title, below, beside):
    """lines: {name: [(x, y), ...]}"""
    points = [point for line in lines.values() for point in line]
    if not points:
        return
    across = Axis([x for x, _ in points], LEFT, WIDTH - RIGHT)
    up = Axis([y for _, y in points], HEIGHT - BOTTOM, TOP)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" '
           f'height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
           'font-family="sans-serif" font-size="12" role="img">',
           f"<title>{html.escape(title)}</title>",
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>']
    frame(out, across, up, title, below, beside)
    ends = []
    for number, (name, line) in enumerate(lines.items()):
        color = COLORS[number % len(COLORS)]
        dash = DASHES[number % len(DASHES)]
        places = [(across.place(x), up.place(y)) for x, y in line]
        if not places:
            continue
        drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        out.append(f'<polyline points="{drawn}" fill="none" '
                   f'stroke="{color}" stroke-width="2"' +
                   (f' stroke-dasharray="{dash}"' if dash else "") + "/>")
        for x, y in places:
            out.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" '
                       f'fill="{color}"/>')
        ends.append((places[-1][1], name, color))
    legend(out, ends)
    out.append("</svg>")
    pathlib.Path(path).write_text("\n".join(out) + "\n", encoding="utf-8")
