"""`intake doctor`: tries mailboxes, SMTP server, database, storage, rules and templates."""

from __future__ import annotations

from rich.text import Text

from intake.cli.options import configuration_of, parser_of
from intake.cli.output import cell, console, print_json
from intake.worker.doctor import examine


def main(arguments: list[str]) -> int:
    """Prints a line for each thing tried; 1 where something is wrong."""
    parser = parser_of("doctor", __doc__ or "", formats=("text", "json"))
    options = parser.parse_intermixed_args(arguments)
    findings = []
    for finding in examine(configuration_of(options)):
        findings.append(finding)
        if options.format == "text":
            mark = ("ok      ", "green") if finding.well else ("trouble ", "bold red")
            console().print(Text.assemble(mark, cell(f"{finding.what}: {finding.text}")))
            if finding.advice:
                console().print(cell(f"        {finding.advice}", "yellow"))
    if options.format == "json":
        print_json(findings)
    return 0 if all(finding.well for finding in findings) else 1
