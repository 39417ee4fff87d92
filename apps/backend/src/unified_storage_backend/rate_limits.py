"""How often somebody may ask; without a setting, a server without logins does not count."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, current_app, request
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

from .config import Config
from .errors import ApiError
from .live.relay import redis_options

View = TypeVar("View", bound=Callable[..., Any])
EXTENSION = "unified_storage_rate_limits"
# After Redis gave no answer, how long it is not asked again.
AWAY_SECONDS = 5.0


class RateLimits:
    """Counts by address, in this process, or in Redis for all processes of the server."""

    def __init__(self, config: Config) -> None:
        self._here = FixedWindowRateLimiter(MemoryStorage())
        self._counts = self._here
        self._away_until = 0.0
        if config.redis_url:
            storage = storage_from_string(config.redis_url, wrap_exceptions=True, **redis_options())
            self._counts = FixedWindowRateLimiter(cast(Any, storage))
        self.requests = parse(config.rate_limit) if config.rate_limit else None
        self.logins = parse(config.login_rate_limit) if config.auth == "required" else None

    def count(self, limit: RateLimitItem | None, purpose: str) -> None:
        """Counts a request. Raises ApiError (TOO_MANY_REQUESTS)."""
        if limit is None:
            return
        who = (purpose, request.remote_addr or "")
        counts, allowed = self._hit(limit, who)
        if not allowed:
            seconds = max(1, round(counts.get_window_stats(limit, *who).reset_time - time.time()))
            later = {"Retry-After": str(seconds)}
            raise ApiError(429, f"Too many requests; try again in {seconds} seconds.", headers=later)

    def _hit(self, limit: RateLimitItem, who: tuple[str, str]) -> tuple[FixedWindowRateLimiter, bool]:
        """Redis out of reach must lock nobody out, let nobody in, delay nobody: then each process counts for itself."""
        if time.monotonic() >= self._away_until:
            try:
                return self._counts, self._counts.hit(limit, *who)
            except StorageError:
                self._away_until = time.monotonic() + AWAY_SECONDS
        return self._here, self._here.hit(limit, *who)


def register_rate_limits(app: Flask, config: Config) -> None:
    limits = RateLimits(config)
    app.extensions[EXTENSION] = limits
    app.before_request(lambda: limits.count(limits.requests, "request"))


def limit_logins(view: View) -> View:
    """Slows down whoever tries passwords."""

    @wraps(view)
    def limited(*args: Any, **kwargs: Any) -> Any:
        limits = _limits()
        limits.count(limits.logins, "login")
        return view(*args, **kwargs)

    return cast(View, limited)


def _limits() -> RateLimits:
    return cast(RateLimits, current_app.extensions[EXTENSION])
