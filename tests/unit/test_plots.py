"""Plots are SVG pictures that show what they are given."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from lxml import etree

from qa.scoring.metrics import Bin, risks
from qa.scoring.plots import DARK, LIGHT, Palette, latency_svg, reliability_svg, risk_svg

ROWS = np.array([[0.95, 1.0], [0.8, 1.0], [0.75, 0.0], [0.5, 0.0]])
BINS = [Bin(0.5, 1, 0.5, 0.0), Bin(0.7, 1, 0.75, 0.0), Bin(0.9, 2, 0.95, 1.0)]
Draw = Callable[[Palette], bytes]
PLOTS: dict[str, Draw] = {
    "reliability": lambda palette: reliability_svg(BINS, 0.2, palette),
    "risk": lambda palette: risk_svg(risks(ROWS), 5, (0.6, 1 / 3), palette),
    "latency": lambda palette: latency_svg([3.0, 5.0, 8.0, 400.0], palette),
}
each_plot = pytest.mark.parametrize("draw", PLOTS.values(), ids=PLOTS)


@each_plot
def test_a_plot_is_a_picture_that_loads_nothing(draw: Draw) -> None:
    drawn = draw(LIGHT)
    assert etree.fromstring(drawn).tag == "{http://www.w3.org/2000/svg}svg"
    assert re.findall(rb'(?:href|src)="(?!#)', drawn) == []
    assert b"<script" not in drawn


@each_plot
def test_a_plot_comes_in_light_and_dark_on_no_ground_of_its_own(draw: Draw) -> None:
    light, dark = draw(LIGHT), draw(DARK)
    assert LIGHT.measured.encode() in light
    assert DARK.measured.encode() in dark
    assert LIGHT.measured.encode() not in dark
    assert b"#ffffff" not in light + dark


@each_plot
def test_a_plot_of_the_same_numbers_is_the_same(draw: Draw) -> None:
    assert draw(LIGHT) == draw(LIGHT)


def test_one_answer_is_enough_for_a_plot() -> None:
    assert reliability_svg([Bin(0.9, 1, 1.0, 1.0)], 0.0, LIGHT)
    assert risk_svg(np.array([0.0]), 1, (1.0, 0.0), LIGHT)
    assert latency_svg([5.0], LIGHT)


def test_plots_need_no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setenv("MPLBACKEND", "tkagg")
    assert latency_svg([5.0, 6.0], LIGHT)
