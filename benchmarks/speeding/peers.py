"""Other libraries on their own examples: torchgan's DCGAN on 32 x 32 pictures, pythae's VAE on MNIST's shape."""

import contextlib
import io
import logging
import sys
import tempfile
from itertools import islice
from types import ModuleType
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

import saddle
from saddle.families import Estimator
from saddle.testing import Trial
from saddle.training.ways.rounds import Way, rounds_of
from speeding.timing import Contestant

PICTURES, BATCH = 6400, 64


def pictures(size: int) -> np.ndarray:
    """Noise; how fast a round is does not depend on what they show."""
    return np.random.default_rng(0).integers(0, 256, (PICTURES, size, size), dtype=np.uint8)


def saddles(model: Estimator, data: saddle.Dataset, way: Way) -> Contestant:
    """A model of ours, between two rows of its history."""
    trial = Trial.of(model, data)
    rounds = rounds_of(way, trial.fitted.problem, trial.fitted.state, trial.feed)

    def play(count: int) -> None:
        with torch.random.fork_rng():
            for _ in range(count):
                rounds.play(logged=False)

    play(1)
    return Contestant(play, prepare_seconds=rounds.compiled.seconds if rounds.compiled else 0.0)


def torchgans() -> Contestant:
    """Its tutorial: DCGAN with 32 channels, least squares, Adam, what its trainer does for each batch of a loader."""
    _stand_in_for_torchvision()
    from torchgan.losses import LeastSquaresDiscriminatorLoss, LeastSquaresGeneratorLoss
    from torchgan.trainer import Trainer

    parts = {
        "generator": {"name": _generator, "args": {}, "optimizer": {"name": torch.optim.Adam, "args": _adam(1e-4)}},
        "discriminator": {"name": _critic, "args": {}, "optimizer": {"name": torch.optim.Adam, "args": _adam(3e-4)}},
    }
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        losses = [LeastSquaresGeneratorLoss(), LeastSquaresDiscriminatorLoss()]
        trainer = Trainer(parts, losses, sample_size=64, epochs=1, device=torch.device("cpu"), checkpoints=folder)
        trainer.batch_size = BATCH
    x = torch.from_numpy(pictures(32)).unsqueeze(1) / 127.5 - 1
    loader = DataLoader(TensorDataset(x, torch.zeros(len(x))), BATCH, shuffle=True, drop_last=True)

    def play(count: int) -> None:
        for data in _forever(loader, count):
            trainer.real_inputs, trainer.labels = data
            with contextlib.redirect_stdout(io.StringIO()):
                generator_loss, critic_loss, moved, learned = trainer.train_iter()
                trainer.loss_information["generator_losses"] += generator_loss
                trainer.loss_information["discriminator_losses"] += critic_loss
                trainer.loss_information["generator_iters"] += moved
                trainer.loss_information["discriminator_iters"] += learned
                trainer.logger.run_mid_epoch(trainer)

    return Contestant(play)


def ours_of_torchgan(way: Way, precision: Any = "float32") -> Contestant:
    """Its networks, trained by saddle."""
    _stand_in_for_torchvision()
    model = saddle.GAN(
        objective="least-squares",
        generator=_generator,
        critic=_critic,
        latent=100,
        batch=BATCH,
        average=0.0,
        generator_optimizer=saddle.Adam(1e-4),
        critic_optimizer=saddle.Adam(3e-4),
        device="cpu",
        precision=precision,
    )
    return saddles(model, saddle.open(pictures(32)), way)


def pythaes() -> Contestant:
    """Its VAE with its own networks: what its trainer does for each batch of a loader."""
    logging.disable(logging.WARNING)
    from pythae.data.datasets import BaseDataset
    from pythae.models import VAE, VAEConfig
    from pythae.trainers import BaseTrainer, BaseTrainerConfig

    x = torch.from_numpy(pictures(28)).unsqueeze(1) / 255
    data = BaseDataset(x, torch.zeros(len(x)))
    with tempfile.TemporaryDirectory() as folder:
        settings = BaseTrainerConfig(
            output_dir=folder, num_epochs=1, per_device_train_batch_size=BATCH, learning_rate=1e-3, no_cuda=True
        )
        trainer = BaseTrainer(VAE(VAEConfig(input_dim=(1, 28, 28), latent_dim=16)), data, training_config=settings)
        trainer.prepare_training()
    loader = trainer.train_loader

    def play(count: int) -> None:
        done = 0
        while done < count:  # its own pass over a loader, as long as it still has to go
            trainer.train_loader = _Part(loader, min(count - done, len(loader)))
            trainer.train_step(1)
            done += min(count - done, len(loader))

    return Contestant(play)


def ours_of_pythae(way: Way, precision: Any = "float32") -> Contestant:
    """The same model in saddle."""
    network = saddle.MLP(512, 1)
    model = saddle.VAE(
        latent=16, encoder=network, decoder=network, batch=BATCH, optimizer=saddle.Adam(1e-3), average=0.0,
        device="cpu", precision=precision,
    )  # fmt: skip
    return saddles(model, saddle.open(pictures(28)), way)


class _Part:
    """The first batches of a loader."""

    def __init__(self, loader: Any, count: int) -> None:
        self.dataset = loader.dataset
        self._loader, self._count = loader, count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Any:
        return islice(iter(self._loader), self._count)


def _forever(loader: Any, count: int) -> Any:
    while count > 0:
        yield from islice(iter(loader), count)
        count -= len(loader)


def _adam(rate: float) -> dict[str, Any]:
    return {"lr": rate, "betas": (0.5, 0.999)}


def _generator() -> nn.Module:
    from torchgan.models import DCGANGenerator

    return DCGANGenerator(100, 32, 1, 32, nonlinearity=nn.LeakyReLU(0.2), last_nonlinearity=nn.Tanh())


def _critic() -> nn.Module:
    from torchgan.models import DCGANDiscriminator

    return DCGANDiscriminator(32, 1, 32, nonlinearity=nn.LeakyReLU(0.2), last_nonlinearity=nn.LeakyReLU(0.2))


def _stand_in_for_torchvision() -> None:
    """torchgan imports it to save pictures of samples after an epoch, which nothing here does."""
    if "torchvision" not in sys.modules:
        sys.modules["torchvision"] = ModuleType("torchvision")
