"""The examples of the README, run with curl against the server that they are about."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask

from .real_server import SOURCES, environment, real_server

README = (Path(__file__).parents[1] / "README.md").read_text()
# Prints what the comments under the examples show: the status and the body.
CURL = """curl() {
  local status; status=$(command curl -s --max-time 20 --noproxy '*' -o body -w '%{http_code}' "$@")
  echo "$status $(cat body)"
}
"""

found = re.finditer(r"^```sh( required)?\n(.*?)^```$", README, re.M | re.S)
blocks = [match for match in found if "\ncurl" in match[2]]
tools = shutil.which("curl") and shutil.which("bash")


@pytest.mark.parametrize("block", blocks, ids=range(len(blocks)))
def test_the_examples_answer_as_they_say(tmp_path: Path, block: re.Match[str]) -> None:
    if not tools:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("The examples need curl and bash.")
    mode = "required" if block[1] else "none"
    settings = {"DATABASE_PATH": str(tmp_path / "storage.db"), "AUTH_MODE": mode}
    if mode == "required":
        command = [sys.executable, "-m", "flask", "--app", "unified_storage_backend", "user", "create", "ann"]
        subprocess.run(command, input=b"correct horse\n", env=environment(**settings), cwd=tmp_path, check=True)
    with real_server(tmp_path / "log", settings) as (port, _):
        script = CURL + block[2].replace("localhost:5001", f"127.0.0.1:{port}")
        ran = subprocess.run(["bash", "-euc", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    expected = re.findall(r"^# (.*)$", block[2], re.M)
    answers = ran.stdout.splitlines()
    assert len(answers) == len(expected)
    for answer, line in zip(answers, expected, strict=True):
        assert re.fullmatch(re.escape(line).replace(r"\.\.\.", ".*"), answer), f"{answer}\nis not\n{line}"


def test_every_address_has_an_example(app: Flask) -> None:
    addresses = app.url_map.bind("localhost")
    shown = {
        (addresses.match(urlsplit(target).path, method, return_rule=True)[0].rule, method)
        for method, target in map(asked_for, examples_of(blocks))
    }
    there = {
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert shown == there


def examples_of(blocks: list[re.Match[str]]) -> list[str]:
    """The commands, each on a line of its own."""
    return [line for block in blocks for line in block[2].splitlines() if re.search(r"\bcurl ", line)]


def asked_for(example: str) -> tuple[str, str]:
    """Method and address of a request."""
    words = re.search(r"curl (-X (\w+) )?\"?localhost:5001(/[^\s\")]*)", example)
    assert words, example
    return words[2] or ("POST" if " -d '" in example else "GET"), words[3]


def test_every_setting_is_in_the_table() -> None:
    code = "".join(path.read_text() for path in SOURCES.rglob("*.py"))
    read = set(re.findall(r'environ(?:ment)?(?:\.get\(|, )"([A-Z_]+)"', code))
    assert read == set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.M))
