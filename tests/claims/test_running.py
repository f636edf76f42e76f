"""Running a claim, its records, its folder and its page."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from saddle.claims import (
    CLAIMS,
    Claim,
    ClaimFolder,
    Control,
    Record,
    Result,
    Trial,
    account,
    equal,
    find_claim,
    member,
    play,
    read_records,
    run_with_controls,
    write_records,
)
from saddle.claims.original.optimal_discriminator import GRID, data, made, value
from saddle.claims.playing import critic_between
from saddle.core.errors import InputError, NonFiniteError
from saddle.core.noise import Noise
from saddle.networks import MLP
from saddle.reports import course
from saddle.training.optimizers import SGD


def experiment(power: float, trial: Trial) -> Result:
    return Result((equal("3 to the power", 3.0**power, 9.0),), {"x": torch.arange(3.0), "y": float("inf")})


def draw(figure: Any, series: dict[str, Any]) -> None:
    figure.subplots().plot(series["x"])


SQUARE = Claim(
    "square",
    "Three squared is nine",
    "That $3^2 = 9$ is <known>.\n\nA second paragraph.",
    (r"3^2 = 9",),
    "Euclid",
    experiment,
    variant=2,
    controls=(Control("cube", "3 cubed is 9", 3, "3^3 = 9", misprint=True),),
    draw=draw,
)


def test_records_come_back_from_their_file(tmp_path: Path) -> None:
    records = run_with_controls(SQUARE, seeds=(3, 4))
    write_records(tmp_path / "one.json", records)
    again = read_records(tmp_path / "one.json")
    assert [one.control for one in again] == [None, "cube"]
    assert [SQUARE.judge(one).outcome for one in again] == ["holds", "refuted"]
    assert again[0].series == {"x": [0.0, 1.0, 2.0], "y": "inf"} and again[0].seeds == (3, 4)


def test_a_bad_call_is_refused() -> None:
    with pytest.raises(InputError, match="budget must be one of quick, full"):
        SQUARE.run("huge")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="at least one seed"):
        SQUARE.run(seeds=())
    with pytest.raises(InputError, match="no control 'root'; it has cube"):
        SQUARE.run(control="root")
    for slug in ("../../evil", "Square", "a b", "", "a--b"):
        with pytest.raises(InputError, match="slug of a claim must be lower-case letters and digits"):
            Claim(slug, "", "", (), "", experiment)
    with pytest.raises(InputError, match=r"experiment of none must return a saddle.claims.Result; found None."):
        Claim("none", "", "", (), "", lambda variant, trial: None).run()  # type: ignore[arg-type,return-value]
    with pytest.raises(InputError, match="no claim 'entropie'; there are entropy"):
        find_claim("entropie")


def test_the_page_holds_formula_picture_verdicts_and_escapes_words() -> None:
    own, *controls = run_with_controls(SQUARE)
    page = course("Two sums", [account(SQUARE, "Sums", own, controls)])
    assert page.count("<math") >= 3 and "data:image/svg+xml,%" in page
    assert "&lt;known&gt;" in page and "<known>" not in page
    assert "1 of 1 theorem holds; 1 of 1 false statement is refuted." in page
    assert "http" not in page.replace("http://www.w3.org/", "")


def test_a_claim_that_fails_says_so() -> None:
    wrong = Claim("wrong", "No", "No.", (), "none", experiment, variant=3)
    assert wrong.judge(wrong.run()).outcome == "refuted"
    assert "0 of 1 theorem holds." in course("No", [account(wrong, "Sums", wrong.run(), [])])


def test_a_folder_knows_what_it_holds(tmp_path: Path) -> None:
    folder = ClaimFolder(tmp_path / "out")
    folder.check()
    records = run_with_controls(SQUARE)
    seeds = (0, 1, 2, 3, 4)
    assert not folder.has(SQUARE, "quick", seeds) and not folder.outdated(SQUARE, "quick", seeds)
    folder.keep(SQUARE, records)
    folder.check()
    assert folder.has(SQUARE, "quick", seeds)
    assert folder.outdated(SQUARE, "full", seeds) == "its records here are of budget quick"
    assert folder.outdated(SQUARE, "quick", (0,)) == "its records here are of other seeds (0, 1, 2, 3, 4)"
    assert "its code" in folder.outdated(replace(SQUARE, controls=()), "quick", seeds)
    folder.keep(SQUARE, [replace(one, code="") for one in records])  # as an earlier version wrote them
    assert not folder.has(SQUARE, "quick", seeds) and "its code" in folder.outdated(SQUARE, "quick", seeds)
    assert (folder.path / "pictures" / "square.svg").read_text().startswith("<?xml")


def test_the_page_shows_all_that_a_folder_holds_in_the_order_of_the_course(tmp_path: Path) -> None:
    folder = ClaimFolder(tmp_path)
    (tmp_path / "records").mkdir()
    for slug in ("topologies", "entropy"):
        write_records(folder.path / "records" / f"{slug}.json", of_other_code(slug))
    folder.keep(SQUARE, run_with_controls(SQUARE))
    told = folder.accounts({"own.py:square": SQUARE})
    assert [one.slug for one in told] == ["entropy", "topologies", "square"]
    assert "has changed since" in told[0].cost and "has changed since" not in told[2].cost
    assert folder.others({"own.py:square": SQUARE}) == [] and folder.others({}) == ["square"]


def of_other_code(slug: str) -> list[Record]:
    """Records as another version left them: with other series, and with a control that there is no more."""
    return [replace(SQUARE.run(), claim=slug, control=control) for control in (None, "a-control-of-then")]


def test_threads_are_given_back() -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        seen: list[int] = []

        def look(variant: None, trial: Trial) -> Result:
            seen.append(torch.get_num_threads())
            return Result(())

        Claim("look", "", "", (), "", look).run()
        assert seen == [1] and torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def critic(rate: float) -> Any:
    noise = {name: Noise("normal", (64, 1)) for name in ("real", "fake")} | {"side": Noise("uniform", (64, 1))}
    network = MLP(width=8, depth=1, activation="silu")
    return critic_between(
        data, made, noise, loss=value, network=lambda: network.critic((1,), 0), optimizer=SGD(rate, momentum=0.0)
    )


def test_played_members_equal_their_seeds_alone() -> None:
    together = play(critic(0.1), (3, 4), 20, dtype=torch.float64)
    alone = play(critic(0.1), (4,), 20, dtype=torch.float64)
    x = torch.from_numpy(GRID[::100]).unsqueeze(1)
    assert torch.allclose(member(together, 1)["critic"](x), member(alone, 0)["critic"](x), atol=1e-10)
    on = play(critic(0.1), (4,), 8, dtype=torch.float64, state=play(critic(0.1), (4,), 12, dtype=torch.float64))
    assert torch.equal(member(on, 0)["critic"](x), member(alone, 0)["critic"](x))


def test_a_game_that_blows_up_is_named() -> None:
    with pytest.raises(NonFiniteError, match="The critic's loss is not finite in round"):
        play(critic(1e30), (0,), 50)


def test_every_claim_is_found_by_its_slug() -> None:
    assert all(find_claim(slug) is claim for slug, claim in CLAIMS.items())
