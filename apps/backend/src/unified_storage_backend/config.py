"""Everything that the environment decides, read once and checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from limits import parse
from redis.connection import parse_url
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

AuthMode = Literal["none", "required"]
MIB = 1024 * 1024
LOG_LEVELS = ("debug", "info", "warning", "error")


class ConfigProblem(ValueError):
    """Says which environment variable is wrong and what it may be."""


@dataclass(frozen=True)
class Limits:
    """What one request may hold; all sizes in bytes."""

    key_bytes: int = 1024
    # Twice this, with every character escaped, still fits into one push.
    value_bytes: int = 4 * MIB - 64 * 1024
    request_bytes: int = 8 * MIB
    import_bytes: int = 64 * MIB
    mutations: int = 500
    # What has to happen as one is not sent in parts; as much of it as of an import.
    transaction_writes: int = 20_000
    transaction_bytes: int = 64 * MIB
    page_items: int = 1000
    index_items: int = 10_000
    page_bytes: int = 8 * MIB


@dataclass(frozen=True)
class Config:
    """The settings of one server."""

    database_url: str = "sqlite:///data/unified-storage.db"
    auth: AuthMode = "none"
    host: str = "127.0.0.1"
    port: int = 5001
    allowed_origins: frozenset[str] = frozenset()
    allowed_hosts: frozenset[str] = frozenset()
    redis_url: str | None = None
    rate_limit: str | None = None
    login_rate_limit: str = "10 per minute"
    token_days: int = 30
    metrics_token: str | None = None
    log_level: str = "warning"
    request_seconds: int = 20
    max_sockets: int = 1000
    socket_check_seconds: int = 30
    trusted_proxies: int = 0
    limits: Limits = Limits()


def config_from(environment: Mapping[str, str]) -> Config:
    """The settings that environment variables ask for. Raises ConfigProblem."""
    auth = environment.get("AUTH_MODE", "none")
    if auth not in ("none", "required"):
        raise ConfigProblem(f'AUTH_MODE must be "none" or "required", not "{auth}".')
    rate_limit = environment.get("RATE_LIMIT", "600 per minute" if auth == "required" else "")
    return Config(
        database_url=_database_url(environment),
        auth=cast(AuthMode, auth),
        host=environment.get("HOST", "127.0.0.1"),
        port=_whole_number(environment, "PORT", 5001, 1, 65535),
        allowed_origins=_words(environment, "ALLOWED_ORIGINS"),
        allowed_hosts=_words(environment, "ALLOWED_HOSTS"),
        redis_url=_redis_url(environment.get("REDIS_URL")),
        rate_limit=_rate("RATE_LIMIT", rate_limit) if rate_limit else None,
        login_rate_limit=_rate("LOGIN_RATE_LIMIT", environment.get("LOGIN_RATE_LIMIT", "10 per minute")),
        token_days=_whole_number(environment, "TOKEN_DAYS", 30, 1, 3650),
        metrics_token=environment.get("METRICS_TOKEN") or None,
        log_level=_log_level(environment, "info" if auth == "required" else "warning"),
        request_seconds=_whole_number(environment, "REQUEST_SECONDS", 20, 1, 3600),
        max_sockets=_whole_number(environment, "MAX_SOCKETS", 1000, 0, 10_000),
        socket_check_seconds=_whole_number(environment, "SOCKET_CHECK_SECONDS", 30, 1, 3600),
        trusted_proxies=_whole_number(environment, "TRUSTED_PROXIES", 0, 0, 10),
    )


def sqlite_path(database_url: str) -> Path | None:
    """The file of a SQLite database; None for another engine."""
    prefix = "sqlite:///"
    return Path(database_url.removeprefix(prefix)) if database_url.startswith(prefix) else None


def _database_url(environment: Mapping[str, str]) -> str:
    url = environment.get("DATABASE_URL")
    if not url:
        return "sqlite:///" + environment.get("DATABASE_PATH", "./data/unified-storage.db")
    for short in ("postgres://", "postgresql://"):
        if url.startswith(short):
            url = "postgresql+psycopg://" + url.removeprefix(short)
    try:
        make_url(url).get_dialect()
    except (ArgumentError, ValueError):
        # Not which: there may be a password in it.
        shapes = "postgresql://user:password@host/name or sqlite:///path"
        raise ConfigProblem(f"DATABASE_URL must be like {shapes}, of a database whose driver is installed.") from None
    return url


def _redis_url(url: str | None) -> str | None:
    if not url:
        return None
    try:
        parse_url(url)  # type: ignore[no-untyped-call]
    except ValueError:
        raise ConfigProblem("REDIS_URL must be like redis://host:6379/0.") from None
    return url


def _rate(name: str, text: str) -> str:
    try:
        parse(text)
    except ValueError:
        raise ConfigProblem(f'{name} must be like "600 per minute", not "{text}".') from None
    return text


def _words(environment: Mapping[str, str], name: str) -> frozenset[str]:
    return frozenset(word.strip().rstrip("/").lower() for word in environment.get(name, "").split(",") if word.strip())


def _log_level(environment: Mapping[str, str], default: str) -> str:
    level = environment.get("LOG_LEVEL") or default
    if level not in LOG_LEVELS:
        raise ConfigProblem(f'LOG_LEVEL must be one of {", ".join(LOG_LEVELS)}, not "{level}".')
    return level


def _whole_number(environment: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = environment.get(name, str(default))
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise ConfigProblem(f'{name} must be a whole number from {least} to {most}, not "{text}".')
    return int(text)
