"""The examples of the README, run with curl against the server that they are about."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

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


@pytest.mark.skipif(not tools, reason="the examples need curl and bash")
@pytest.mark.parametrize("block", blocks, ids=range(len(blocks)))
def test_the_examples_answer_as_they_say(tmp_path: Path, block: re.Match[str]) -> None:
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


def test_four_blocks_have_examples() -> None:
    assert len(blocks) == 4


def test_every_setting_is_in_the_table() -> None:
    code = "".join(path.read_text() for path in SOURCES.rglob("*.py"))
    read = set(re.findall(r'environ(?:ment)?(?:\.get\(|, )"([A-Z_]+)"', code))
    assert read == set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.M))
