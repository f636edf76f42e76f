"""`saddle claim`: the list, a claim of one's own, the page, and exit codes that say how it went."""

from pathlib import Path

import pytest
from commands import Saddle

OWN = """
from saddle.claims import Claim, Control, Result, equal, over_seeds


def experiment(power, trial):
    return Result((equal("3 to the power", 3.0**power, 9.0),), {"powers": [3.0**n for n in range(4)]})


def draw(figure, series):
    figure.subplots().plot(series["powers"])


square = Claim(
    "square", "Three squared is nine", "$3^2 = 9$.", (r"3^2 = 9",), "Euclid", experiment, variant=2,
    controls=(Control("cube", "3 cubed is 9.", 3),), draw=draw,
)
wrong = Claim("wrong", "Three cubed is nine", "$3^3 = 9$.", (r"3^3 = 9",), "nobody", experiment, variant=3)
blind = Claim(
    "blind", "Cannot fail", "Nothing.", (), "nobody", lambda variant, trial: Result((equal("one", 1, 1),)),
    controls=(Control("any", "Anything.", 1),),
)


def broken(variant, trial):
    return {}["missing"]


fails = Claim("fails", "Fails", "Fails.", (), "nobody", broken)
drawn = Claim("drawn", "Cannot be drawn", "No.", (), "nobody", experiment, 2, draw=broken)
ours = Claim("entropy", "Another", "No.", (), "nobody", experiment, 2)
mean = Claim("mean", "A mean", "No.", (), "nobody", lambda v, t: Result((over_seeds("one", t.seeds, "≥", -99),)))
number = 3
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.py").write_text(OWN)
    (tmp_path / "evil.py").write_text(OWN.replace('"square"', '"../../evil"'))
    return tmp_path


def test_alone_it_lists_the_claims_slug_first(saddle: Saddle) -> None:
    answer = saddle("claim")
    assert answer.code == 0 and answer.out.splitlines()[0].startswith("entropy ")
    assert "  theorem      " in answer.out and "  observation  " in answer.out


def test_one_of_ones_own_runs_from_its_file(saddle: Saddle, own: Path) -> None:
    answer = saddle("claim", "own.py:square", "--out", "out")
    assert answer.code == 0, answer.err
    assert "square: holds" in answer.out and "refuted" in answer.out and "3 to the power: 9 = 9" in answer.out
    page = (own / "out" / "index.html").read_text()
    assert "Three squared is nine" in page and "saddle claim own.py:square" in page
    again = saddle("claim", "own.py:square", "--out", "out")
    assert again.code == 0 and "1 kept from out; --again runs them anew." in again.out
    assert "kept" not in saddle("claim", "own.py:square", "--out", "out", "--again").out


def test_records_of_other_code_or_seeds_are_not_kept(saddle: Saddle, own: Path) -> None:
    assert saddle("claim", "own.py:square", "--out", "out").code == 0
    (own / "own.py").write_text(OWN.replace("3.0**power", "3.1**power"))
    changed = saddle("claim", "own.py:square", "--out", "out")
    assert changed.code == 1 and "square: refuted" in changed.out
    assert "Running own.py:square again: its code, or saddle, has changed since" in changed.out
    fewer = saddle("claim", "own.py:square", "--out", "out", "--seeds", "2")
    assert "Running own.py:square again: its records here are of other seeds (0, 1, 2, 3, 4)." in fewer.out


def test_the_page_of_a_folder_shows_all_its_records(saddle: Saddle, own: Path) -> None:
    assert saddle("claim", "topologies", "--out", "out", "--seeds", "1").code == 0
    answer = saddle("claim", "own.py:square", "--out", "out")
    page = (own / "out" / "index.html").read_text()
    assert page.index('id="topologies"') < page.index('id="square"') and "GANs from entropy" in page
    assert "2 of 2 theorems hold" in answer.out
    again = saddle("claim", "topologies", "--out", "out", "--seeds", "1")
    assert "Not on the page, since their files were not given: the records of square." in again.out


def test_one_seed_that_decides_nothing_is_named(saddle: Saddle, own: Path) -> None:
    answer = saddle("claim", "own.py:mean", "--seeds", "1")
    assert answer.code == 1 and "An interval over one seed is infinite and decides nothing" in answer.out
    assert saddle("claim", "own.py:mean", "--seeds", "3").code == 0


def test_what_does_not_hold_exits_with_1(saddle: Saddle, own: Path) -> None:
    answer = saddle("claim", "own.py:wrong")
    assert answer.code == 1 and "wrong: refuted" in answer.out
    blind = saddle("claim", "own.py:blind")
    assert blind.code == 1 and "holds            control any" in blind.out


def test_a_picture_that_fails_is_the_claims_fault(saddle: Saddle, own: Path) -> None:
    answer = saddle("claim", "own.py:drawn", "--out", "out")
    assert answer.code == 2 and "The claim own.py:drawn fails with KeyError: 'missing'." in answer.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("claim nonsense", "There is no claim 'nonsense'; there are entropy"),
        ("claim entropy --budget huge", "--budget must be one of quick, full; found 'huge'."),
        ("claim entropy --all", "NAME must be left out; found 'entropy'."),
        ("claim entropy --seeds 0", "seeds"),
        ("claim own.py:number", "must be a saddle.claims.Claim; found int."),
        ("claim own.py:nothing", "has no 'nothing'."),
        ("claim own.py:fails", "The claim own.py:fails fails with KeyError: 'missing'."),
        ("claim own.py:ours", "must have a slug of its own; 'entropy' is a claim of saddle's."),
        ("claim evil.py:evil", "evil.py cannot be run: slug of a claim must be lower-case letters"),
        ("claim missing.py:one", "There is no file missing.py"),
        ("claim own.py:square --out own.py", "Claims need a folder to be written to; own.py is a file."),
        ("claim own.py:square --out .", "neither a new or empty folder nor one of earlier claims"),
    ],
)
def test_bad_input_is_one_sentence(words: str, says: str, saddle: Saddle, own: Path) -> None:
    before = sorted(own.rglob("*"))
    answer = saddle(*words.split())
    assert answer.code == 2 and says in answer.err, answer
    assert len(answer.err.strip().splitlines()) == 1
    assert sorted(own.rglob("*")) == before
