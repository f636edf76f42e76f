"""Train on a data frame of your own and get one back: columns, integers and labels as they were.

The table here is made up: heights, weights and shoe sizes of two groups.
"""

import numpy as np
import pandas as pd

import saddle


def make_table(rows: int = 4000) -> pd.DataFrame:
    draw = np.random.default_rng(0)
    group = draw.choice(["a", "b"], rows, p=[0.3, 0.7])
    height = np.where(group == "a", 165, 178) + 7 * draw.standard_normal(rows)
    weight = 22 * (height / 100) ** 2 * np.exp(0.12 * draw.standard_normal(rows))
    shoe = np.rint(0.25 * height - 1 + draw.standard_normal(rows)).astype(int)
    return pd.DataFrame({"height": height, "weight": weight, "shoe": shoe, "group": group})


def show_means(table: pd.DataFrame) -> None:
    for group in ("a", "b"):
        means = table[table["group"] == group][["height", "weight", "shoe"]].mean()
        print(f"  group {group}:", ", ".join(f"{name} {value:.1f}" for name, value in means.items()))


def main() -> None:
    table = make_table()
    data = saddle.open(table, target="group")
    gan = saddle.recipe("default", data.layout, rounds=600)
    gan.fit(data)

    print("real, then generated:")
    show_means(table)
    samples = gan.sample(2000, seed=0)
    show_means(samples)
    print("three of group a:")
    print(gan.sample(3, y="a", seed=1).to_string(index=False, float_format="%.1f"))
    print(saddle.evaluate(gan, data))


if __name__ == "__main__":
    main()
