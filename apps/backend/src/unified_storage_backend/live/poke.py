"""What is said after a commit, and a box that keeps only the newest of each space."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Poke:
    """The space has reached this revision. It carries no data: who hears it fetches the changes."""

    space: str
    epoch: str
    head: int

    def as_json(self) -> dict[str, Any]:
        return {"space": self.space, "epoch": self.epoch, "head": self.head}


class Latest:
    """Hands pokes to a thread of its own; while that is busy, newer pokes of a space replace older ones."""

    def __init__(self, deliver: Callable[[Iterable[Poke]], None], pause: float) -> None:
        self._deliver, self._pause = deliver, pause
        self._waiting: dict[str, Poke] = {}
        self._changed = threading.Condition()
        self._running = False

    def put(self, poke: Poke) -> None:
        """Never waits for the delivery."""
        with self._changed:
            waiting = self._waiting.get(poke.space)
            if waiting is None or waiting.epoch != poke.epoch or waiting.head < poke.head:
                self._waiting[poke.space] = poke
            self._changed.notify()
            if not self._running:
                # At the first poke and no sooner: a thread would not survive the fork of a worker.
                self._running = True
                threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting)
                pokes, self._waiting = self._waiting, {}
            try:
                self._deliver(pokes.values())
            except Exception:
                # Whatever it was, the next poke must find this thread alive.
                log.exception("pokes were lost")
            time.sleep(self._pause)
