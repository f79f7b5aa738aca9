"""Pictures of recorded mails are looked at: hash, small copy, words; what those add to a triage.

Off the way of the mail, one at a time: nothing that comes in or goes out waits for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from intake import pipeline
from intake.errors import BlobMissing, OcrUnavailable, ParserUnavailable, UnreadablePicture
from intake.judge.masking import mask_text
from intake.judge.second_look import describe_new
from intake.outside.ocr import NOT_INSTALLED, find_engine
from intake.settings.rules import Rules
from intake.settings.schema import Reading
from intake.store import pictures
from intake.store.blobs import BlobStore
from intake.store.database import Database
from intake.store.helpers import note_helper
from intake.store.pictures import LookedAt, WaitingPicture
from intake.store.second_look import add_event, load_recorded, take_words
from intake.worker.owner import is_dead
from intake.worker.pictures import PictureProcess
from intake.worker.steps import Observer, unobserved

MOST_ATTEMPTS = 3
_LEASE_SECONDS = 600.0
_TURNS = 8
_OFF = "Words are not read (reading.enabled)."

log = structlog.get_logger("examine")


class Examination:
    """Takes one picture after the other from the queue, newest mail first."""

    def __init__(
        self,
        reading: Reading,
        rules: Rules,
        database: Database,
        blobs: BlobStore,
        process: PictureProcess,
        *,
        owner: str,
        now: Callable[[], datetime],
        step: Observer = unobserved,
    ) -> None:
        self._reading, self._rules = reading, rules
        self._database, self._blobs = database, blobs
        self._process, self._owner = process, owner
        self._now, self._step = now, step
        self._engine = find_engine()
        ocr = describe_ocr(reading)
        self._why_not = None if ocr.reads else ocr.text
        self._freed = False

    def look_at_next(self) -> int:
        """1 where a picture was dealt with, 0 where none waits.

        Raises DatabaseUnavailable, StorageError and ParserUnavailable; the picture waits then.
        """
        self._free_dead()
        can_read = self._why_not is None
        with self._database.read() as connection:
            waiting = pictures.next_waiting(connection, self._now(), can_read=can_read)
        if waiting is None:
            return 0
        found = self._look(waiting)
        if found is not None:
            if found.words:
                self._take_words(waiting)
            self._settle(waiting, found)
        return 1

    def _free_dead(self) -> None:
        if self._freed:
            return
        with self._database.write() as connection:
            for owner in filter(is_dead, pictures.claimers(connection)):
                pictures.free_claims(connection, owner)
        self._freed = True

    def _look(self, waiting: WaitingPicture) -> LookedAt | None:
        """What is known of it, looked at now where that is too little; None if another is at it."""
        why_not = self._why_not or self._too_many(waiting)
        with self._database.read() as connection:
            known = pictures.find_looked_at(connection, waiting.sha256)
        if known is not None and (known.state != pictures.SEEN or why_not):
            return known
        with self._database.write() as connection:
            attempt = pictures.claim(
                connection, waiting.sha256, self._owner, self._now(), _LEASE_SECONDS
            )
        if attempt is None:
            return None
        found = self._try(waiting, attempt, why_not)
        with self._database.write() as connection:
            kept = pictures.keep(connection, waiting.sha256, self._owner, found, self._now())
            self._step("before-look-commit")
        self._step("after-look-commit")
        log.info("picture looked at", picture=waiting.sha256[:12], state=found.state)
        return found if kept else None

    def _try(self, waiting: WaitingPicture, attempt: int, why_not: str | None) -> LookedAt:
        if attempt > MOST_ATTEMPTS:
            return LookedAt(
                pictures.FAILED, f"Intake died {attempt - 1} times while looking at this picture."
            )
        try:
            return self._examine(waiting, why_not)
        except BlobMissing as error:
            return LookedAt(pictures.FAILED, str(error))
        except ParserUnavailable:
            with self._database.write() as connection:
                pictures.give_back(connection, waiting.sha256, self._owner)
            raise

    def _examine(self, waiting: WaitingPicture, why_not: str | None) -> LookedAt:
        raw = self._blobs.get(waiting.mail_sha256)
        try:
            picture = self._process.look(raw, waiting.section)
        except UnreadablePicture as error:
            return LookedAt(pictures.FAILED, str(error))
        seen = LookedAt(
            pictures.SEEN,
            why_not or "",
            perceptual_hash=picture.perceptual_hash,
            thumbnail=picture.thumbnail,
        )
        if why_not:
            return seen
        try:
            read = self._process.words(raw, waiting.section)
        except UnreadablePicture as error:
            return replace(seen, state=pictures.FAILED, reason=f"Its words were not read: {error}")
        except OcrUnavailable as error:
            self._why_not = str(error)
            self._note_ocr(well=False, text=str(error))
            return replace(seen, reason=str(error))
        self._note_ocr(well=True, text=f"{self._engine} reads")
        reason = "" if read.whole else "The time sufficed for the beginning only."
        return replace(
            seen,
            state=pictures.READ,
            reason=reason,
            words=mask_text(read.text, self._rules.identifiers),
            engine=self._engine,
        )

    def _note_ocr(self, *, well: bool, text: str) -> None:
        with self._database.write() as connection:
            note_helper(connection, "ocr", self._now(), well=well, text=text)

    def _too_many(self, waiting: WaitingPicture) -> str | None:
        most = self._reading.pictures_per_mail
        if waiting.before < most:
            return None
        return f"Of one mail {most} pictures are read (reading.pictures_per_mail)."

    def _take_words(self, waiting: WaitingPicture) -> None:
        """What the words add to what was decided about the mail; where they did, nothing more."""
        try:
            mail = self._process.parse(self._blobs.get(waiting.mail_sha256))
        except (UnreadablePicture, BlobMissing) as error:
            log.warning("words stay outside triage", mail=waiting.mail_sha256[:12], why=str(error))
            return
        for _ in range(_TURNS):
            with self._database.read() as connection:
                before = load_recorded(connection, waiting.message_row_id)
                words = pictures.words_of_message(connection, waiting.message_row_id)
            known = dict(before.facts.image_words)
            if not any(sha256 not in known for sha256, _ in words):
                return
            facts = replace(before.facts, image_words=tuple(sorted((known | dict(words)).items())))
            decision = pipeline.add_words(mail, facts, self._rules, before.decision)
            text = describe_new(before.decision.triage, decision.triage)
            with self._database.write() as connection:
                taken = take_words(connection, before, facts, decision, text=text, at=self._now())
                self._step("before-words-commit")
            if taken:
                self._step("after-words-commit")
                log.info("words taken up", mail=before.sha256[:12], changed=text is not None)
                return

    def _settle(self, waiting: WaitingPicture, found: LookedAt) -> None:
        unread = found.state == pictures.SEEN and not self._too_many(waiting)
        with self._database.write() as connection:
            settled = pictures.settle(
                connection,
                waiting.attachment_id,
                look=pictures.UNREAD if unread else None,
                perceptual_hash=found.perceptual_hash,
            )
            if settled and found.state == pictures.FAILED:
                mail = load_recorded(connection, waiting.message_row_id)
                name = waiting.filename or "a picture"
                text = f"{name} could not be looked at: {found.reason}"
                add_event(connection, mail, "picture-failed", text, self._now())


@dataclass(frozen=True, slots=True)
class Ocr:
    """Whether words are read here; `text` is by what, or why not."""

    reads: bool
    text: str


def describe_ocr(reading: Reading) -> Ocr:
    """What the settings and the installation say; whether it starts is seen when it is needed."""
    if reading.enabled is False:
        return Ocr(False, _OFF)
    engine = find_engine()
    return Ocr(True, engine) if engine else Ocr(False, NOT_INSTALLED)
