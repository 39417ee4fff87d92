"""Carries pokes between the processes of a server, through Redis. Where Redis fails, only pokes are lost."""

import json
import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from .poke import Latest, Poke

log = logging.getLogger(__name__)

CHANNEL = "unified-storage:pokes"
# No answer of Redis is waited for any longer; the same bound holds for the rate limits.
REDIS_SECONDS = 0.5
BEAT_SECONDS = 5.0
AGAIN_SECONDS = 1.0


def redis_options() -> dict[str, Any]:
    """How long to wait for Redis, and to ask it once."""
    return {
        "socket_timeout": REDIS_SECONDS,
        "socket_connect_timeout": REDIS_SECONDS,
        "retry": Retry(NoBackoff(), 0),
    }


class Relay:
    """Publishes this process's pokes and hears those of the others."""

    def __init__(self, url: str, heard: Callable[[Poke], None], caught_up: Callable[[], None]) -> None:
        self._redis = Redis.from_url(url, **redis_options())
        self._heard, self._caught_up = heard, caught_up
        self._me = secrets.token_hex(8)
        self._reachable = True
        self._outbox = Latest(self._publish, pause=0)

    def listen(self) -> None:
        """Starts hearing the other processes, in a thread of its own."""
        threading.Thread(target=self._listen, daemon=True).start()

    def send(self, poke: Poke) -> None:
        self._outbox.put(poke)

    def _publish(self, pokes: Iterable[Poke]) -> None:
        for poke in pokes:
            try:
                self._redis.publish(CHANNEL, json.dumps({"from": self._me, **poke.as_json()}))
                self._say(reachable=True)
            except RedisError:
                self._say(reachable=False)

    def _listen(self) -> None:
        while True:
            try:
                self._hear_until_silent()
            except (RedisError, OSError):
                self._say(reachable=False)
            time.sleep(AGAIN_SECONDS)

    def _hear_until_silent(self) -> None:
        with closing(self._redis.pubsub()) as subscription:  # type: ignore[no-untyped-call]
            subscription.subscribe(CHANNEL)
            silent = 0
            # A connection that is cut somewhere on the way says nothing: then not even our own beat comes back.
            while silent < 2:
                message = subscription.get_message(timeout=BEAT_SECONDS)
                silent = 0 if message else silent + 1
                if message is None:
                    subscription.ping()
                elif message["type"] == "subscribe":
                    self._say(reachable=True)
                    # What was said before we listened is lost; the heads tell.
                    self._caught_up()
                elif message["type"] == "message":
                    self._take(message["data"])

    def _take(self, data: bytes) -> None:
        try:
            said = json.loads(data)
            if said["from"] != self._me:
                self._heard(Poke(str(said["space"]), str(said["epoch"]), int(said["head"])))
        except (ValueError, KeyError, TypeError):
            log.warning("something else speaks on the Redis channel %s", CHANNEL)

    def _say(self, *, reachable: bool) -> None:
        if reachable != self._reachable:
            log.warning("Redis is %s", "back" if reachable else "out of reach: pokes stay in this process")
        self._reachable = reachable
