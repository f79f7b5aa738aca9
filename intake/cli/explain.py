"""`intake explain PATH...`: what would become of mails in files, and why. Records nothing.

Secrets in a mail are hidden in text, and JSON gives its words exactly as they are; --unmask and
--mask say otherwise. Reasons never quote a secret.
"""

from __future__ import annotations

import hashlib
import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from intake import pipeline
from intake.cli.options import configuration_of, parser_of
from intake.cli.output import print_json, print_line
from intake.cli.progress import Progress
from intake.errors import IntakeError
from intake.judge.masking import mask_text
from intake.model import Facts, ParsedMail
from intake.model.explanation import render_explanation, render_quarantined
from intake.settings.load import Configuration
from intake.worker.directory import CustomerList, read_customers
from intake.worker.examine import describe_ocr
from intake.worker.isolation import ParserPool
from intake.worker.process import headers_of
from intake.worker.signatures import check_signatures
from intake.worker.sources import Source, find_sources
from intake.worker.words_on_demand import WordsOnDemand

_PROBLEMS_SHOWN = 5


def main(arguments: list[str]) -> int:
    """Prints one object a mail; 1 where a path could not be read."""
    parser = parser_of("explain", __doc__ or "", formats=("text", "json", "jsonl"))
    parser.add_argument("paths", nargs="+", metavar="PATH", help="mail, folder, mbox, -")
    parser.add_argument(
        "--customers", type=Path, metavar="FILE", help="CSV: customer_id,name,email"
    )
    parser.add_argument("--mbox", action="store_true", help="take every file for an mbox")
    parser.add_argument("--no-words", action="store_true", help="do not read screenshots")
    secrets = parser.add_mutually_exclusive_group()
    secrets.add_argument("--mask", action="store_true", default=None, help="hide secrets in JSON")
    secrets.add_argument(
        "--unmask", dest="mask", action="store_false", help="show secrets in --format text"
    )
    parser.add_argument("--summary", action="store_true", help="counts in place of the mails")
    options = parser.parse_intermixed_args(arguments)
    configuration = configuration_of(options)
    explainer = _Explainer(configuration, options)
    if options.summary:
        _print_summary(explainer.run(), options.format)
    elif options.format == "jsonl":
        for found in explainer.run():
            print_line(found)
    elif options.format == "json":
        found_all = list(explainer.run())
        print_json(found_all[0] if len(found_all) == 1 else found_all)
    else:
        from intake.cli.explained import print_explained

        for found in explainer.run():
            print_explained(found)
    return 1 if explainer.unreadable else 0


class _Explainer:
    """Decides mail after mail with what the configuration and --customers say."""

    def __init__(self, configuration: Configuration, options: Namespace) -> None:
        self._rules = configuration.rules
        self._limits = configuration.settings.limits
        self._options = options
        self._masks = options.format == "text" if options.mask is None else options.mask
        self._customers = CustomerList()
        if options.customers:
            self._customers, problems = read_customers(options.customers, self._rules)
            _warn(problems)
        self._now = datetime.now(UTC)
        reads = not options.no_words and describe_ocr(configuration.settings.reading).reads
        self._words = WordsOnDemand(configuration.settings) if reads else None
        self.unreadable = 0

    def run(self) -> Iterator[dict[str, Any]]:
        """One object for every mail, whatever is wrong with it, in the order given."""
        sources = find_sources(self._options.paths, mbox=self._options.mbox)
        progress = Progress("explaining", beside_output=not self._options.summary)
        with ParserPool(self._limits) as parser, self._words or nullcontext(), progress:
            for source in sources:
                try:
                    raw = source.read()
                except OSError as error:
                    self.unreadable += 1
                    print(f"intake: {source.file}: {error.strerror}", file=sys.stderr)
                    continue
                yield self._explain(parser, source, raw)
                progress.step()
        if self._words is not None and self._words.trouble is not None:
            print(f"intake: {self._words.trouble}", file=sys.stderr)

    def _explain(self, parser: ParserPool, source: Source, raw: bytes) -> dict[str, Any]:
        try:
            mail = parser.parse(raw)
        except IntakeError as error:
            return render_quarantined(
                file=source.file,
                index=source.index,
                sha256=hashlib.sha256(raw).hexdigest(),
                size_bytes=len(raw),
                code="unreadable",
                error=self._masked(str(error)),
                headers=self._masked(headers_of(raw)),
            )
        if self._words is not None:
            mail = mail.with_words(self._words.read(mail, raw))
        facts = self._facts(mail, raw)
        decision = pipeline.decide(mail, facts, self._rules)
        if self._masks:
            mail = pipeline.as_shown(mail, facts, self._rules)
        return render_explanation(mail, decision, file=source.file, index=source.index)

    def _masked(self, text: str) -> str:
        return mask_text(text, self._rules.identifiers) if self._masks else text

    def _facts(self, mail: ParsedMail, raw: bytes) -> Facts:
        keys = pipeline.keys_of(mail, self._rules)
        words = {a.sha256: a.words for a in mail.attachments if a.words is not None}
        identity = self._rules.identity
        found = self._customers.find(keys)
        return Facts(
            now=self._now,
            customers=found.customers,
            lookalikes=found.lookalikes,
            dkim=check_signatures(raw, mail, identity) if identity.verify_dkim else (),
            image_words=tuple(sorted(words.items())),
        )


def _warn(problems: list[str]) -> None:
    """The first lines of --customers that could not be taken, and how many there are."""
    for problem in problems[:_PROBLEMS_SHOWN]:
        print(f"intake: {problem}", file=sys.stderr)
    if len(problems) > _PROBLEMS_SHOWN:
        print(f"intake: and {len(problems) - _PROBLEMS_SHOWN} more", file=sys.stderr)


def _print_summary(found: Iterator[dict[str, Any]], form: str) -> None:
    counts: dict[str, Counter[str]] = {
        name: Counter()
        for name in ("disposition", "automatic", "spam", "sender", "category", "acknowledged")
    }
    for mail in found:
        counts["disposition"][mail["disposition"]] += 1
        counts["automatic"][mail["automatic"]["class"]] += 1
        counts["spam"][mail["spam"]["verdict"]] += 1
        counts["sender"][mail["sender"]["match"]] += 1
        counts["category"][mail["triage"]["category"]] += 1
        counts["acknowledged"]["yes" if mail["acknowledgement"]["send"] else "no"] += 1
    if form != "text":
        print_json({name: dict(counter) for name, counter in counts.items()})
        return
    for name, counter in counts.items():
        print(f"{name}: " + ", ".join(f"{n} {value}" for value, n in counter.most_common()))
