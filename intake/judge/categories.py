"""A small category model for what no rule knows: it names a category, or says that it is unsure.

Multinomial naive Bayes over the words of a text, each counted once. Counts are all there is to it:
training adds, correcting subtracts, and a verdict can say which words moved it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from intake.judge.patterns import compile_pattern, once_per
from intake.settings.rules import CategoryModel, TriageRules

# A letter run; one with a digit is an identifier and says nothing about the matter.
_WORD = re.compile(r"(?<![\w@/.-])[^\W\d_]+(?:['’][^\W\d_]+)?(?![\w@/])")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")
_READ_CHARACTERS = 2000
_BEGINNINGS = (4, 6)  # letters that the forms of a word, and its misspellings, mostly share
_SMOOTHING = 0.3
_SHOWN_WORDS = 4


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest category, its probability from 0 to 1, and the words that spoke for it most."""

    category: str
    probability: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Weights:
    """Log probabilities: of each category, of each known word and of the average unknown one."""

    priors: tuple[float, ...]
    words: Mapping[str, tuple[float, ...]]


def find_words(text: str) -> dict[str, None]:
    """The features of a folded text, each once, in its order.

    Words of an alphabet with their beginnings (`with…`, `withdr…`); Chinese characters, alone and
    in pairs.
    """
    found: dict[str, None] = {}
    for word in _WORD.findall(text[:_READ_CHARACTERS].lower()):
        if _HAN.match(word):
            continue
        found[word] = None
        for length in _BEGINNINGS:
            if len(word) > length:
                found[word[:length] + "…"] = None
    for run in _HAN.findall(text[:_READ_CHARACTERS]):
        found.update(dict.fromkeys(run))
        found.update(dict.fromkeys(map("".join, pairwise(run))))
    return found


def guess_category(text: str, model: CategoryModel, rules: TriageRules) -> Guess | None:
    """What a folded text is most likely about; None where the model knows none of its words.

    Only categories that triage.toml defines are named, whatever the model was trained for.
    """
    ignored, weights = _ignored(rules), _weights(model)
    text = ignored.sub(" ", text[:_READ_CHARACTERS]) if ignored else text
    known = [w for w in find_words(text) if w in weights.words]
    open_to = [i for i, name in enumerate(model.categories) if name in rules.categories]
    if not known or not open_to:
        return None
    scores = score_words(known, weights)
    shares = probabilities([scores[i] for i in open_to], model.temperature)
    order = sorted(range(len(open_to)), key=lambda i: -shares[i])
    best, second = open_to[order[0]], open_to[order[min(1, len(order) - 1)]]
    return Guess(model.categories[best], shares[order[0]], _telling(known, weights, best, second))


def score_words(known: Iterable[str], weights: _Weights) -> list[float]:
    """The log probability of each category and these words together."""
    scores = list(weights.priors)
    for word in known:
        for index, weight in enumerate(weights.words[word]):
            scores[index] += weight
    return scores


def probabilities(scores: list[float], temperature: float) -> list[float]:
    """The share of each score. Words are no independent witnesses; `temperature` allows for it."""
    highest = max(scores)
    odds = [math.exp((score - highest) * temperature) for score in scores]
    total = sum(odds)
    return [one / total for one in odds]


def _telling(known: Iterable[str], weights: _Weights, best: int, second: int) -> tuple[str, ...]:
    """The words that most prefer `best` to `second`, whole words before pieces."""
    gain = {word: weights.words[word][best] - weights.words[word][second] for word in known}
    telling = (word for word in gain if gain[word] > 0)
    order = sorted(telling, key=lambda w: (len(w) == 1 or w.endswith("…"), -gain[w]))
    return tuple(order[:_SHOWN_WORDS])


def weigh(model: CategoryModel) -> _Weights:
    """The counts of `model` as log probabilities, smoothed."""
    categories = range(len(model.categories))
    sums = [sum(counts[i] for counts in model.words.values()) for i in categories]
    bottoms = [math.log(total + _SMOOTHING * len(model.words) or 1) for total in sums]
    every = sum(model.texts) + len(model.texts)
    return _Weights(
        tuple(math.log((texts + 1) / every) for texts in model.texts),
        {
            word: tuple(math.log(counts[i] + _SMOOTHING) - bottoms[i] for i in categories)
            for word, counts in model.words.items()
        },
    )


def _compile(rules: TriageRules) -> re.Pattern[str] | None:
    return compile_pattern(rules.model_ignored) if rules.model_ignored else None


_weights = once_per(weigh)
_ignored = once_per(_compile)
