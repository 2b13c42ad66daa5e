"""Generated tables of plain numeric columns, one family for each kind of table that detectors differ on.

The detector core was chosen on these, the public tables only measured it. The first four are the kinds of anomaly of
Han et al. (ADBench, NeurIPS 2022, section 3.2); every table has 2 % to 2.5 % anomalies.
"""

from __future__ import annotations

from collections.abc import Callable
from zlib import crc32

import numpy as np

from benchmarks.anomaly.tables import Floats, Plain

Parts = tuple[Floats, Floats]
Dice = np.random.Generator


def generate(family: str, seed: int) -> Plain:
    """Return one table of a family, rows in any order."""
    dice = np.random.default_rng([crc32(family.encode()), seed])
    ordinary, odd = FAMILIES[family](dice, int(dice.integers(800, 3000)))
    order = dice.permutation(len(ordinary) + len(odd))
    return Plain(np.concatenate([ordinary, odd])[order], order >= len(ordinary))


def _clusters(dice: Dice, count: int, columns: int, groups: int, apart: float) -> tuple[Floats, Floats, Floats]:
    """Return rows of Gaussian clusters (n, columns), and the centre and the deviations of each row's own cluster."""
    shapes = 0.8 * dice.normal(size=(groups, columns, columns)) / np.sqrt(columns) + 0.5 * np.eye(columns)
    shapes *= dice.uniform(0.3, 1.5, (groups, 1, 1))
    group = dice.integers(0, groups, count)
    centre = dice.normal(0, apart, (groups, columns))[group]
    deviation = np.einsum("nij,nj->ni", shapes[group], dice.normal(size=(count, columns)))
    return centre + deviation, centre, deviation


def local(dice: Dice, count: int) -> Parts:
    """Clusters of different density; the odd rows lie about one of them, with five times its variance."""
    rows, centre, deviation = _clusters(dice, count + count // 40, int(dice.integers(2, 12)), 5, 4.0)
    return rows[:count], (centre + np.sqrt(5) * deviation)[count:]


def everywhere(dice: Dice, count: int) -> Parts:
    """Clusters; the odd rows are uniform over their whole range."""
    rows, _, _ = _clusters(dice, count, int(dice.integers(2, 20)), 3, 4.0)
    return rows, dice.uniform(1.05 * rows.min(axis=0), 1.05 * rows.max(axis=0), (count // 40, rows.shape[1]))


def dependence(dice: Dice, count: int) -> Parts:
    """Columns driven by few factors; each odd value is ordinary by itself, together they are not."""
    columns = int(dice.integers(3, 12))
    factors = dice.normal(size=(max(2, columns // 2), columns))
    rows = dice.normal(size=(count, len(factors))) @ factors + 0.3 * dice.normal(size=(count, columns))
    rows = np.where(dice.random(columns) < 0.3, np.exp(rows / 2), rows)
    return rows, np.stack([dice.choice(column, count // 40) for column in rows.T], axis=1)


def a_cluster(dice: Dice, count: int) -> Parts:
    """Clusters; the odd rows are a small one of their own, to one side."""
    rows, _, _ = _clusters(dice, count, int(dice.integers(2, 15)), 3, 2.0)
    spread = rows.std(axis=0)
    centre = rows.mean(axis=0) + 2.2 * dice.normal(size=rows.shape[1]) * spread
    return rows, centre + 0.25 * dice.normal(size=(count // 40, rows.shape[1])) * spread


def heavy_tails(dice: Dice, count: int) -> Parts:
    """Log-normal columns with common factors; a third of an odd row's values are a few times too large."""
    columns = int(dice.integers(4, 20))
    factors, width = 0.5 * dice.normal(size=(2, columns)), dice.uniform(0.4, 1.3, columns)

    def draw(rows: int) -> Floats:
        return np.exp((dice.normal(size=(rows, 2)) @ factors + dice.normal(size=(rows, columns))) * width)

    odd = draw(count // 50)
    return draw(count), odd * np.where(dice.random(odd.shape) < 0.35, np.exp(dice.normal(1.5, 0.5, odd.shape)), 1.0)


def counts(dice: Dice, count: int) -> Parts:
    """Counts and flags of three groups of people; the odd rows have rates of their own."""
    columns = int(dice.integers(5, 16))
    flags, group = dice.random(columns) < 0.4, dice.integers(0, 3, count)
    rows = dice.poisson(dice.uniform(0.3, 5, (3, columns))[group])
    odd = dice.poisson(dice.uniform(0.5, 9, (count // 40, columns)))
    return np.where(flags, rows > 3, rows).astype(float), np.where(flags, dice.random(odd.shape) < 0.5, odd).astype(
        float
    )


def irrelevant(dice: Dice, count: int) -> Parts:
    """Four columns that tell and ten to thirty that do not; odd rows lie at the ends of those that tell."""
    told, _, _ = _clusters(dice, count, 4, 3, 4.0)
    odd = told[dice.integers(0, count, count // 50)]
    low, high = told.min(axis=0), told.max(axis=0)
    end = np.where(dice.random(odd.shape) < 0.5, low, high) + 0.1 * (high - low) * dice.normal(size=odd.shape)
    odd = np.where(dice.random(odd.shape) < 0.6, end, odd)
    silent = int(dice.integers(10, 30))
    noise = np.concatenate(
        [dice.normal(size=(count + len(odd), silent // 2)), dice.random((count + len(odd), silent))], axis=1
    )
    return np.concatenate([told, noise[:count]], axis=1), np.concatenate([odd, noise[count:]], axis=1)


def components(dice: Dice, count: int) -> Parts:
    """Uncorrelated components of falling size and heavy tails; the odd rows go one way, more or less far."""
    columns = int(dice.integers(10, 30))
    size = np.linspace(2, 0.3, columns)
    tails = np.sqrt(4 / dice.chisquare(4, (count, 1)) * 5 / dice.chisquare(5, (count, columns)))
    way = dice.normal(size=columns) * (dice.random(columns) < 0.5)
    odd = 1.3 * dice.normal(size=(count // 50, columns)) + dice.gamma(2.0, 1.5, (count // 50, 1)) * way
    return size * dice.normal(size=(count, columns)) * tails, size * odd


def mostly_zero(dice: Dice, count: int) -> Parts:
    """Amounts that are mostly zero; odd rows have more of them, and larger."""
    columns = int(dice.integers(5, 15))
    zero, level = dice.uniform(0.2, 0.97, columns), dice.uniform(0, 5, columns)

    def draw(rows: int, none: Floats, more: float) -> Floats:
        amounts = np.exp(dice.normal(level + more, 1, (rows, columns)))
        return np.where(dice.random((rows, columns)) < none, 0.0, amounts)

    return draw(count, zero, 0.0), draw(count // 50, np.maximum(zero - 0.35, 0.02), 0.5)


def correlated(dice: Dice, count: int) -> Parts:
    """One Gaussian of many correlated columns; the odd rows are 1.2 to 2.2 times as far out."""
    columns = int(dice.integers(5, 25))
    axes, _ = np.linalg.qr(dice.normal(size=(columns, columns)))
    shape = (axes * np.exp(dice.normal(0, 0.6, columns))).T
    odd = dice.normal(size=(count // 40, columns)) * dice.uniform(1.2, 2.2, (count // 40, 1))
    return dice.normal(size=(count, columns)) @ shape, odd @ shape


def two_columns(dice: Dice, count: int) -> Parts:
    """Clusters in many columns; the odd rows are off in two, which differ from row to row."""
    rows, _, _ = _clusters(dice, count, int(dice.integers(8, 25)), 3, 1.5)
    odd = rows[dice.integers(0, count, count // 40)]
    for row in odd:
        two = dice.choice(rows.shape[1], 2, replace=False)
        row[two] += dice.choice([-1, 1], 2) * dice.uniform(2.5, 5, 2) * rows[:, two].std(axis=0)
    return rows, odd


def skewed(dice: Dice, count: int) -> Parts:
    """Measurements of things, all skewed upwards; odd things measure more."""
    columns = int(dice.integers(4, 9))
    shape = dice.uniform(0.3, 2, columns)
    more = shape + dice.uniform(0.5, 3, columns)
    return dice.gamma(shape, 1, (count, columns)), dice.gamma(more, 1, (count // 50, columns))


FAMILIES: dict[str, Callable[[Dice, int], Parts]] = {
    "local": local,
    "everywhere": everywhere,
    "dependence": dependence,
    "a cluster": a_cluster,
    "heavy tails": heavy_tails,
    "counts and flags": counts,
    "irrelevant columns": irrelevant,
    "components": components,
    "mostly zero": mostly_zero,
    "correlated": correlated,
    "two columns": two_columns,
    "skewed": skewed,
}
