"""Character references of HTML."""

import pytest

from intake.model.entities import unescape


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("&lt;a&gt; &amp; &#20013;&#x6587;", "<a> & 中文"),
        ("&amp;&#" + "1" * 5000 + ";&lt;", "&\ufffd<"),
        ("&#" + "1" * 1_000_000, "\ufffd"),
        ("&#x" + "f" * 1_000_000 + ";", "\ufffd"),
        ("&#0000000065;", "A"),
        ("&#" + "0" * 5000 + "65;&", "\ufffd&"),
    ],
)
def test_references_of_any_length(text, meant):
    assert unescape(text) == meant
