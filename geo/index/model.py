"""The model that estimates the hard-to-count index, and the simpler ones that it is held against.

Half of it is kernel ridge regression on ranks (smooth, good where tracts are alike), half gradient boosting
on trees (sharp, good where a threshold counts); both come from scikit-learn. Their settings were chosen on
the same folds that the figures are told of, from a handful; the mean of the two hardly depends on them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.kernel_ridge import KernelRidge
from sklearn.linear_model import LinearRegression, RidgeCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import QuantileTransformer, StandardScaler

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
    """Make ordinary least squares on standardised features, means in place of what is missing."""
    return make_pipeline(SimpleImputer(), StandardScaler(), LinearRegression())


def ridge() -> Any:
    """Make least squares on ranks that is held back, for few tracts."""
    return make_pipeline(ranks(FEWEST), RidgeCV(alphas=np.logspace(-1, 4, 11)))


def ranks(tracts: int) -> Any:
    """Turn features into ranks from 0 to 1, standardised; beyond what was seen a rank is 0 or 1."""
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
