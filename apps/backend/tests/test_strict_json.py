"""The quick way through JSON and the strict one agree."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unified_storage_backend import strict_json
from unified_storage_backend.strict_json import JsonProblem, check_text, parse

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=8,
)
# Right ones as browsers and as Python write them, and such as are right no more.
texts = st.one_of(
    values.map(lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":"))),
    values.map(json.dumps),
    st.tuples(values.map(json.dumps), st.integers(0, 40), st.sampled_from('0"{}[],:-.e\\u')).map(
        lambda cut: cut[0][: cut[1]] + cut[2] + cut[0][cut[1] + 1 :]
    ),
    st.text('{}[]",:0123456789eE+-.\\untrufalsed ', max_size=20),
)
EDGES = [
    *('{"a":1,"a":1}', "[1,1.0,1e0,-0,-0.0]", "1e999", "9" * 25, "9" * 400, "NaN", '"\\ud800"', "\ufeff1", " 1 ", ""),
    *("[" * depth + "]" * depth for depth in (250, 260, 500, 501, 502, 600, 2000)),
    *('{"a":' * depth + "0" + "}" * depth for depth in (250, 260, 500, 501, 502, 2000)),
    json.dumps([{"n": n} for n in range(600)], separators=(",", ":")),
]


def outcome(work: Any) -> tuple[str, Any]:
    try:
        return "is", repr(work())
    except JsonProblem as problem:
        return "refused", str(problem)


def strictly(data: bytes) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(strict_json, "_parse_plain", lambda _data: None)
        return parse(data)


def check_strictly(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(strict_json, "_is_plain", lambda _text: False)
        check_text(text)


@given(texts)
def test_random_texts_are_taken_and_refused_alike(text: str) -> None:
    both(text)


@pytest.mark.parametrize("text", EDGES, ids=lambda text: text[:20])
def test_edges_are_taken_and_refused_alike(text: str) -> None:
    both(text)


def both(text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    assert outcome(lambda: parse(data)) == outcome(lambda: strictly(data))
    assert outcome(lambda: check_text(text)) == outcome(lambda: check_strictly(text))


def test_what_a_browser_sends_goes_the_quick_way() -> None:
    """Else it would be no quicker, and nothing would tell."""
    body = {"client": "a", "mutations": [{"id": 1, "key": "ключ 😀\u2028\u0001", "base": 0, "value": '{"n":1.5}'}]}
    data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    assert strict_json._parse_plain(data) == body
    assert strict_json._is_plain(json.dumps(body))
