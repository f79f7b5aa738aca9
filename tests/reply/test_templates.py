"""Templates: what they make, what is said of a wrong one, and what they cannot do."""

from __future__ import annotations

from itertools import product
from string import ascii_lowercase

import pytest

from intake.errors import TemplateError
from intake.reply.choice import INCOMPLETE, UNVERIFIED, VERIFIED
from intake.reply.templates import check_template, render_template
from intake.reply.variables import VARIABLES, sample_variables
from intake.settings.rules import TemplateSource
from intake.settings.templates import parse_template
from tests.reply.letters import shipped_templates

LANGUAGES = ("en", "zh-Hans", "zh-Hant")
NAMES = (VERIFIED, UNVERIFIED, INCOMPLETE, "security-emergency")
FULL = sample_variables()[0]


def make_source(text: str, html: str | None = None, subject: str = "Hello") -> TemplateSource:
    front = f"---\nsubject: {subject}\ndescription: A test.\n---\n"
    return parse_template("en", "hello", "templates/en/hello.txt", front + text, html)


def render(text: str, **changes) -> str:
    return render_template(make_source(text), {**FULL, **changes}).text


def test_every_shipped_template_is_there_with_html_and_without_fault():
    assert set(shipped_templates()) == set(product(LANGUAGES, NAMES))
    for source in shipped_templates().values():
        assert source.html
        assert check_template(source) == []


@pytest.mark.parametrize("variables", sample_variables(), ids=["full", "secrets", "bare"])
@pytest.mark.parametrize("key", list(product(LANGUAGES, NAMES)), ids="-".join)
def test_every_shipped_template_renders_with_every_set_of_facts(key, variables):
    letter = render_template(shipped_templates()[key], variables)
    for body in (letter.text, letter.html or ""):
        assert variables["ticket"] in body
        assert all(address in body for address in variables["desk_addresses"])
        assert "{{" not in body
        assert "{%" not in body
    assert "\n\n\n" not in letter.text
    assert "<" not in letter.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_unverified_letter_uses_nothing_of_the_mail_or_the_customer(language):
    source = shipped_templates()[language, UNVERIFIED]
    plain = render_template(source, {**FULL, "customer_name": "", "subject": "", "verified": False})
    assert render_template(source, FULL) == plain


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_incomplete_letter_asks_for_exactly_what_is_missing(language):
    source = shipped_templates()[language, INCOMPLETE]
    letter = render_template(source, {**FULL, "missing": ("one thing", "another")})
    listed = [line[2:] for line in letter.text.splitlines() if line.startswith("- ")]
    assert listed == ["one thing", "another"]
    assert (letter.html or "").count("<li>") == 2


def test_html_escapes_and_text_does_not():
    source = make_source("{{ subject }}", html="<p>{{ subject }}</p>", subject="{{ subject }}")
    letter = render_template(source, {**FULL, "subject": "Tom & <b>Mei</b>"})
    assert letter.text == "Tom & <b>Mei</b>\n"
    assert letter.html == "<p>Tom &amp; &lt;b&gt;Mei&lt;/b&gt;</p>\n"
    assert letter.subject == "Tom & <b>Mei</b>"


def test_values_are_never_templates():
    assert render("{{ subject }}", subject="{{ ticket }}{% for x in y %}") == (
        "{{ ticket }}{% for x in y %}\n"
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Hello\n{{ custmer_name }}", "line 6: unknown variable `custmer_name`; did you mean"),
        ("{{ ticket | uper }}", "line 5: unknown filter `uper`; did you mean `upper`?"),
        ("\n\n{% if ticket %}", "line 7"),
        ("{{ ticket", "line 5"),
        ("{% for x in missing %}{{ y }}{% endfor %}", "line 5: unknown variable `y`"),
        ("{{ missing[9] }}", "line 5"),
        ("a\n{{ answer_hours + subject }}", "line 6"),
        ("{{ answer_hours / 0 }}", "line 5"),
        ("{% if ticket == '' %}x{% endif %}", "text is empty"),
    ],
)
def test_what_is_wrong_names_file_line_and_the_nearest_name(text, says):
    faults = check_template(make_source(text))
    assert faults
    assert faults[0].startswith("templates/en/hello.txt")
    assert says in faults[0]


def test_a_fault_in_the_subject_or_the_html_names_its_own_place():
    assert (
        "hello.txt, line 2: unknown variable `subjct`"
        in check_template(make_source("x", subject="Re: {{ subjct }}"))[0]
    )
    assert (
        "hello.html, line 2: unknown variable `tickt`"
        in check_template(make_source("x", html="<p>\n{{ tickt }}"))[0]
    )


def test_all_faults_are_told_at_once():
    assert len(check_template(make_source("{{ a }}\n{{ b }}", html="{{ c }}"))) == 3


@pytest.mark.parametrize(
    "attack",
    [
        "{{ ticket.__class__.__mro__ }}",
        "{{ ''['__class__'] }}",
        "{{ ticket['__class__']['__mro__'][1] }}",
        "{{ ticket | attr('__class__') }}",
        "{{ self._TemplateReference__context }}",
        "{{ ticket.format(1) }}",
        "{{ '%0999999999d' % 1 }}",
        "{{ '{:>999999999}'.format(1) }}",
        "{{ 'x' * 999999999 }}",
        "{{ 9 ** 9 ** 9 ** 9 }}",
        "{% for i in range(999999999) %}x{% endfor %}",
        "{% set x = 'aaaa' %}{{ x }}",
        "{% set x %}aaaa{% endset %}",
        "{% with x = 1 %}{{ x }}{% endwith %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}",
        "{% extends 'x' %}",
        "{% block x %}{% endblock %}",
        "{% for a in missing recursive %}{{ loop(missing) }}{% endfor %}",
        "{% for a in missing %}{% for b in missing %}{% for c in missing %}x"
        "{% endfor %}{% endfor %}{% endfor %}",
        "{{ subject | join(subject) | join(subject) | join(subject) }}",
        "{{ missing | join('x' ~ subject ~ subject) }}",
        "{{ subject | replace('', subject) }}",
        "{{ ticket | center(999999999) }}",
        "{{ missing | list | sort }}",
        "{{ lipsum() }}",
        "{{ cycler }}",
        "{{ missing.append('x') }}",
        "{{ [].__class__ }}",
        "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
        "{{ " + "not " * 9000 + "1 }}",
    ],
)
def test_attacks_are_refused(attack):
    assert check_template(make_source(attack))
    with pytest.raises(TemplateError):
        render(attack)


def test_output_is_bounded():
    subject = "x" * 150
    loops = (
        "{% for a in subject %}{% for b in subject %}{{ a }}{{ subject }}{% endfor %}{% endfor %}"
    )
    with pytest.raises(TemplateError, match="more than 20,000 characters"):
        render(loops, subject=subject)


def test_every_letter_of_the_alphabet_is_not_a_variable():
    """The sandbox has no globals left that a name could reach."""
    for name in (*ascii_lowercase, "dict", "namespace", "joiner", "range", "self", "caller"):
        assert check_template(make_source(f"{{{{ {name} }}}}"))


def test_examples_are_of_the_kind_they_document():
    kinds = {"text": str, "list of texts": tuple, "yes or no": bool, "number": int}
    for variable in VARIABLES:
        assert type(variable.example) is kinds[variable.kind], variable.name
