"""`saddle recipes`."""

import tomllib
from inspect import getdoc
from pathlib import Path

import pytest
from commands import Saddle

import saddle as package


def test_recipes_with_their_papers(saddle: Saddle) -> None:
    out = saddle("recipes").out
    for name in package.recipes.RECIPES:
        assert f"\n{name}\n" in f"\n{out}"
    assert out.count("arXiv") >= len(package.recipes.RECIPES)


@pytest.mark.parametrize("name", ["sngan", "pacgan", "ttur", "wgan-gp-paper", "r3gan"])
def test_one_recipe_says_all_that_it_says_of_itself(saddle: Saddle, name: str) -> None:
    """The list has the first paragraph and the paper only, and what differs from the paper stands between them."""
    answer = saddle("recipes", name)
    assert answer.code == 0 and answer.err == ""
    assert " ".join((getdoc(package.recipes.RECIPES[name]) or "").split()) in " ".join(answer.out.split())
    assert "Different" in answer.out


@pytest.mark.parametrize(
    ("words", "data"),
    [
        (["dragan"], "ring"),
        (["dragan", "ring"], "ring"),
        (["dragan", "digits"], "digits"),
        (["dcgan"], "digits"),
        (["vae"], "ring"),
    ],
)
def test_settings_are_tables_as_a_run_has_them(saddle: Saddle, words: list[str], data: str) -> None:
    """Those of `dragan` differ between points and pictures, and `dcgan` refuses points."""
    out = saddle("recipes", *words).out
    _, about, settings = out.partition(f"\n# For {data}: ")
    assert about
    model = package.recipe(words[0], package.open(data).layout)
    shown = tomllib.loads("# " + settings)
    assert shown == {"family": model.family, "model": model.table()}


def test_a_recipe_of_ones_own_on_data_of_ones_own(saddle: Saddle, home: Path) -> None:
    text = '''import saddle


def mine(layout):
    """Mine.

    Args:
        layout: of the data.
    """
    return saddle.GAN(rounds=7 if layout.classes else 8, latent=layout.model_shape[0])
'''
    (home / "own.py").write_text(text)
    out = saddle("recipes", "own.py:mine", "table.csv", "--target", "kind").out
    assert out.startswith("own.py:mine\nMine.\n\nArgs:\n    layout: of the data.\n")
    assert "\nrounds = 7\n" in out and "\ndimension = 3\n" in out
