"""A linear model over words and pieces of words: what a small encoder overlooks, it counts.

Fitted with scikit-learn, applied with a dictionary and one matrix product, some 0.1 ms a short text.
"""

from __future__ import annotations

import json
import re
import unicodedata
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.text.softmax import log_softmax

Floats = npt.NDArray[np.float32]
_WORD = re.compile(r"\w+")
_SIZES = (2, 3, 4)


def ngrams(text: str) -> Iterator[str]:
    """Yield words, pairs of words and pieces of 2 to 4 letters of `text`, in lower case without accents.

    >>> sorted(set(ngrams("Été là")))[:5]
    [' e', ' et', ' ete', ' l', ' la']
    """
    plain = "".join(each for each in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(each))
    words = _WORD.findall(plain)
    yield from (f"={word}" for word in words)
    yield from (f"={first}={second}" for first, second in pairwise(words))
    for word in words:
        padded = f" {word} "
        for size in _SIZES:
            yield from (padded[at : at + size] for at in range(len(padded) - size + 1))


class NgramModel:
    """Log-probabilities of classes from n-grams.

    Attributes
    ----------
    vocabulary: row of each n-gram in `weights`.
    idf: (n-grams,) how rare each n-gram is.
    weights: (n-grams, classes); intercept: (classes,).
    """

    def __init__(self, vocabulary: dict[str, int], idf: Floats, weights: Floats, intercept: Floats) -> None:
        self.vocabulary = vocabulary
        self.idf = idf
        self.weights = weights
        self.intercept = intercept

    @classmethod
    def fit(cls, texts: Sequence[str], labels: npt.NDArray[np.intp], strength: float = 10.0) -> NgramModel:
        """Fit to texts with class indices 0..k-1; n-grams of one text only are left out."""
        from scipy.sparse import csr_matrix
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.linear_model import LogisticRegression

        frequency = Counter(ngram for text in texts for ngram in set(ngrams(text)))
        vocabulary = {ngram: row for row, ngram in enumerate(sorted(key for key, n in frequency.items() if n > 1))}
        idf = np.log((1 + len(texts)) / (1 + np.array([frequency[ngram] for ngram in vocabulary]))) + 1
        model = cls(vocabulary, idf.astype(np.float32), np.zeros((0, 0), np.float32), np.zeros(0, np.float32))
        parts = [model._features(text) for text in texts]
        starts = np.cumsum([0, *(len(rows) for rows, _ in parts)])
        matrix = csr_matrix(
            (np.concatenate([values for _, values in parts]), np.concatenate([rows for rows, _ in parts]), starts),
            shape=(len(texts), len(vocabulary)),
        )
        with warnings.catch_warnings():
            # Forty steps are where validation stops to gain; that they are not the optimum is meant.
            warnings.simplefilter("ignore", ConvergenceWarning)
            fitted = LogisticRegression(C=strength, max_iter=40).fit(matrix, labels)
        coefficients, intercept = fitted.coef_, fitted.intercept_
        if len(coefficients) == 1:  # scikit-learn keeps one row for two classes
            coefficients, intercept = np.vstack([-coefficients, coefficients]) / 2, np.r_[-intercept, intercept] / 2
        model.weights = np.ascontiguousarray(coefficients.T.astype(np.float32))
        model.intercept = intercept.astype(np.float32)
        return model

    def log_probabilities(self, texts: Sequence[str]) -> Floats:
        """Return (n, classes) log-probabilities."""
        scores = np.empty((len(texts), len(self.intercept)), dtype=np.float32)
        for index, text in enumerate(texts):
            rows, values = self._features(text)
            scores[index] = values @ self.weights[rows] + self.intercept
        result: Floats = log_softmax(scores)
        return result

    def save(self, folder: Path) -> None:
        """Write `ngrams.json` and `ngrams.npz`; weights in half precision."""
        (folder / "ngrams.json").write_text(json.dumps(list(self.vocabulary), ensure_ascii=False), encoding="utf-8")
        np.savez(folder / "ngrams.npz", idf=self.idf, weights=self.weights.astype(np.float16), intercept=self.intercept)

    @classmethod
    def load(cls, folder: Path) -> NgramModel:
        """Read what `save` wrote."""
        names = json.loads((folder / "ngrams.json").read_text(encoding="utf-8"))
        with np.load(folder / "ngrams.npz", allow_pickle=False) as data:
            weights = data["weights"].astype(np.float32)
            return cls({name: row for row, name in enumerate(names)}, data["idf"], weights, data["intercept"])

    def _features(self, text: str) -> tuple[npt.NDArray[np.intp], Floats]:
        """Return rows and unit-length values of the known n-grams of `text`."""
        known = {row for row in map(self.vocabulary.get, ngrams(text)) if row is not None}
        rows = np.fromiter(sorted(known), dtype=np.intp, count=len(known))
        values = self.idf[rows]
        norm = float(np.sqrt(values @ values)) or 1.0
        return rows, (values / norm).astype(np.float32)
