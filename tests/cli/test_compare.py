"""`saddle compare`."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import Answer, Saddle

from saddle.cli.progress import TrainingProgress

RECIPES = """
import saddle

def small(**changes):
    network = saddle.MLP(width=8, depth=1)
    sound = dict(generator=network, critic=network, latent=2, batch=16, rounds=4, threads=1)
    return saddle.GAN(**(sound | changes))

def first(layout):
    return small()

def second(layout):
    return small(objective="wasserstein")

def third(layout):
    return small(objective="least-squares")

def wild(layout):
    return small(generator_optimizer=saddle.SGD(1e38), critic_optimizer=saddle.SGD(1e38))

def apart(layout):
    return small(holdout=0.3)
"""
TWO = "my.py:first,my.py:second"
FEW = ("-n", "40")


@pytest.fixture(autouse=True)
def heard() -> Iterator[None]:
    """Ctrl-C as in a terminal, also where the tests run in the background of a shell, which has it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def compare(home: Path, saddle: Saddle) -> Saddle:
    """`saddle compare points.npy` with recipes of one's own in my.py."""
    (home / "my.py").write_text(RECIPES)
    return lambda *words: saddle("compare", "points.npy", *FEW, *words)


def numbers(folder: Path) -> dict:
    return json.loads((folder / "compare.json").read_text())


def scores(folder: Path) -> list:
    """What was measured, without the times that it took."""
    return [(one["name"], one["scores"]) for one in numbers(folder)["measures"]]


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_page_record_and_words(home: Path, compare: Saddle) -> None:
    answer = compare("--recipes", TWO, "--seeds", 3, "--out", "new")
    assert answer.code == 0 and answer.err == ""
    record = numbers(home / "new")
    assert (record["record"], record["version"], record["seeds"]) == ("comparison", 1, 3)
    distance = record["measures"][0]
    assert distance["name"] == "energy distance"
    assert all(len(one["values"]) == len(one["references"]) == 3 for one in distance["scores"].values())
    assert [one["settings"]["objective"]["kind"] for one in record["recipes"]] == ["non-saturating", "wasserstein"]
    page = (home / "new" / "compare.html").read_text()
    for sentence in record["statements"]:
        assert sentence in answer.out.replace("\n", " ") and sentence in page
    assert "http://" not in page.replace("http://www.w3.org", "") and "https://" not in page


def test_without_out_the_next_free_folder_is_taken(home: Path, compare: Saddle) -> None:
    for number in (1, 2):
        answer = compare("--recipes", TWO, "--seeds", 1)
        assert answer.out.endswith(f"Page: runs/points-comparison-00{number}/compare.html\n")


def test_json_is_the_record_alone(home: Path, compare: Saddle) -> None:
    answer = compare("--recipes", TWO, "--seeds", 1, "--out", "new", "--json")
    assert json.loads(answer.out) == numbers(home / "new")


def test_minutes_are_the_same_for_all_and_count_as_trained(home: Path, compare: Saddle) -> None:
    words = ("--recipes", TWO, "--seeds", 1, "--minutes", 0.02, "--out", "new")
    assert compare(*words).code == 0
    for one in numbers(home / "new")["recipes"]:
        assert one["settings"]["minutes"] == 0.02 and "rounds" not in one["settings"]
        assert one["result"]["ending"] == "out of time" and one["result"]["rounds"] > 4
    assert compare(*words).out.count("trained already") == 2


@pytest.mark.parametrize("seeds", [1, 2])
def test_one_or_two_seeds_claim_nothing(home: Path, compare: Saddle, seeds: int) -> None:
    answer = compare("--recipes", TWO, "--seeds", seeds, "--out", "new")
    assert answer.code == 0 and "no difference can be told from chance" in answer.out
    record = numbers(home / "new")
    assert not any(one["larger_than_chance"] for one in record["differences"])
    assert all(one["interval"] is None and one["p"] is None for one in record["differences"])


def test_finished_recipes_are_kept_and_others_join(
    home: Path, compare: Saddle, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert compare("--recipes", TWO, "--seeds", 3, "--out", "new").code == 0
    before = snapshot(home / "new" / "my.py-first")
    answer = compare("--recipes", f"{TWO},my.py:third", "--seeds", 3, "--out", "new")
    assert answer.code == 0
    assert answer.out.count("trained already") == 2 and "Recipe: my.py:third.\n" in answer.out
    assert snapshot(home / "new" / "my.py-first") == before
    assert len(numbers(home / "new")["recipes"]) == 3


def test_a_stopped_comparison_ends_as_if_it_had_never_stopped(
    home: Path, compare: Saddle, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(TrainingProgress, "ticked", _stopping_in_the_second_recipe)
        answer = compare("--recipes", TWO, "--seeds", 2, "--out", "new")
    assert answer.code == 130 and not (home / "new" / "compare.json").exists()
    assert answer.err == (
        "Interrupted; what was trained is kept, and the same command with --out new goes on from there.\n"
    )
    answer = compare("--recipes", TWO, "--seeds", 2, "--out", "new")
    assert answer.code == 0 and answer.out.count("trained already") == 1
    assert compare("--recipes", TWO, "--seeds", 2, "--out", "unbroken").code == 0
    assert scores(home / "new") == scores(home / "unbroken")


def _stopping_in_the_second_recipe(self: TrainingProgress, round: int, seconds: float) -> None:
    if round == 2 and Path("new/my.py-second").exists():
        os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--rounds", 6), "with rounds 4, and wanted is 6"),
        (("--seeds", 4), "with seeds 3, and wanted is 4"),
        (("--set", "batch=8"), "with batch 16, and wanted is 8"),
    ],
)
def test_a_folder_of_another_configuration_is_left_alone(
    home: Path, compare: Saddle, words: tuple, sentence: str
) -> None:
    assert compare("--recipes", TWO, "--seeds", 3, "--out", "new").code == 0
    before = snapshot(home / "new")
    answer = compare("--recipes", TWO, *(() if "--seeds" in words else ("--seeds", 3)), "--out", "new", *words)
    assert answer.code == 2 and sentence in answer.err and answer.err.count("\n") == 1
    assert snapshot(home / "new") == before


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ("--recipes", "my.py:first,my.py:third"),
            "holds a comparison of my.py:first and my.py:second, and wanted is one of my.py:first and my.py:third;",
        ),
        (("--recipes", f"{TWO},my.py:third", "--rounds", 6), "my.py:first with rounds 4, and wanted is 6;"),
        (("--recipes", TWO, "--set", "batch=8"), "my.py:first with batch 16, and wanted is 8;"),
    ],
)
def test_no_comparison_takes_the_place_of_another(home: Path, compare: Saddle, words: tuple, sentence: str) -> None:
    """Its page and numbers would be lost, also where its runs have been moved away and cannot be in the way."""
    assert compare("--recipes", TWO, "--seeds", 1, "--out", "new").code == 0
    for kept in (True, False):
        before = snapshot(home / "new")
        answer = compare(*words, "--seeds", 1, "--out", "new")
        _refused(answer, f"{sentence} nothing is overwritten, so choose another folder with --out.")
        assert "Comparison: " not in answer.out
        assert snapshot(home / "new") == before
        for run in ("my.py-first", "my.py-second"):
            if kept:
                (home / "new" / run).rename(home / run)


def test_the_order_of_recipes_makes_no_other_comparison(home: Path, compare: Saddle) -> None:
    assert compare("--recipes", TWO, "--seeds", 1, "--out", "new").code == 0
    answer = compare("--recipes", "my.py:second,my.py:first", "--seeds", 1, "--out", "new")
    assert answer.code == 0 and answer.out.count("trained already") == 2 and "Comparison: new\n" in answer.out


def test_a_comparison_is_no_run_but_names_those_in_it(home: Path, saddle: Saddle, compare: Saddle) -> None:
    assert compare("--recipes", TWO, "--seeds", 1, "--out", "new").code == 0
    sentence = "it has no run.toml; the runs in it are new/my.py-first and new/my.py-second."
    for words in (("diagnose", "new"), ("train", "--resume", "new")):
        _refused(saddle(*words), f"new is not a run folder: {sentence}")


def test_a_recipe_file_that_was_changed_is_another_recipe(home: Path, compare: Saddle) -> None:
    assert compare("--recipes", TWO, "--seeds", 1, "--out", "new").code == 0
    (home / "my.py").write_text(RECIPES + "\n# changed\n")
    answer = compare("--recipes", TWO, "--seeds", 1, "--out", "new")
    assert answer.code == 2 and "the recipe file" in answer.err


def test_what_failed_is_listed_and_the_rest_compared(home: Path, compare: Saddle) -> None:
    answer = compare("--recipes", f"{TWO},my.py:wild", "--seeds", 3, "--out", "new")
    assert answer.code == 0
    record = numbers(home / "new")
    assert [bool(one["failure"]) for one in record["recipes"]] == [False, False, True]
    assert record["statements"][0].startswith("my.py:wild failed and is not compared: ")
    assert all(set(one["scores"]) == {"my.py:first", "my.py:second"} for one in record["measures"])
    assert "my.py:wild failed and is not compared" in (home / "new" / "compare.html").read_text()
    again = compare("--recipes", f"{TWO},my.py:wild", "--seeds", 3, "--out", "new")
    assert again.code == 0 and numbers(home / "new")["statements"] == record["statements"]


def test_where_all_failed_the_exit_code_says_so(home: Path, compare: Saddle) -> None:
    (home / "other.py").write_text(RECIPES)
    answer = compare("--recipes", "my.py:wild,other.py:wild", "--seeds", 1, "--out", "new")
    assert answer.code == 1 and answer.out.count("failed and is not compared") == 2
    assert (home / "new" / "compare.html").exists()


@pytest.mark.parametrize(
    ("recipes", "sentence"),
    [
        ("my.py:first,wgan-gb", "There is no recipe 'wgan-gb'; did you mean wgan-gp?"),
        ("my.py:first,my.py:first", "'my.py:first' is there twice"),
        ("my.py:first", "recipes must name at least two"),
        (",", "recipes must name at least two"),
        ("my.py:first,dcgan", "The recipe dcgan does not suit: "),
        ("my.py:first,my.py:apart", "the same holdout, which is 0.1 in my.py:first and 0.3 in my.py:apart"),
        ("my.py:first,points/run.toml", "repeats a run"),
        ("my.py:first,my.py:none", "has no function 'none'"),
    ],
)
def test_recipes_that_cannot_be_compared(home: Path, compare: Saddle, recipes: str, sentence: str) -> None:
    _refused(compare("--recipes", recipes, "--out", "new"), sentence)
    assert not (home / "new").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--seeds", 0), "seeds"),
        (("--rounds", 0), "rounds"),
        (("--minutes", -1), "minutes"),
        (("--set", "seeds=3"), "seeds is set twice"),
        (("--set", "depth=3"), "depth"),
        (("--of", "energy_distence"), "did you mean energy_distance?"),
        (("--device", "abacus"), "abacus"),
        (("-n", 5), "n must be at least 10"),
        (("--out", "points"), "points is the folder of a run"),
        (("--out", "points.npy"), "points.npy is no folder"),
    ],
)
def test_options_out_of_range(home: Path, compare: Saddle, words: tuple, sentence: str) -> None:
    before = snapshot(home)
    _refused(compare("--recipes", TWO, *(() if "--out" in words else ("--out", "new")), *words), sentence)
    assert snapshot(home) == before


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ("rnig", "did you mean ring"),
        ("my.py", "my.py"),
        ("one.npy", "one.npy"),
    ],
)
def test_bad_data(home: Path, saddle: Saddle, compare: Saddle, data: str, sentence: str) -> None:
    (home / "one.npy").write_bytes(b"no array")
    _refused(saddle("compare", data, "--recipes", TWO, "--out", "new"), sentence)
    assert not (home / "new").exists()


def test_without_recipes_it_says_what_to_type(saddle: Saddle) -> None:
    _refused(saddle("compare", "ring"), "such as: saddle compare ring --recipes default,wgan-gp")


def _refused(answer: Answer, sentence: str) -> None:
    assert answer.code == 2 and sentence in answer.err and answer.err.count("\n") == 1, answer.err
