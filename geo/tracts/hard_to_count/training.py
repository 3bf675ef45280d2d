"""The model of the index, and cross-fitting: no estimate comes from a model that saw its tract."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.kernel_ridge import KernelRidge
from sklearn.linear_model import LinearRegression, RidgeCV
from sklearn.metrics import mean_absolute_error, r2_score
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import QuantileTransformer, StandardScaler
from threadpoolctl import threadpool_limits

from geo.methods.margins import to_floats

Floats = NDArray[np.float64]

SEED = 2019
LENGTH = 8.0
"""Distance of two tracts, in standard deviations over all features, at which they begin to differ."""
NOISE = 0.12
"""Part of the index's variance that is taken for noise."""
QUANTILES = 500
FEWEST = 20
"""Steps of a rank where there are few tracts."""
FEW = 1_000
"""With fewer tracts to learn from, ridge regression has to do."""


@dataclass(slots=True)
class Smooth:
    """Kernel ridge regression on the features' ranks, in single precision."""

    prepare: Any = None
    fitted: Any = None
    middle: float = 0.0
    spread: float = 1.0

    def fit(self, features: pd.DataFrame, index: Floats) -> Smooth:
        """Learn the index."""
        self.prepare = ranks(len(features)).fit(features)
        self.middle, self.spread = float(index.mean()), float(index.std()) or 1.0
        kernel = KernelRidge(alpha=NOISE, kernel="rbf", gamma=0.5 / LENGTH**2)
        scaled = ((index - self.middle) / self.spread).astype(np.float32)
        self.fitted = kernel.fit(self.prepare.transform(features).astype(np.float32), scaled)
        return self

    def predict(self, features: pd.DataFrame) -> Floats:
        """Estimate the index."""
        told = self.fitted.predict(self.prepare.transform(features).astype(np.float32))
        result: Floats = self.middle + self.spread * told.astype(np.float64)
        return result


@dataclass(slots=True)
class Mean:
    """The mean of a smooth and a sharp model."""

    smooth: Any = None
    sharp: Any = None

    def fit(self, features: pd.DataFrame, index: Floats) -> Mean:
        """Learn the index, twice."""
        self.smooth, self.sharp = Smooth().fit(features, index), boosting().fit(features, index)
        return self

    def predict(self, features: pd.DataFrame) -> Floats:
        """Estimate the index, as the mean of both."""
        result: Floats = (self.smooth.predict(features) + self.sharp.predict(features)) / 2
        return result


def boosting() -> Any:
    """Make gradient boosting with small, many, slow trees."""
    return HistGradientBoostingRegressor(
        max_iter=900,
        learning_rate=0.03,
        max_leaf_nodes=10,
        l2_regularization=10,
        min_samples_leaf=40,
        max_features=0.4,
        random_state=SEED,
    )


def boosting_as_it_comes() -> Any:
    """Make gradient boosting with scikit-learn's own settings."""
    return HistGradientBoostingRegressor(random_state=SEED)


def linear() -> Any:
    """Make ordinary least squares on standardized features, means in place of what is missing."""
    return make_pipeline(SimpleImputer(), StandardScaler(), LinearRegression())


def ridge() -> Any:
    """Make least squares on ranks that is held back, for few tracts."""
    return make_pipeline(ranks(FEWEST), RidgeCV(alphas=np.logspace(-1, 4, 11)))


def ranks(tracts: int) -> Any:
    """Turn features into ranks from 0 to 1, standardized; beyond what was seen a rank is 0 or 1."""
    quantiles = QuantileTransformer(n_quantiles=min(QUANTILES, tracts), random_state=SEED)
    return make_pipeline(quantiles, SimpleImputer(), StandardScaler())


def width() -> Any:
    """Make a small model of how far off estimates are."""
    return HistGradientBoostingRegressor(
        max_iter=60, learning_rate=0.1, max_leaf_nodes=6, min_samples_leaf=60, random_state=SEED
    )


PEERS: Mapping[str, Callable[[], Any]] = {"linear": linear, "boosting_as_it_comes": boosting_as_it_comes}
"""What the model is held against, on the same folds and features."""


def choose(tracts: int) -> tuple[str, Callable[[], Any]]:
    """Choose the model by how many tracts there are to learn from.

    Examples
    --------
    >>> choose(8_000)[0], choose(60)[0]
    ('kernel ridge and boosting', 'ridge')
    """
    return ("kernel ridge and boosting", Mean) if tracts >= FEW else ("ridge", ridge)


Ints = NDArray[np.int64]

FOLDS = 5
LEVEL = 0.90
HIGHEST = 136.0
LEAST_WIDTH = 1.0
"""Points of the index: no estimate is taken to be surer than that."""
LOOKED_AT = 200
"""Tracts of each fold on which the effect of a feature is measured."""


@dataclass(frozen=True, slots=True)
class Trained:
    """What came of training.

    Attributes
    ----------
    model
        Which one, in words.
    columns
        The features, in order.
    fold
        By label of the training tracts: which fold each was in.
    estimates
        By label: ``estimate``, ``lower``, ``upper`` and ``moe`` in points; none has seen its own fold.
    fold_of_county
        Which fold a county was in; empty where the folds go through a county.
    models, widths, factors
        For each fold: the model that has not seen it, the model of its errors, and the interval's factor.
    notes
        What was measured, as plain numbers.
    """

    model: str
    columns: tuple[str, ...]
    fold: pd.Series[int]
    estimates: pd.DataFrame
    fold_of_county: Mapping[str, int]
    models: tuple[Any, ...]
    widths: tuple[Any, ...]
    factors: tuple[float, ...]
    notes: Mapping[str, Any]


def train(features: pd.DataFrame, index: pd.Series[float], counties: pd.Series[str]) -> Trained:
    """Cross-fit the index on features, folds by county.

    Parameters
    ----------
    features
        One row a scored tract, from :func:`geo.tracts.hard_to_count.features.to_features`; NaN where
        something is missing.
    index
        The official index in points, on the same labels, none missing.
    counties
        GEOID of each tract's county. Where there are fewer than five, every fifth tract makes a fold instead.

    Returns
    -------
    Trained
        Estimates out of sample, the models, and what was measured.
    """
    name, make = choose(len(features))
    fold, by_county = assign_folds(features, counties)
    official = to_floats(index)
    with threadpool_limits(limits=1):
        models, told = cross_fit(make, features, official, fold)
        peers = {key: cross_fit(peer, features, official, fold)[1] for key, peer in PEERS.items()}
        apart = np.abs(official - told)
        widths, wide = cross_fit(width, features.assign(estimate=told), apart, fold)
        factors = to_factors(apart, np.maximum(wide, LEAST_WIDTH), fold)
        effects = measure_effects(models, features, official, fold)
    estimates = to_interval(told, np.maximum(wide, LEAST_WIDTH) * factors[fold], features.index)
    notes = {
        "model": name,
        "tracts": len(features),
        "counties": int(counties.nunique()),
        "folds_by_county": by_county,
        **_score(official, told),
        "interval": _check_interval(official, estimates, fold),
        "peers": {key: _score(official, values) for key, values in peers.items()},
        "effects": effects,
    }
    return Trained(
        model=name,
        columns=tuple(features.columns),
        fold=pd.Series(fold, index=features.index),
        estimates=estimates,
        fold_of_county=dict(zip(counties, fold.tolist(), strict=True)) if by_county else {},
        models=tuple(models),
        widths=tuple(widths),
        factors=tuple(factors.tolist()),
        notes=notes,
    )


def apply(trained: Trained, features: pd.DataFrame, counties: pd.Series[str]) -> pd.DataFrame:
    """Estimate the index of other tracts, each by the model that has not seen its county's scores.

    A county that is not known is estimated by the first model.

    Parameters
    ----------
    features
        As in training; a feature that lacks is taken as missing.
    counties
        GEOID of each tract's county, on the same labels.

    Returns
    -------
    pandas.DataFrame
        ``estimate``, ``lower``, ``upper`` and ``moe`` in points.
    """
    ours = features.reindex(columns=list(trained.columns)).astype(float)
    fold = counties.map(trained.fold_of_county).fillna(0).astype(int).to_numpy()
    told, wide = np.zeros(len(ours)), np.zeros(len(ours))
    for number in np.unique(fold):
        rows = fold == number
        told[rows] = trained.models[number].predict(ours[rows])
        known = ours[rows].assign(estimate=told[rows])
        wide[rows] = np.maximum(trained.widths[number].predict(known), LEAST_WIDTH) * trained.factors[number]
    return to_interval(told, wide, ours.index)


def assign_folds(features: pd.DataFrame, counties: pd.Series[str]) -> tuple[Ints, bool]:
    """Split tracts into folds by county; where there are too few counties, every fifth tract.

    Returns
    -------
    tuple of array, bool
        The fold of each tract, and whether folds are made of counties.

    Examples
    --------
    >>> frame = pd.DataFrame({"x": range(10)})
    >>> assign_folds(frame, pd.Series(["06065"] * 10))[0].tolist()
    [0, 1, 2, 3, 4, 0, 1, 2, 3, 4]
    """
    by_county = counties.nunique() >= FOLDS
    if not by_county:
        return np.arange(len(features)) % FOLDS, False
    fold = np.zeros(len(features), dtype=np.int64)
    for number, (_, held_out) in enumerate(GroupKFold(FOLDS).split(features, groups=counties.to_numpy())):
        fold[held_out] = number
    return fold, True


def cross_fit(
    make: Callable[[], Any], features: pd.DataFrame, target: Floats, fold: Ints
) -> tuple[list[Any], Floats]:
    """Learn on all folds but one, and estimate that one; for each.

    Returns
    -------
    tuple of list, array
        The models by fold, and the estimates out of sample.
    """

    def fit(number: int) -> Any:
        others = fold != number
        return make().fit(features[others], target[others])

    models = _in_threads(fit, range(FOLDS))
    told = np.zeros(len(features))
    for number, model in enumerate(models):
        ours = fold == number
        told[ours] = model.predict(features[ours])
    return models, told


def to_factors(apart: Floats, wide: Floats, fold: Ints) -> Floats:
    """Say how many expected errors make an interval of 90 %, for each fold from the others.

    Examples
    --------
    >>> errors, fold = np.arange(1.0, 101.0), np.arange(100) % 5
    >>> to_factors(errors, np.full(100, 10.0), fold).round(1).tolist()
    [9.3, 9.3, 9.2, 9.2, 9.2]
    """
    scores = apart / wide
    factors = np.zeros(FOLDS)
    for number in range(FOLDS):
        others = scores[fold != number]
        level = min(np.ceil((len(others) + 1) * LEVEL) / len(others), 1.0)
        factors[number] = np.quantile(others, level, method="higher")
    return factors


def to_interval(told: Floats, half: Floats, labels: pd.Index[Any]) -> pd.DataFrame:
    """Lay an interval around estimates, all within 0 and the index's highest, 136.

    Examples
    --------
    >>> to_interval(np.array([10.0]), np.array([15.0]), pd.Index(["a"])).loc["a"].to_dict()
    {'estimate': 10.0, 'moe': 15.0, 'lower': 0.0, 'upper': 25.0}
    """
    inside = np.clip(told, 0.0, HIGHEST)
    columns = {
        "estimate": inside,
        "moe": half,
        "lower": np.clip(inside - half, 0.0, HIGHEST),
        "upper": np.clip(inside + half, 0.0, HIGHEST),
    }
    return pd.DataFrame(columns, index=labels)


def measure_effects(
    models: list[Any], features: pd.DataFrame, official: Floats, fold: Ints
) -> dict[str, dict[str, float]]:
    """Say what each feature does, on tracts of each fold that its model has not seen.

    Returns
    -------
    dict
        By feature: ``importance``, by how much R2 falls when its values are shuffled among the tracts; and
        ``points``, how many points the estimate rises when it goes from its lowest to its highest tenth and
        all else stays.
    """
    random = np.random.default_rng(SEED)
    rows = [random.permutation(np.flatnonzero(fold == number))[:LOOKED_AT] for number in range(FOLDS)]
    orders = [[random.permutation(ours) for ours in rows] for _ in features.columns]
    chosen = official[np.concatenate(rows)]
    known = [features.iloc[ours] for ours in rows]
    base = r2_score(chosen, np.concatenate(_predict(models, known)))

    def effect(name: str, order: list[Ints]) -> dict[str, float]:
        low, high = features[name].quantile([0.1, 0.9])
        mixed = [features[name].to_numpy()[others] for others in order]
        asked = [
            pd.concat([part.assign(**{name: value}) for value in (values, low, high)])
            for part, values in zip(known, mixed, strict=True)
        ]
        shuffled, at_low, at_high = np.hstack([told.reshape(3, -1) for told in _predict(models, asked)])
        return {
            "importance": round(float(base - r2_score(chosen, shuffled)), 4),
            "points": round(float((at_high - at_low).mean()), 2),
            "low": round(float(low), 4),
            "high": round(float(high), 4),
        }

    names = [str(name) for name in features.columns]
    return dict(zip(names, _in_threads(effect, names, orders), strict=True))


def _predict(models: list[Any], parts: list[pd.DataFrame]) -> list[Floats]:
    return [model.predict(part) for model, part in zip(models, parts, strict=True)]


def _in_threads(work: Callable[..., Any], *arguments: Iterable[Any]) -> list[Any]:
    with ThreadPoolExecutor(max_workers=min(FOLDS, os.cpu_count() or 1)) as workers:
        return list(workers.map(work, *arguments))


def _score(official: Floats, told: Floats) -> dict[str, float]:
    return {
        "r2": round(float(r2_score(official, told)), 4),
        "mean_absolute_error": round(float(mean_absolute_error(official, told)), 3),
        "bias": round(float((told - official).mean()), 3),
    }


def _check_interval(official: Floats, estimates: pd.DataFrame, fold: Ints) -> dict[str, Any]:
    inside = (official >= estimates["lower"].to_numpy()) & (official <= estimates["upper"].to_numpy())
    thirds = pd.Series(pd.qcut(estimates["estimate"].to_numpy(), 3, labels=["low", "middle", "high"]))
    return {
        "level": LEVEL,
        "coverage": round(float(inside.mean()), 4),
        "coverage_by_fold": [round(float(inside[fold == number].mean()), 4) for number in range(FOLDS)],
        "coverage_by_third": {
            str(name): round(float(part.mean()), 4)
            for name, part in pd.Series(inside).groupby(thirds, observed=True)
        },
        "median_width": round(float((estimates["upper"] - estimates["lower"]).median()), 2),
    }
