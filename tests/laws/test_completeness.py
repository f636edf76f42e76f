"""The tables are complete: whatever the packages define is in a public list, and whatever is listed has a row."""

import inspect
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, get_args

import pytest

import saddle.families.gan.latent
import saddle.networks
import saddle.objectives
import saddle.recipes
import saddle.regularizers
import saddle.training.optimizers
import saddle.training.schedules
from saddle.data.layout import Kind, Layout
from saddle.families import Estimator

Public = dict[str, dict[str, Any]]

# Where members of each list live, and the methods of which a class must have all (or, of regularizers, any).
HOMES: dict[str, tuple[ModuleType, tuple[str, ...], Callable[[Iterator[bool]], bool]]] = {
    "objective": (saddle.objectives, ("critic", "generator"), all),
    "discrepancy": (saddle.objectives, ("distance",), all),
    "regularizer": (saddle.regularizers, saddle.regularizers.ACTS, any),
    "architecture": (saddle.networks, ("critic", "generator"), all),
    "optimizer": (saddle.training.optimizers, ("build", "settings"), all),
    "schedule": (saddle.training.schedules, ("factor",), all),
    "latent": (saddle.families.gan.latent, ("noise", "values"), all),
}


def modules_of(home: ModuleType) -> list[ModuleType]:
    """A module alone, or all modules of a package."""
    if not hasattr(home, "__path__"):
        return [home]
    return [import_module(f"{home.__name__}.{found.name}") for found in iter_modules(home.__path__)]


def members_of(name: str) -> set[type]:
    """The classes of a home, protocols aside, that have the methods of its members."""
    home, methods, quantifier = HOMES[name]
    return {
        one
        for module in modules_of(home)
        for one in vars(module).values()
        if inspect.isclass(one)
        and one.__module__ == module.__name__
        and not one.__name__.startswith("_")
        and not getattr(one, "_is_protocol", False)
        and quantifier(callable(getattr(one, method, None)) for method in methods)
    }


@pytest.mark.parametrize("name", HOMES)
def test_every_member_is_public(name: str, public: Public) -> None:
    assert members_of(name) == set(public[name].values())


@pytest.mark.parametrize("name", HOMES)
def test_every_public_member_has_a_row(name: str, public: Public, tabled: Callable[[str], list[str]]) -> None:
    assert set(public[name]) == set(tabled(name)) - {"none"}


def test_every_member_can_be_imported_from_its_package() -> None:
    for package in (saddle.objectives, saddle.regularizers, saddle.networks):
        assert set(package.__all__) <= set(dir(package))
    exported = set(saddle.__all__)
    for name in ("objective", "discrepancy", "regularizer", "architecture", "optimizer", "latent"):
        assert {one.__name__ for one in members_of(name)} <= exported


def test_every_recipe_is_public(public: Public) -> None:
    found = {
        one
        for module in modules_of(saddle.recipes)
        for name, one in vars(module).items()
        if inspect.isfunction(one)
        and one.__module__ == module.__name__
        and not name.startswith("_")
        and one.__annotations__.get("layout") is Layout
        and inspect.isclass(one.__annotations__["return"])
        and issubclass(one.__annotations__["return"], Estimator)
        and list(one.__annotations__) == ["layout", "return"]
    }
    assert found == set(public["recipe"].values())


def test_every_kind_of_data_has_a_row(public: Public, tabled: Callable[[str], list[str]]) -> None:
    assert tabled("kind") == list(get_args(Kind)) == list(public["kind"])


def test_a_member_that_nobody_listed_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, public: Public
) -> None:
    """The test above can fail: a new file with an objective in it makes it fail."""
    (tmp_path / "newcomer.py").write_text(
        "class Newcomer:\n"
        "    def critic(self, real, fake):\n        return (fake - real).mean()\n"
        "    def generator(self, real, fake):\n        return -fake.mean()\n"
    )
    monkeypatch.setattr(saddle.objectives, "__path__", [*saddle.objectives.__path__, str(tmp_path)])
    try:
        assert {one.__name__ for one in members_of("objective") - set(public["objective"].values())} == {"Newcomer"}
    finally:
        sys.modules.pop("saddle.objectives.newcomer", None)


def test_a_listed_member_gets_a_row_at_once(
    monkeypatch: pytest.MonkeyPatch, public: Public, tabled: Callable[[str], list[str]]
) -> None:
    monkeypatch.setitem(public["objective"], "newcomer", object)
    assert "newcomer" in tabled("objective")
