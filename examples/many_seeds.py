"""Is one objective better than another, or was it the seed? Train several seeds of each and compare them."""

import saddle
from saddle.data import Layout

SEEDS = 3
OBJECTIVES = ("minimax", "non-saturating", "least-squares", "wasserstein")
NETWORK = saddle.MLP(width=64, depth=2, activation="leaky-relu")
ADAM = saddle.Adam(1e-3, beta1=0.0, beta2=0.99)


def recipe(objective: str) -> saddle.recipes.Recipe:
    """The same small game with one objective or another."""

    def gan(layout: Layout) -> saddle.GAN:
        return saddle.GAN(
            objective=objective,
            regularizers=[saddle.R1(0.05)],
            generator=NETWORK,
            critic=NETWORK,
            latent=4,
            batch=128,
            generator_optimizer=ADAM,
            critic_optimizer=ADAM,
        )

    return gan


def main() -> None:
    data = saddle.open("ring", n=20_000)
    result = saddle.compare(data, {name: recipe(name) for name in OBJECTIVES}, seeds=SEEDS, rounds=300)
    print(result)
    print(f"The page: {result.report('compare.html')}")


if __name__ == "__main__":
    main()
