"""Rounds of fuzzing: mutate or build, check, keep what reached something new, report."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import IO

from intake import pipeline
from intake.model import ParsedMail
from tests.fuzz.build import build
from tests.fuzz.coverage import Coverage
from tests.fuzz.guard import Finding, Shelf, check, check_apart, confine, death, warm_up
from tests.fuzz.minimise import minimise
from tests.fuzz.mutate import mutate

_MOST_KEPT = 3000
_MOST_KEPT_BYTES = 60_000
_MINIMISING_SECONDS = 40.0


@dataclass(slots=True)
class Report:
    """What a run came to: rounds of one mail each, lines of intake/mail reached, first mails.

    `mails` is a hash of all mails of the last child in their order: the same for the same work.
    """

    rounds: int = 0
    mails: str = ""
    seconds: float = 0.0
    covered: int = 0
    lines: int = 0
    kept: int = 0
    found: dict[str, tuple[bytes, Finding]] = field(default_factory=dict)


def fuzz(seeds: list[bytes], seed: str, seconds: float, rounds: int | None = None) -> Report:
    """Fuzzes in child processes, one after the other, until the time or the rounds are over.

    Deterministic for `seed` as far as it gets, in a process that has read no mail before and with
    a fixed PYTHONHASHSEED. The mail of each finding is minimised.
    """
    warm_up()
    start = time.monotonic()
    report = Report()
    generation = 0
    most = rounds or sys.maxsize
    while (left := start + seconds - time.monotonic()) > 0 and report.rounds < most:
        _follow_child(report, seeds, f"{seed}/{generation}", left, most - report.rounds)
        generation += 1
    report.seconds = time.monotonic() - start
    for signature, (raw, found) in report.found.items():
        report.found[signature] = (_smallest(raw, found), found)
    return report


def _follow_child(
    report: Report, seeds: list[bytes], seed: str, seconds: float, rounds: int
) -> None:
    """One child, until the time or the rounds are over or a mail is the end of it."""
    shelf = Shelf()
    there, back = os.pipe()
    known = set(report.found)
    with tempfile.TemporaryFile() as complaints:
        child = os.fork()
        if child == 0:
            os.close(there)
            os.dup2(complaints.fileno(), 2)
            with os.fdopen(back, "w") as answers:
                _Child(seeds, seed, shelf, answers, known).run(seconds, rounds)
            os._exit(0)
        os.close(back)
        before = report.rounds
        with os.fdopen(there) as answers:
            for line in answers:
                _note(report, json.loads(line))
        status = os.waitpid(child, 0)[1]
        complaints.seek(0)
        lost = death(status, complaints.read().decode("utf-8", "replace"))
    report.rounds = before + shelf.count()
    if lost is not None:
        report.found.setdefault(lost.signature, (shelf.get(), lost))


def _note(report: Report, said: dict[str, str | int]) -> None:
    if "signature" in said:
        found = Finding(str(said["signature"]), str(said["detail"]))
        report.found.setdefault(found.signature, (base64.b64decode(str(said["raw"])), found))
        return
    report.mails = str(said["mails"])
    report.kept = max(report.kept, int(said["kept"]))
    reached = (int(said["covered"]), int(said["lines"]))
    report.covered, report.lines = max((report.covered, report.lines), reached)


class _Child:
    """The process that reads the mails."""

    def __init__(
        self, seeds: list[bytes], seed: str, shelf: Shelf, answers: IO[str], known: set[str]
    ) -> None:
        self._mails = list(seeds)
        self._dice = Random(seed)
        self._shelf = shelf
        self._answers = answers
        self._known = known
        self._coverage = Coverage()
        self._left = 0
        self._hash = hashlib.sha256()

    def run(self, seconds: float, rounds: int) -> None:
        """The seeds as they are, so that what they reach is not new, then rounds."""
        until = time.monotonic() + seconds
        self._left = rounds
        confine()
        for raw in self._mails[: min(300, rounds)]:
            self._try(raw)
        said = time.monotonic()
        while self._left and (now := time.monotonic()) < until:
            raw = self._next()
            if self._try(raw) and len(raw) <= _MOST_KEPT_BYTES and len(self._mails) < _MOST_KEPT:
                self._mails.append(raw)
            if now - said > 1:
                said = now
                self._say_progress()
        self._say_progress()

    def _next(self) -> bytes:
        dice = self._dice
        if dice.random() < 0.15:
            raw = build(dice)
            return mutate(dice, raw, dice.choice(self._mails)) if dice.random() < 0.5 else raw
        # What was found of late is the likeliest to lead on.
        newest = self._mails[-50:] if dice.random() < 0.3 else self._mails
        return mutate(dice, dice.choice(newest), dice.choice(self._mails))

    def _try(self, raw: bytes) -> bool:
        """Whether the mail reached a new line."""
        self._left -= 1
        self._hash.update(raw)
        self._shelf.put(raw)
        new = False

        def watched(raw: bytes) -> ParsedMail:
            nonlocal new
            mail: ParsedMail = self._coverage.run(pipeline.parse, raw)
            new = self._coverage.is_new
            return mail

        found = check(raw, watched)
        if found is not None and found.signature not in self._known:
            self._known.add(found.signature)
            self._say(
                signature=found.signature,
                detail=found.detail,
                raw=base64.b64encode(raw).decode(),
            )
        return new

    def _say_progress(self) -> None:
        covered, lines = self._coverage.counts()
        mails = self._hash.hexdigest()
        self._say(mails=mails, kept=len(self._mails), covered=covered, lines=lines)

    def _say(self, **what: str | int) -> None:
        self._answers.write(json.dumps(what) + "\n")
        self._answers.flush()


def _smallest(raw: bytes, found: Finding) -> bytes:
    def breaks(candidate: bytes) -> bool:
        again = check_apart(candidate)
        return again is not None and again.signature == found.signature

    return minimise(raw, breaks, _MINIMISING_SECONDS) if breaks(raw) else raw


def read_seeds(folders: list[Path]) -> list[bytes]:
    """Every file in the folders, sorted by path; of .eml files only these where there are any."""
    seeds = []
    for folder in folders:
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        mails = [path for path in files if path.suffix == ".eml"] or files
        seeds += [path.read_bytes() for path in mails]
    return seeds
