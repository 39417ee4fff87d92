"""How much the random tests do: a sample in every run, everything in `npm run torture`."""

import json
import os
from pathlib import Path
from typing import Any

SEED = int(os.environ.get("TORTURE_SEED", "1"))
_results = os.environ.get("TORTURE_RESULTS")


def budget(name: str, sample: int) -> int:
    """A number of things to do: the sample, unless the environment asks for more."""
    return int(os.environ.get(f"TORTURE_{name}", sample))


def write_down(**result: Any) -> None:
    """Adds a line to the results from which the page of the torture is made."""
    if _results:
        with Path(_results).open("a") as file:
            file.write(json.dumps(result) + "\n")
