"""A client as a process of its own: it pushes until everything is acknowledged, whatever happens to the server."""

import http.client
import json
import random
import time
from dataclasses import dataclass
from typing import Any

SECONDS = 900
MOST = 20
# How often the answer to a push is thrown away unread, and how often an answered push is sent again.
LOST = 0.2
REPEATED = 0.2


@dataclass(frozen=True)
class Order:
    """What one process is to do."""

    port: int
    number: int
    mutations: int
    seed: int


@dataclass(frozen=True)
class Report:
    """The revision of every key that was acknowledged, and how much happened on the way."""

    revisions: dict[str, int]
    pushes: int
    lost: int
    repeated: int
    # Pushes that were not answered when they were first sent, though nobody threw the answer away.
    outages: int


class Lost(ConnectionError):
    """This answer was lost on the way, by our own doing."""


class Pusher:
    def __init__(self, order: Order) -> None:
        self.order = order
        self.random = random.Random(f"{order.seed}/{order.number}")
        self.deadline = time.monotonic() + SECONDS
        self.revisions: dict[str, int] = {}
        self.pushes = self.lost = self.repeated = self.outages = 0

    def run(self) -> Report:
        self.epoch = self._insist("GET", "/v2/session")["spaces"][0]["epoch"]
        done: list[range] = []
        following = 1
        while following <= self.order.mutations:
            end = min(following + self.random.randint(1, MOST), self.order.mutations + 1)
            done.append(range(following, end))
            self._push(done[-1])
            while self.random.random() < REPEATED:
                self.repeated += 1
                self._push(self.random.choice(done[-30:]))
            following = end
        return Report(self.revisions, self.pushes, self.lost, self.repeated, self.outages)

    def _push(self, ids: range) -> None:
        """Also when it was acknowledged before: then it has to say the same."""
        mutations = [{"id": i, "op": "put", "key": self._key(i), "base": 0, "value": str(i)} for i in ids]
        body = {"epoch": self.epoch, "client": f"client-{self.order.number}", "mutations": mutations}
        answer = self._insist("POST", "/v2/spaces/default/push", body)
        for result in answer["results"]:
            outcome, key = result.get("original") or result, self._key(result["id"])
            if outcome["status"] != "applied" or self.revisions.get(key, outcome["rev"]) != outcome["rev"]:
                raise AssertionError(f"{key}: {result}, {self.revisions.get(key)} before")
            self.revisions[key] = outcome["rev"]

    def _key(self, number: int) -> str:
        return f"{self.order.number}/{number}"

    def _insist(self, method: str, path: str, body: object = None) -> Any:
        """Asks until there is an answer; only outages may stand in the way."""
        met = False
        while time.monotonic() < self.deadline:
            try:
                status, data = self._ask(method, path, body)
            except Lost:
                continue
            except (OSError, http.client.HTTPException, ValueError):
                status, data = 503, None
            if status == 200:
                return data
            if status != 503:
                raise AssertionError(f"{method} {path}: {status} {data}")
            # Once for each push, however long it lasts.
            self.outages += body is not None and not met
            met = True
            time.sleep(0.02)
        raise TimeoutError(f"There was no answer to {method} {path} for {SECONDS} s.")

    def _ask(self, method: str, path: str, body: object) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.order.port, timeout=10)
        try:
            data = None if body is None else json.dumps(body).encode()
            connection.request(method, path, data, {"Content-Type": "application/json"})
            self.pushes += body is not None
            if body is not None and self.random.random() < LOST:
                self.lost += 1
                # Some are lost after the work, some while it is done.
                time.sleep(self.random.uniform(0, 0.02))
                raise Lost
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()


def push_all(order: Order) -> Report:
    return Pusher(order).run()
