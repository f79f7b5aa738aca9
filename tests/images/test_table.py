"""Screenshots, photos and decoration told apart in the mails they come in: the confusion matrix.

Every other case is one half: the goals hold in each, so that no lucky half carries the other.
"""

from __future__ import annotations

from collections import Counter

import pytest
from playwright.sync_api import Browser

from intake.mail.content_types import find_type
from intake.pipeline import parse
from tests.images.cases import CASES, Case, Studio
from tests.images.letters import compose

KINDS = ("screenshot", "photo", "decorative")
Told = dict[Case, str]


@pytest.fixture(scope="module")
def told(browser: Browser) -> Told:
    """What each image was taken for, in the mail it stands in."""
    studio = Studio(browser)
    found = {}
    for case in CASES:
        data = case.make(studio)
        content_type = find_type(data, "application/octet-stream", case.name)
        raw = compose(case.place, data, content_type, case.name, shown=case.shown, alt=case.alt)
        (attachment,) = parse(raw).attachments
        found[case] = attachment.kind
    return found


def share(told: Told, kind: str, as_kind: str, cases: list[Case]) -> float:
    """How many of the `cases` of one kind were taken for another, 0..1."""
    those = [case for case in cases if case.kind == kind]
    return sum(told[case] == as_kind for case in those) / len(those)


def test_enough_of_every_kind() -> None:
    count = Counter(case.kind for case in CASES)
    assert len(CASES) >= 160
    assert min(count.values()) >= 35
    assert len({(case.kind, case.about) for case in CASES}) == len(CASES)


def test_the_confusion_matrix(told: Told, capsys: pytest.CaptureFixture[str]) -> None:
    count = Counter((case.kind, told[case]) for case in CASES)
    with capsys.disabled():
        print(f"\n{len(CASES)} images {'taken for':>16}" + "".join(f"{k:>12}" for k in KINDS))
        for kind in KINDS:
            print(f"{kind:>26}" + "".join(f"{count[kind, other]:>12}" for other in KINDS))
        for case, kind in told.items():
            if kind != case.kind:
                print(f"  {case.kind} taken for {kind}: {case.about} ({case.name}, {case.place})")
    assert set(told.values()) <= set(KINDS)


@pytest.mark.parametrize("half", [0, 1, None], ids=["even", "odd", "all"])
def test_screenshots_are_found_and_decoration_is_none(told: Told, half: int | None) -> None:
    cases = CASES if half is None else CASES[half::2]
    assert share(told, "screenshot", "screenshot", cases) >= 0.95
    assert share(told, "decorative", "screenshot", cases) <= 0.02
    assert share(told, "photo", "photo", cases) >= 0.9
