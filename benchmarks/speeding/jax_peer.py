"""The same game in JAX: everything compiled, rounds in a `lax.scan`, seeds under `vmap`, Adam by optax.

Real and generated examples are scored in a pass each, or in one pass together.
"""

import time
from typing import Any

import jax
import jax.numpy as jnp
import optax
import torch

from speeding.shapes import Shape
from speeding.timing import Contestant

Params = list[tuple[jax.Array, jax.Array]]
ROUNDS = 32  # a call


def peer(shape: Shape, *, seeds: int = 1, passes: int = 2) -> Contestant:
    """A perceptron's game; convolutions are not written here."""
    x = jnp.asarray(shape.examples(torch.device("cpu")).flatten(1).numpy())
    adam = optax.adam(2e-4, b1=0.5, b2=0.999)
    one = _round(shape, x, adam, passes)

    def rounds(state: Any, key: jax.Array) -> Any:
        return jax.lax.scan(one, state, jax.random.split(key, ROUNDS))[0]

    many = jax.jit(jax.vmap(rounds) if seeds > 1 else rounds)
    keys = jax.random.split(jax.random.PRNGKey(0), seeds)
    states = [_start(shape, adam, x.shape[1], key) for key in keys]
    held = [jax.tree.map(lambda *leaves: jnp.stack(leaves), *states) if seeds > 1 else states[0]]
    count = [0]

    def play(wanted: int) -> None:
        for _ in range(-(-wanted // ROUNDS)):
            count[0] += 1
            fresh = jax.random.split(jax.random.PRNGKey(count[0]), seeds)
            held[0] = many(held[0], fresh if seeds > 1 else fresh[0])
        jax.block_until_ready(held[0])

    began = time.perf_counter()
    play(1)
    return Contestant(play, members=seeds, prepare_seconds=time.perf_counter() - began, rounds_at_once=ROUNDS)


def _layers(key: jax.Array, widths: list[int]) -> Params:
    keys = jax.random.split(key, len(widths) - 1)
    return [
        (jax.random.normal(one, (before, after)) / before**0.5, jnp.zeros(after))
        for one, before, after in zip(keys, widths[:-1], widths[1:], strict=True)
    ]


def _start(shape: Shape, adam: Any, numbers: int, key: jax.Array) -> Any:
    width, depth = shape.network.width, shape.network.depth  # type: ignore[attr-defined]
    first, second = jax.random.split(key)
    generator = _layers(first, [shape.latent, *[width] * depth, numbers])
    critic = _layers(second, [numbers, *[width] * depth, 1])
    return generator, critic, adam.init(generator), adam.init(critic)


def _net(params: Params, x: jax.Array) -> jax.Array:
    for weight, bias in params[:-1]:
        x = jax.nn.leaky_relu(x @ weight + bias, 0.2)
    weight, bias = params[-1]
    return x @ weight + bias


def _round(shape: Shape, data: jax.Array, adam: Any, passes: int) -> Any:
    picture = len(shape.example) > 1

    def made(generator: Params, z: jax.Array) -> jax.Array:
        return jnp.tanh(_net(generator, z)) if picture else _net(generator, z)

    def critic_loss(critic: Params, generator: Params, x: jax.Array, z: jax.Array, mix: jax.Array) -> jax.Array:
        fake = made(generator, z)
        of_both = jnp.split(_net(critic, jnp.concatenate([x, fake])), 2) if passes == 1 else None
        of_real, of_fake = of_both or (_net(critic, x), _net(critic, fake))
        loss = jax.nn.softplus(-of_real).mean() + jax.nn.softplus(of_fake).mean()
        if not shape.penalty:
            return loss
        between = mix * x + (1 - mix) * fake
        gradient = jax.grad(lambda points: _net(critic, points).sum())(between)
        return loss + shape.penalty * ((jnp.sqrt((gradient**2).sum(1)) - 1) ** 2).mean()

    def generator_loss(generator: Params, critic: Params, z: jax.Array) -> jax.Array:
        return jax.nn.softplus(-_net(critic, made(generator, z))).mean()

    def one(state: Any, key: jax.Array) -> Any:
        generator, critic, generator_memory, critic_memory = state
        keys = jax.random.split(key, 4)
        x = data[jax.random.randint(keys[0], (shape.batch,), 0, len(data))]
        z = jax.random.normal(keys[1], (shape.batch, shape.latent))
        mix = jax.random.uniform(keys[2], (shape.batch, 1))
        gradient = jax.grad(critic_loss)(critic, generator, x, z, mix)
        step, critic_memory = adam.update(gradient, critic_memory)
        critic = optax.apply_updates(critic, step)
        z = jax.random.normal(keys[3], (shape.batch, shape.latent))
        step, generator_memory = adam.update(jax.grad(generator_loss)(generator, critic, z), generator_memory)
        return (optax.apply_updates(generator, step), critic, generator_memory, critic_memory), None

    return one
