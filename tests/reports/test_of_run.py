import numpy as np
import pandas as pd
import pytest

import saddle
from saddle.reports import ReportContents, build, contents_of
from saddle.reports.headline import headline


def blobs(n: int = 300) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(0)
    labels = np.where(np.arange(n) % 3 == 0, "left", "right")
    centers = np.where(labels == "left", -2.0, 2.0)[:, None] * [1.0, 0.0]
    return centers + 0.3 * generator.standard_normal((n, 2)), labels


def frame() -> pd.DataFrame:
    x, labels = blobs()
    return pd.DataFrame({"across": x[:, 0], "up": x[:, 1], "side": labels})


@pytest.fixture(scope="module")
def labeled() -> ReportContents:
    x, labels = blobs()
    return contents_of(saddle.GAN(rounds=20, batch=32, threads=1).fit(x, labels))


def test_the_same_sample_has_one_label_in_every_table() -> None:
    data = saddle.data.open(frame(), target="side")
    contents = contents_of(saddle.GAN(rounds=20, batch=32, threads=1).fit(data))
    assert contents.nearest is not None
    shown = len(contents.nearest.samples)
    np.testing.assert_array_equal(contents.nearest.samples, np.asarray(contents.samples)[:shown])
    assert set(contents.nearest.samples[:, 2]) == {"left", "right"}


def test_a_labeled_landscape_is_that_of_the_commonest_label(labeled: ReportContents) -> None:
    assert labeled.landscape is not None
    assert labeled.landscape.label == "right"
    assert "for right, the commonest label" in build(labeled)


def test_the_speed_at_the_top_is_what_was_reached(labeled: ReportContents) -> None:
    assert [tile.name for tile in headline(labeled)][1:] == ["rounds", "training time", "speed"]
    assert "planned speed" in labeled.cost


def test_the_speed_is_rounds_over_seconds() -> None:
    gan = saddle.GAN(rounds=20, batch=32, threads=1).fit(blobs()[0])
    gan.trained.seconds = 8.0
    assert contents_of(gan).cost["speed"] == "2.5 rounds/s"


def test_a_population_names_its_member() -> None:
    x, _ = blobs()
    gan = saddle.GAN(rounds=20, batch=32, threads=1, seeds=3).fit(x)
    contents = contents_of(gan, member=1)
    assert contents.title.endswith(", member 1 of 3")
    assert 'id="members"' in build(contents)
