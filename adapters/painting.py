"""A chart as a PNG: what Pillow is for, and nothing else imports it.

It is 1024 pixels wide, the most that Teams takes, and twice as large as it is shown on a desk's
screen; on a phone a third of it is left, so that no word is smaller than it can be read there. All
colours stand on white with a contrast of at least 4.5, and none says what the words do not.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import as_file, files
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont
from PIL.ImageFont import FreeTypeFont

from bot.graphemes import characters
from bot.pictures import Bar, Chart

WIDTH = HEIGHT = 1024
"""Pixels; the height is the most there are."""

INK, QUIET = "#1b1f24", "#4c5561"
FIRST, OTHERS = "#14507a", "#56728c"
PAPER = "#ffffff"

MARGIN, NUMBERS = 40, 60
"""Pixels around everything, and those of the column in which a line's number stands."""

BAR, LABEL, GAP = 34, 34, 16
"""Pixels of a bar's height, of the letters beside it, and between them."""

TIP = 0.6
"""How long the point of a bar is that may go on, for its height."""


_UNKNOWN = re.compile(r"[^\x20-\u2fff]|\u200d")
"""What the font has nothing for, such as emoji and what joins them: a box would stand there."""


@lru_cache(maxsize=64)
def png(chart: Chart) -> bytes:
    """The picture, as large as there is room for: on a phone few bars are easier to read so."""
    scale = 1.3
    painted = _painted(chart, scale)
    while painted.height > HEIGHT and scale > 0.5:
        scale -= 0.05
        painted = _painted(chart, scale)
    written = BytesIO()
    painted.quantize(64).save(written, "PNG", optimize=True)
    return written.getvalue()


def _painted(chart: Chart, scale: float) -> Image.Image:
    image = Image.new("RGB", (WIDTH, HEIGHT * 2), PAPER)
    brush = _Brush(ImageDraw.Draw(image), scale)
    brush.write(MARGIN, chart.title, 46, bold=True)
    brush.down(22)
    longest = brush.beside(max((_label(bar) for bar in chart.bars), key=len))
    for bar in chart.bars:
        _line(brush, bar, longest * bar.length // chart.most)
    brush.down(4)
    brush.write(MARGIN, chart.note, 32, colour=QUIET)
    return image.crop((0, 0, WIDTH, min(int(brush.y) + MARGIN, image.height)))


def _line(brush: _Brush, bar: Bar, length: int) -> None:
    bold = bool(bar.tag)
    brush.put(MARGIN, f"{bar.number}.", 40, bold=bold)
    brush.write(brush.left, bar.title, 40, bold=bold)
    brush.down(4)
    end = brush.bar(brush.left, length, FIRST if bold else OTHERS, pointed=bar.open)
    brush.put(end + GAP, _label(bar), LABEL, bold=bold, beside=BAR)
    brush.down(BAR + 20)


def _label(bar: Bar) -> str:
    return f"{bar.label} · {bar.tag}" if bar.tag else bar.label


class _Brush:
    """Writes and draws from the top down; `y` is where it stands."""

    def __init__(self, draw: ImageDraw.ImageDraw, scale: float) -> None:
        self._draw = draw
        self._scale = scale
        self.y = float(MARGIN - 10)
        self.left = MARGIN + int(NUMBERS * scale)

    def beside(self, label: str) -> int:
        """Pixels that are left for a bar beside this label, if it is pointed."""
        written = self._font(LABEL, bold=True).getlength(label)
        return int(WIDTH - MARGIN - self.left - written - GAP - BAR * self._scale * TIP)

    def down(self, pixels: float) -> None:
        self.y += pixels * self._scale

    def write(
        self, x: int, words: str, size: int, *, bold: bool = False, colour: str = INK
    ) -> None:
        """The words in as many lines as they need; then it stands under them."""
        for line in _lines(words, self._font(size, bold), WIDTH - MARGIN - x):
            self.put(x, line, size, bold=bold, colour=colour)
            self.down(size * 1.22)

    def put(
        self,
        x: int,
        words: str,
        size: int,
        *,
        bold: bool = False,
        colour: str = INK,
        beside: int = 0,
    ) -> None:
        """The words here, or in the middle beside something of this height."""
        font = self._font(size, bold)
        if beside:
            middle = self.y + beside * self._scale / 2
            self._draw.text((x, middle), words, fill=colour, font=font, anchor="lm")
        else:
            self._draw.text((x, self.y), words, fill=colour, font=font)

    def bar(self, x: int, length: int, colour: str, *, pointed: bool) -> int:
        """A bar from here; one that may go on is pointed. Where it ends."""
        height = BAR * self._scale
        top, bottom, end = self.y, self.y + height, x + length
        if not pointed:
            self._draw.rectangle((x, top, end, bottom), fill=colour)
            return end
        tip = end + int(height * TIP)
        shape = [(x, top), (end, top), (tip, (top + bottom) / 2), (end, bottom), (x, bottom)]
        self._draw.polygon(shape, fill=colour)
        return tip

    def _font(self, size: int, bold: bool) -> FreeTypeFont:
        return _font(round(size * self._scale), bold)


def _lines(words: str, font: FreeTypeFont, width: float) -> list[str]:
    """The words in lines no longer than this; a word that is longer is broken."""
    lines = [""]
    for word in _UNKNOWN.sub("", words).split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= width:
            lines[-1] = longer
            continue
        lines.append("")
        for letter in characters(word):
            if font.getlength(lines[-1] + letter) > width:
                lines.append("")
            lines[-1] += letter
    return [line for line in lines if line]


@cache
def _font(size: int, bold: bool) -> FreeTypeFont:
    name = "SourceSansPro-Semibold.ttf" if bold else "SourceSansPro-Regular.ttf"
    with as_file(files("font_source_sans_pro") / "files" / name) as path:
        return ImageFont.truetype(str(path), size)
