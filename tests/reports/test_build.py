import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pandas as pd
import pytest

from saddle.diagnosis import from_history
from saddle.evaluation import Row
from saddle.measures import Estimate
from saddle.reports import Landscape, NearestExamples, ReportContents, build

VOID = {"meta", "input", "img", "br", "hr", "link", "line", "path", "image", "circle"}


class Page(HTMLParser):
    """A page taken apart; complains where elements are not closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.seen: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name == "id" and tag == "section":
                self.ids.append(value or "")
            if name in ("src", "href", "srcset", "action", "data", "poster"):
                self.addresses.append(value or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            raise AssertionError(f"<{tag}/> would stay open")
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def generator() -> np.random.Generator:
    return np.random.default_rng(0)


def shared() -> dict[str, Any]:
    estimate = Estimate(0.1, 0.02, None, "U-statistic", (100, 100), "a note")
    return {
        "settings": {"objective": "wasserstein"},
        "repeat": ("saddle train ring --seed 0",),
        "cost": {"training time": "2 s"},
        "diagnosis": from_history([{"round": i, "member": 0, "energy distance": 0.25} for i in range(9)]),
        "remarks": ("The distance fell from 1 to 0.1.",),
        "rows": (Row("energy distance", estimate, replace(estimate, value=0.0), "lower", "held-out data", 0.1),),
        "untrained": {"energy distance": replace(estimate, value=0.9)},
        "history": tuple({"round": i, "member": 0, "critic loss": 1.5, "energy distance": 0.25} for i in range(9)),
    }


def pictures(shape: tuple[int, ...] = (8, 8)) -> ReportContents:
    x = generator().integers(0, 255, (80, *shape)).astype(np.uint8)
    usual = Estimate(4.0, 1.0, None, "mean", 9)
    found = NearestExamples(x[:3], x[:9].reshape(3, 3, *shape), np.arange(9.0).reshape(3, 3), usual)
    moving = {"walk": x[:12].reshape(2, 6, *shape), "over_time": ((0, x[:16]), (1500, x[16:32]))}
    return ReportContents("GAN on digits", "images", x, x, training=x, nearest=found, **moving, **shared())


def points(dimension: int = 2) -> ReportContents:
    x = generator().standard_normal((60, dimension))
    found = NearestExamples(x[:3], x[:9].reshape(3, 3, dimension), np.ones((3, 3)))
    grid = np.linspace(-2, 2, 20)
    land = Landscape(grid, grid, np.add.outer(grid, grid), 0.0) if dimension == 2 else None
    over_time = ((0, x), (100, x))
    walk = x[:12].reshape(2, 6, dimension)
    return ReportContents(
        "GAN on ring", "points", x, x + 0.1, nearest=found, walk=walk, over_time=over_time, landscape=land, **shared()
    )


def table() -> ReportContents:
    x = generator().standard_normal((60, 4)).round(2)
    x[:, 3] = generator().integers(0, 5, 60)
    names = ("acid", "sugar", "alcohol", "quality")
    frame = pd.DataFrame(x, columns=list(names))
    found = NearestExamples(x[:2], x[:4].reshape(2, 2, 4), np.ones((2, 2)))
    moving = {"walk": x[:8].reshape(2, 4, 4), "over_time": ((0, x), (1, x))}
    return ReportContents(
        "GAN on wine", "table", frame, x, training=x, columns=names, nearest=found, **moving, **shared()
    )


EVERYWHERE = {"diagnosis", "remarks", "numbers", "nearest", "walk", "curves", "run"}


@pytest.mark.parametrize(
    ("contents", "sections"),
    [
        (pictures(), EVERYWHERE | {"samples", "over-time"}),
        (pictures((30, 20, 3)), EVERYWHERE | {"samples", "over-time"}),
        (points(), EVERYWHERE | {"samples", "over-time", "landscape"}),
        (points(3), EVERYWHERE | {"samples", "over-time"}),
        (points(1), EVERYWHERE - {"nearest", "walk"} | {"samples"}),
        (table(), EVERYWHERE | {"columns", "rows", "dependence"}),
    ],
    ids=["digits", "color", "plane", "space", "line", "table"],
)
def test_each_kind_has_its_sections_and_asks_the_network_for_nothing(
    contents: ReportContents, sections: set[str]
) -> None:
    text = build(contents)
    page = Page(text)
    assert set(page.ids) == sections
    assert all(address.startswith(("data:image/png;base64,", "#")) for address in page.addresses)
    assert not re.search(r"https?://(?!www\.w3\.org)|@import|url\((?!data:)|\bfetch\(|XMLHttpRequest|WebSocket", text)
    assert "link" not in page.seen and "iframe" not in page.seen
    assert len(text) < 3_000_000


def test_what_is_empty_has_no_section() -> None:
    x = np.zeros((4, 8, 8), np.uint8)
    assert Page(build(ReportContents("Bare", "images", x, x))).ids == ["samples"]


def test_every_number_stands_beside_its_references() -> None:
    text = build(pictures())
    row = text[text.index('<table class="numbers">') : text.index("</tbody>")]
    for shown in ("0.10 ± 0.02", "0.00 ± 0.02", "0.90 ± 0.02", "worse than real data", "n = (100, 100)"):
        assert shown in row
    assert "a note" in text


def test_curves_hold_the_history_to_hover() -> None:
    text = build(points())
    specs = [json.loads(found) for found in re.findall(r'<script type="application/json">(.*?)</script>', text)]
    distances = [spec for spec in specs if spec["series"][0]["label"] == "energy distance"]
    assert distances[0]["series"][0] == {"label": "energy distance", "values": [0.25] * 9, "color": 0, "faint": False}
    assert any(spec["series"][0]["values"] == [1.5] * 9 for spec in specs)
    assert "var uPlot=" in text


def test_the_users_strings_stay_strings() -> None:
    nasty = '</script><script>alert(1)</script><b a="">&'
    contents = replace(
        table(),
        title=nasty,
        columns=(nasty, "b", "c", "d"),
        settings={nasty: nasty},
        repeat=(nasty,),
        remarks=(nasty,),
        history=({"round": 0, nasty: 1.0}, {"round": 1, nasty: 2.0}),
        notes=(nasty,),
    )
    text = build(contents)
    assert "<script>alert" not in text
    assert "<b a=" not in text
    Page(text)
    labeled = replace(pictures(), sample_labels=(nasty, "b") * 40, data_labels=(nasty, "b") * 40)
    assert "<script>alert" not in build(labeled)


def test_labels_order_the_samples() -> None:
    text = build(replace(pictures(), sample_labels=(1, 0) * 40, data_labels=(0, 1) * 40))
    assert re.findall(r'<div class="labeled"><span>(\d)</span>', text) == ["0", "1", "0", "1"]
    colored = build(replace(points(), sample_labels=("a", "b") * 30, data_labels=("a", "b") * 30))
    assert "dots label0" in colored and "dots label1" in colored


def test_large_pictures_stay_within_the_budget() -> None:
    assert len(build(pictures((256, 256, 3)))) < 3_500_000


def test_a_population_names_the_member_shown() -> None:
    rows = tuple({"round": i, "member": m, "critic loss": 1.0} for i in range(3) for m in range(4))
    assert "member 2 is bold" in build(replace(points(), history=rows, member=2))


def test_members_of_a_population_stand_in_a_table() -> None:
    rows = tuple(
        {"round": i, "member": m, "energy distance": 1.0 + m - i, "energy distance error": 0.1}
        for i in range(2)
        for m in range(3)
    )
    text = build(replace(points(), history=rows, member=1))
    table = text[text.index('<section id="members">') :].split("</section>")[0]
    cells = [re.findall("<td>(.*?)</td>", row) for row in re.findall("<tr>.*?</tr>", table)]
    assert cells[1:4] == [["0", "1", "0.00 ± 0.10"], ["1 (shown)", "1", "1.00 ± 0.10"], ["2", "1", "2.00 ± 0.10"]]
    assert cells[4:] == [["mean", "", "1"], ["standard deviation", "", "1"]]
    assert 'id="members"' not in build(points())


def test_a_landscape_of_one_label_shows_its_points_and_says_so() -> None:
    whole = points()
    assert whole.landscape is not None
    labels = ("a", "b", "b") * 20
    contents = replace(whole, landscape=replace(whole.landscape, label="a"), sample_labels=labels, data_labels=labels)
    section = build(contents).split('<section id="landscape">')[1].split("</section>")[0]
    assert "for a, the commonest label" in section
    every = build(whole).split('<section id="landscape">')[1].split("</section>")[0]
    dots = [re.findall('class="dots data" d="(.*?)"', one)[0].count("M") for one in (section, every)]
    inside = np.all(np.abs(np.asarray(whole.data)) <= 2, axis=1)
    assert dots == [inside[::3].sum(), inside.sum()]


def test_text_columns_and_constant_ones_are_drawn() -> None:
    data = pd.DataFrame({"kind": ["a", "b"] * 20, "one": [1.0] * 40, "size": np.arange(40.0)})
    text = build(ReportContents("Mixed", "table", data, data, columns=tuple(data.columns)))
    assert set(Page(text).ids) == {"columns", "rows", "dependence"}
    assert ">a</text>" in text
