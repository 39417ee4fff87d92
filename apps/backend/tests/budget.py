"""How much the random tests do: a sample in every run, everything in `npm run torture`."""

import json
import os
from pathlib import Path
from typing import Any
from zlib import crc32

SEED = int(os.environ.get("TORTURE_SEED", "1"))
_results = os.environ.get("TORTURE_RESULTS")


def budget(name: str, sample: int) -> int:
    """A number of things to do: the sample, unless the environment asks for more."""
    return int(os.environ.get(f"TORTURE_{name}", sample))


def seed_of(*which: str) -> int:
    """A seed for each kind of a test, so that what is asked of one is not asked of the others again."""
    return SEED + sum(crc32(part.encode()) for part in which)


def write_down(**result: Any) -> None:
    """Adds a line to the results from which the page of the torture is made."""
    if _results:
        with Path(_results).open("a") as file:
            file.write(json.dumps(result) + "\n")
