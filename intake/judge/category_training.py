"""Make a category model from texts whose category is known: the same texts, the same bytes.

The probabilities are made honest by cross-validation: the texts are dealt out in turn into ten
parts, each is judged by what the other nine taught, and of the temperatures tried the one is kept
under which the true categories were the least surprising.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence

from intake.judge.categories import find_words, probabilities, score_words, weigh
from intake.judge.folding import fold_text
from intake.settings.rules import CategoryModel

_FOLDS = 10
_TEMPERATURES = tuple(step / 20 for step in range(1, 31))
_FEWEST_TEXTS = 2  # a word of one text alone is a name or a slip, and stays out of the file
_LEAST_SHARE = 1e-9

Text = tuple[str, str]


def train(texts: Iterable[Text]) -> CategoryModel:
    """A model from (text, category) pairs; each pair counts once, and their order does not."""
    known = sorted(set(texts))
    judged = list(_cross_validate(known))
    model = _count(known)
    if not judged:
        return model
    best = min(_TEMPERATURES, key=lambda temperature: _surprise(judged, temperature))
    return model.model_copy(update={"temperature": best})


def write_model(model: CategoryModel) -> str:
    """The file of `model`: one word a line, so that a change can be read."""
    head = {
        "categories": model.categories,
        "texts": model.texts,
        "temperature": model.temperature,
    }
    lines = (f"{json.dumps(w, ensure_ascii=False)}: {list(c)}" for w, c in model.words.items())
    words = ",\n".join(line.replace(", ", ",") for line in lines)
    return json.dumps(head)[:-1] + ', "words": {\n' + words + "\n}}\n"


def read_texts(content: str, category: str) -> Iterator[Text]:
    """The pairs of a file with one text a line, without empty lines and those that begin with #."""
    for line in content.splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.strip(), category


def _count(texts: Sequence[Text]) -> CategoryModel:
    categories = tuple(sorted({category for _, category in texts}))
    place = {category: index for index, category in enumerate(categories)}
    of_category = [0] * len(categories)
    words: dict[str, list[int]] = {}
    for text, category in texts:
        of_category[place[category]] += 1
        for word in find_words(fold_text(text)):
            words.setdefault(word, [0] * len(categories))[place[category]] += 1
    kept = {w: tuple(words[w]) for w in sorted(words) if sum(words[w]) >= _FEWEST_TEXTS}
    return CategoryModel(categories=categories, texts=tuple(of_category), words=kept)


def _cross_validate(texts: Sequence[Text]) -> Iterator[tuple[list[float], int]]:
    """For each text: the scores by what the others taught, and the place of its true category."""
    # Dealt out category by category, so that every part holds some of each.
    order = sorted(texts, key=lambda pair: (pair[1], pair[0]))
    for fold in range(_FOLDS):
        model = _count([pair for i, pair in enumerate(order) if i % _FOLDS != fold])
        weights = weigh(model)
        for text, category in order[fold::_FOLDS]:
            if category in model.categories:
                known = (w for w in find_words(fold_text(text)) if w in weights.words)
                yield score_words(known, weights), model.categories.index(category)


def _surprise(judged: Sequence[tuple[list[float], int]], temperature: float) -> float:
    """The mean log loss."""
    losses = (
        -math.log(max(probabilities(scores, temperature)[true], _LEAST_SHARE))
        for scores, true in judged
    )
    return sum(losses) / len(judged)
