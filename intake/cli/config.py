"""`intake config check|show`: the configuration read, every rule tried on its own examples."""

from __future__ import annotations

from intake.cli.options import configuration_of, parser_of
from intake.cli.output import print_json
from intake.worker.doctor import check_rules


def main(arguments: list[str]) -> int:
    """`check` prints what is wrong (exit 2 or 1), `show` what is in force."""
    parser = parser_of("config", __doc__ or "", formats=("text", "json"))
    parser.add_argument("act", choices=("check", "show"))
    options = parser.parse_intermixed_args(arguments)
    configuration = configuration_of(options)
    if options.act == "show":
        print_json(configuration.settings.model_dump(mode="json"))
        return 0
    problems = check_rules(configuration.rules)
    if options.format == "json":
        print_json({"file": str(configuration.file), "problems": problems})
    else:
        for problem in problems:
            print(problem)
        if not problems:
            print(f"{configuration.file} and the rules and templates beside it are in order.")
    return 1 if problems else 0
