"""`saddle train`: what it says, what it writes, and that what it wrote repeats the run."""

import re
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from commands import PERCEPTRONS, SMALL, Saddle

RECIPE = """
from dataclasses import dataclass

import saddle
from torch.nn.functional import softplus


@dataclass(frozen=True)
class Mine:
    gap: float = 1.0

    def critic(self, real, fake):
        return softplus(self.gap - (real - fake)).mean()

    def generator(self, real, fake):
        return (real - fake).mean()


def mine(layout):
    net = saddle.MLP(width=8)
    return saddle.GAN(objective=Mine(0.5), generator=net, critic=net, batch=16, rounds=3, threads=1)
"""


def table(run: str) -> dict[str, Any]:
    return tomllib.loads((Path(run) / "run.toml").read_text())


def digest(run: str) -> str:
    return table(run)["result"]["parameters_sha256"]


def test_says_what_it_does_and_where_things_are(home: Path, saddle: Saddle) -> None:
    answer = saddle("train", "points.npy", *PERCEPTRONS, *SMALL)
    assert answer.code == 0 and answer.err == ""
    lines = answer.out.splitlines()
    assert lines[:3] == [
        "Data: points, 300 points in 2 dimensions.",
        "Recipe: nsgan.",
        "Run: runs/points-nsgan-001",
    ]
    assert re.fullmatch(
        r"Cost: 4 rounds, about .* s plus measuring, at .* rounds/s on 1 thread; memory .* MiB\. .*", lines[3]
    )
    assert re.match(r"round 4 of 4, .*critic loss [\d.]+, generator loss .*energy distance .* ± ", lines[4])
    assert lines[-4:] == [
        "Report: runs/points-nsgan-001/report.html",
        "Samples: saddle sample runs/points-nsgan-001 -n 64 --out samples.png",
        "Numbers: saddle evaluate runs/points-nsgan-001",
        "Reasons and remedies: saddle diagnose runs/points-nsgan-001",
    ]
    assert Path("runs/points-nsgan-001/report.html").stat().st_size > 10_000
    assert "Run: runs/points-nsgan-002" in saddle("train", "points.npy", *PERCEPTRONS, *SMALL).out


def test_a_refused_run_is_not_announced(home: Path, saddle: Saddle) -> None:
    """Fewer chains than labels come to light only when the machine is made for these data."""
    answer = saddle("train", "pictures.npz", "--recipe", "rbm", "--set", "chains=1", "--rounds", "2")
    assert answer.code == 2 and "number of classes" in answer.err and "Run:" not in answer.out


def test_run_folder_is_complete_and_clean(home: Path) -> None:
    names = {path.name for path in (home / "points").iterdir()}
    assert names == {"run.toml", "layout.json", "history.jsonl", "checkpoints", "samples", "report.html"}
    assert set(table("points")) >= {"made", "recipe", "data", "model", "resolved", "result"}


def test_same_seed_same_parameters(home: Path, saddle: Saddle) -> None:
    for name, seed in (("same", 0), ("other", 1)):
        assert saddle("train", "points.npy", *PERCEPTRONS, *SMALL, "--out", name, "--seed", seed).code == 0
    assert digest("same") == digest("points") != digest("other")


def test_a_run_that_starts_from_another_is_repeated_by_its_run_toml(home: Path, saddle: Saddle) -> None:
    words = ("train", "points.npy", *PERCEPTRONS, *SMALL)
    assert saddle(*words, "--start", "points", "--out", "on").code == 0
    assert table("on")["start"]["source"] == "points"
    assert saddle("train", "--start", "points", "--out", "alike").code == 0  # recipe and data are those of the run
    assert digest("alike") == digest("on")
    assert saddle("train", "points.npy", "--recipe", "on/run.toml", "--out", "again").code == 0
    assert digest("again") == digest("on") != digest("points")


def test_limit_in_time_is_repeated_by_its_rounds(home: Path, saddle: Saddle) -> None:
    words = ("train", "points.npy", *PERCEPTRONS, *SMALL[2:])
    answer = saddle(*words, "--minutes", 0.01, "--out", "timed")
    assert answer.code == 0 and "the limit in time" in answer.out
    result = table("timed")["result"]
    assert result["ending"] == "out of time" and 0.5 <= result["seconds"] < 5
    assert saddle(*words, "--rounds", result["rounds"], "--out", "again").code == 0
    assert digest("again") == digest("timed")


def test_resume_with_more_rounds_equals_the_longer_run(home: Path, saddle: Saddle) -> None:
    assert saddle("train", "points.npy", *PERCEPTRONS, *SMALL, "--rounds", 7, "--out", "seven").code == 0
    answer = saddle("train", "--resume", "points", "--rounds", 7)
    assert answer.code == 0 and "3 rounds more" in answer.out
    assert digest("points") == digest("seven")
    assert table("points")["model"]["rounds"] == 7


def test_resume_of_a_finished_run_says_so(home: Path, saddle: Saddle) -> None:
    before = digest("points")
    answer = saddle("train", "--resume", "points")
    assert answer.code == 0 and "The run has reached its 4 rounds" in answer.out
    assert digest("points") == before


def test_run_and_data_may_move(home: Path, saddle: Saddle) -> None:
    (home / "points").rename(home / "moved")
    (home / "points.npy").rename(home / "elsewhere.npy")
    text = Path("moved/run.toml").read_text()
    Path("moved/run.toml").write_text(text.replace("points.npy", "elsewhere.npy"))
    assert saddle("train", "--resume", "moved", "--rounds", 5).code == 0


def test_population(home: Path, saddle: Saddle) -> None:
    answer = saddle("train", "points.npy", *PERCEPTRONS, *SMALL, "--seeds", 3, "--out", "three")
    assert answer.code == 0 and "for each of 3 members" in answer.out
    assert [f"member {i} " in answer.out for i in range(4)] == [True, True, True, False]


def test_labels_may_be_ignored(home: Path, saddle: Saddle) -> None:
    assert saddle("train", "pictures.npz", *PERCEPTRONS, *SMALL, "--no-labels", "--out", "plain").code == 0
    assert "without labels" in saddle("sample", "plain", "--label", 1).err


def test_own_recipe_is_kept_with_the_run(home: Path, saddle: Saddle) -> None:
    Path("my recipes").mkdir()
    file = Path("my recipes/mine.py")
    file.write_text(RECIPE)
    assert saddle("train", "points.npy", "--recipe", f"{file}:mine", "--out", "a run").code == 0
    assert Path("a run/recipe.py").read_text() == RECIPE
    file.unlink()
    assert saddle("train", "--resume", "a run", "--rounds", 5).code == 0
    assert saddle("sample", "a run", "--out", "x.csv").code == 0
    assert not list(home.rglob("__pycache__")), "running a recipe leaves compiled files"


def test_names_are_printed_as_they_are(home: Path, saddle: Saddle) -> None:
    answer = saddle("train", "points.npy", *PERCEPTRONS, *SMALL, "--out", "a [bold] folder/run")
    assert "Report: a [bold] folder/run/report.html\n" in answer.out
    assert "saddle sample 'a [bold] folder/run'" in answer.out


@pytest.mark.parametrize(
    ("player", "says"),
    [
        ("generator", r"The samples are not all finite after round \d\."),
        ("critic", r"The (critic|generator)'s loss became (nan|inf|-inf) in round \d\."),
    ],
)
def test_number_that_is_not_finite_stops_with_the_last_good_state(
    home: Path, saddle: Saddle, player: str, says: str
) -> None:
    rate = f"{player}_optimizer={{kind='sgd',rate=1e38}}"
    answer = saddle("train", "points.npy", *PERCEPTRONS, *SMALL, "--set", rate, "--out", "burst")
    assert answer.code == 1
    assert re.match(rf"Error: {says} .*kept in burst; saddle diagnose burst says what to change\.\n", answer.err), (
        answer.err
    )
    assert saddle("sample", "burst", "--out", "x.npy").code == 0
    assert np.isfinite(np.load("x.npy")).all()


@pytest.mark.parametrize("words", [(), ("--rounds", "3")])
def test_limits_of_the_recipe_yield_to_options(home: Path, saddle: Saddle, words: tuple[str, ...]) -> None:
    answer = saddle("train", "points.npy", *PERCEPTRONS, *SMALL[2:], "--minutes", 0.005, *words, "--out", "short")
    assert answer.code == 0
    assert table("short")["model"].get("rounds") == (3 if words else None)


def test_a_run_repeats_from_its_run_toml(home: Path, saddle: Saddle) -> None:
    assert (
        saddle("train", "table.csv", "--target", "kind", "--seed", 5, *PERCEPTRONS, *SMALL, "--out", "first").code == 0
    )
    assert saddle("train", "--recipe", "first/run.toml", "--out", "again").code == 0
    assert digest("first") == digest("again")


def test_a_run_limited_in_time_repeats_by_its_rounds(home: Path, saddle: Saddle) -> None:
    words = [word for word in SMALL if word not in ("--rounds", "4")]
    assert saddle("train", "points.npy", *PERCEPTRONS, *words, "--minutes", 0.01, "--out", "first").code == 0
    assert saddle("train", "--recipe", "first/run.toml", "--out", "again").code == 0
    assert table("first")["result"]["rounds"] == table("again")["result"]["rounds"]
    assert digest("first") == digest("again")
