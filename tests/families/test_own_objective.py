"""An objective in a file of the user's own: proved, trained, saved, loaded and resumed, with no edit of saddle."""

import sys
from pathlib import Path

import numpy as np
import pytest

import saddle
from saddle.recipes import configured, find_recipe, like_run
from saddle.testing import check_objective

SOURCE = '''
from dataclasses import dataclass

from torch import Tensor, relu

import saddle


@dataclass(frozen=True)
class Margin:
    """Critic keeps real above fake by `gap`; generator closes it."""

    gap: float = 1.0

    def critic(self, real: Tensor, fake: Tensor) -> Tensor:
        return relu(self.gap - (real - fake)).mean()

    def generator(self, real: Tensor, fake: Tensor) -> Tensor:
        return (real - fake).mean()


def my_recipe(layout):
    networks = saddle.MLP(8, 1)
    return saddle.GAN(
        objective=Margin(0.5), regularizers=[saddle.R1(0.1)], generator=networks, critic=networks, latent=2, batch=8,
        rounds=6, threads=1,
    )
'''


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "my_file.py"
    path.write_text(SOURCE)
    return f"{path}:my_recipe"


@pytest.fixture
def data() -> saddle.Dataset:
    return saddle.open("ring")


def test_it_passes_check_objective(file: str, data: saddle.Dataset) -> None:
    objective = find_recipe(file).model(data.layout).objective
    found = check_objective(objective)  # type: ignore[arg-type]
    assert found.pairs and found.separates and found.reads_real and found.frozen and not found.saturates


def test_it_trains_saves_loads_and_resumes(file: str, data: saddle.Dataset, tmp_path: Path) -> None:
    found = find_recipe(file)
    folder = tmp_path / "run"
    model = found.model(data.layout)
    model.fit(data, folder=folder, recipe=found.note(), attachments=found.files())
    whole = found.model(data.layout)
    whole.rounds = 10
    whole.fit(data)

    # The user's file may change or vanish: the run keeps the one it began with.
    Path(file.rpartition(":")[0]).unlink()
    sys.modules.pop("saddle_own_my_file", None)
    like = like_run(folder)
    loaded = saddle.GAN.load(folder, like=like)
    assert loaded.trained.fitted.state.digest() == model.trained.fitted.state.digest()
    assert np.array_equal(loaded.sample(5, seed=0), model.sample(5, seed=0))
    resumed = saddle.GAN.resume(folder, rounds=10, like=like)
    assert resumed.trained.fitted.state.round == 10
    assert resumed.trained.fitted.state.digest() == whole.trained.fitted.state.digest()

    copy = tmp_path / "copy"
    model.save(copy)
    assert np.array_equal(saddle.GAN.load(copy, like=like).sample(5, seed=0), model.sample(5, seed=0))


def test_without_the_file_a_load_says_what_is_missing(file: str, data: saddle.Dataset, tmp_path: Path) -> None:
    found = find_recipe(file)
    found.model(data.layout).fit(data, folder=tmp_path / "run", recipe=found.note(), attachments=found.files())
    with pytest.raises(saddle.InputError, match=r"objective of your own, Margin\(gap=0\.5\)"):
        saddle.GAN.load(tmp_path / "run")


def test_its_other_settings_can_be_changed(file: str, data: saddle.Dataset) -> None:
    model = configured(find_recipe(file), data.layout, {"batch": 4, "regularizers": "weight-clipping"})
    assert model.batch == 4 and repr(model.checked().objective) == "Margin(gap=0.5)"
    assert model.checked().regularizers == (saddle.WeightClipping(),)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("my_file.py:my_recipe", None, "There is no file"),
        ("my_file.py:your_recipe", SOURCE, "has no function 'your_recipe'"),
        ("my_file.py:my_recipe", "def my_recipe(", "cannot be run: SyntaxError"),
        ("my_file.py:my_recipe", "import nothing_of_that_name", "cannot be run: ModuleNotFoundError"),
        ("my_file.py:my_recipe", "my_recipe = 3", "has no function 'my_recipe'"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, name: str, content: str | None, sentence: str) -> None:
    if content is not None:
        (tmp_path / "my_file.py").write_text(content)
    with pytest.raises(saddle.InputError, match=sentence):
        find_recipe(str(tmp_path / name))


@pytest.mark.parametrize(
    ("body", "sentence"),
    [("1 / 0", "fails with ZeroDivisionError"), ("return 3", "must return a model such as")],
)
def test_a_recipe_that_gives_no_model_is_refused(
    tmp_path: Path, body: str, sentence: str, data: saddle.Dataset
) -> None:
    (tmp_path / "own.py").write_text(f"def make(layout):\n    {body}\n")
    with pytest.raises(saddle.InputError, match=sentence):
        find_recipe(f"{tmp_path / 'own.py'}:make").model(data.layout)


def test_an_unknown_recipe_gets_the_nearest_name() -> None:
    with pytest.raises(saddle.InputError, match="did you mean wgan-gp"):
        find_recipe("wgan_gp")
