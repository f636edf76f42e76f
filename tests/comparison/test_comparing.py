"""`saddle.compare` from Python: what is trained, on which seeds, and what comes out."""

import json
from pathlib import Path

import numpy as np
import pytest

import saddle
from saddle.comparison.outcome import with_main
from saddle.data import Layout
from saddle.training.ways import planning

NETWORK = saddle.MLP(width=8, depth=1)
POINTS = np.random.default_rng(0).normal(size=(300, 2))


@pytest.fixture(autouse=True)
def short_warm_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "WARM_UP_SECONDS", 0.02)


def small_gan(layout: Layout) -> saddle.GAN:
    return saddle.GAN(generator=NETWORK, critic=NETWORK, latent=2, batch=16, rounds=4, threads=1)


def small_vae(layout: Layout) -> saddle.VAE:
    return saddle.VAE(latent=2, encoder="mlp", decoder="mlp", batch=16, rounds=4, threads=1)


@pytest.fixture(scope="module")
def families() -> saddle.comparison.Comparison:
    """A GAN and a VAE on three seeds, nothing kept."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(planning, "WARM_UP_SECONDS", 0.02)
        return saddle.compare(POINTS, [small_gan, small_vae], seeds=3, n=50)


def test_any_family_takes_part(families: saddle.comparison.Comparison) -> None:
    assert [one.name for one in families.outcomes] == ["small_gan", "small_vae"]
    assert "energy distance" in str(families) and "larger than chance" in families.statements[-1].lower()


def test_each_member_scores_as_the_same_seed_alone(families: saddle.comparison.Comparison) -> None:
    """Members in the wrong order, or one held-out part for all, would give other numbers."""
    distance = families.measured[0].scores["small_gan"]
    for seed in range(3):
        alone = small_gan(saddle.open(POINTS).layout)
        alone.seed = seed
        alone.fit(POINTS)
        row = saddle.evaluate(alone, n=50, seed=seed)["energy distance"]
        assert distance.values[seed] == pytest.approx(row.value.value, abs=1e-5)
        assert row.reference is not None and distance.references[seed] == pytest.approx(row.reference.value, abs=1e-6)


def test_recipes_share_what_real_data_score(families: saddle.comparison.Comparison) -> None:
    """It depends on the held-out data alone, and those on the seed."""
    for one in families.measured:
        first, second = (scores.references for scores in one.scores.values())
        assert first == pytest.approx(second, nan_ok=True)


def test_the_record_holds_every_number(families: saddle.comparison.Comparison, tmp_path: Path) -> None:
    record = json.loads(families.save(tmp_path / "numbers.json").read_text())
    assert record == json.loads(families.to_json())
    (distance,) = (one for one in record["measures"] if one["name"] == "energy distance")
    values = distance["scores"]["small_vae"]["values"]
    assert distance["over_seeds"]["small_vae"]["mean"] == pytest.approx(np.mean(values))
    pair = next(one for one in record["differences"] if one["measure"] == "energy distance")
    gap = np.mean(distance["scores"]["small_gan"]["values"]) - np.mean(values)
    assert pair["by"] == pytest.approx(abs(gap)) and pair["better"] == ("small_vae" if gap > 0 else "small_gan")


def test_the_page_is_written_where_asked(families: saddle.comparison.Comparison, tmp_path: Path) -> None:
    page = families.report(tmp_path / "page.html").read_text()
    assert "small_gan and small_vae on array" in page
    for section in ("What can be said", "How good they are", "The way there, by rounds", "Samples", "Settings"):
        assert f"<h2>{section}</h2>" in page


def test_names_of_ones_own_and_what_all_share(tmp_path: Path) -> None:
    recipes = {"narrow": small_gan, "wide": lambda layout: saddle.GAN(generator=NETWORK, critic=NETWORK, threads=1)}
    found = saddle.compare(
        POINTS, recipes, seeds=1, rounds=2, settings={"batch": 8}, of="wasserstein", n=20, out=tmp_path / "new"
    )
    assert [one.name for one in found.outcomes] == ["narrow", "wide"]
    assert [one.name for one in found.measured] == ["energy distance", "Wasserstein distance"]
    assert all((one.settings["batch"], one.settings["rounds"]) == (8, 2) for one in found.outcomes)
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == [
        "compare.html",
        "compare.json",
        "narrow",
        "wide",
    ]
    again = saddle.compare(
        POINTS, recipes, seeds=1, rounds=2, settings={"batch": 8}, of="wasserstein", n=20, out=tmp_path / "new"
    )
    assert again.measured == found.measured


def test_other_data_do_not_go_on_with_a_kept_run(tmp_path: Path) -> None:
    saddle.compare(POINTS, [small_gan, small_vae], seeds=1, n=20, out=tmp_path / "new")
    with pytest.raises(saddle.InputError, match="with the data array, and wanted is array of other content"):
        saddle.compare(POINTS + 1, [small_gan, small_vae], seeds=1, n=20, out=tmp_path / "new")


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (None, None),
        ("mmd", ["energy_distance", "mmd"]),
        ("mmd,Energy-Distance", ["mmd", "Energy-Distance"]),
        (["all"], ["all"]),
    ],
)
def test_the_energy_distance_is_always_measured(given: str | list[str] | None, wanted: list[str] | None) -> None:
    assert with_main(given) == wanted


@pytest.mark.parametrize(("names", "sentence"), [(("a b", "a-b"), "'a b' is there twice"), (("a", ".."), "found '..'")])
def test_names_that_are_no_two_folders(names: tuple[str, str], sentence: str) -> None:
    with pytest.raises(saddle.InputError, match=sentence):
        saddle.compare(POINTS, dict.fromkeys(names, small_gan))


def test_no_recipe_but_a_name_or_a_function() -> None:
    with pytest.raises(saddle.InputError, match="A recipe is a name or a function"):
        saddle.compare(POINTS, ["default", 3])  # type: ignore[list-item]
