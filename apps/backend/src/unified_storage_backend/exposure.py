"""How a server is not started: open to others without logins, or in processes that do not hear of each other."""

import os
from collections.abc import Iterable, Mapping

import click

from .access import LOCAL_HOSTS
from .config import Config, ConfigProblem, config_from


def check_exposure(config: Config, host: str) -> None:
    """Refuses to open a server without logins to others. Raises ConfigProblem."""
    if config.auth == "none" and host.strip("[]").lower() not in LOCAL_HOSTS:
        raise ConfigProblem(f"AUTH_MODE=none is for localhost, not for {host}; set AUTH_MODE=required.")


def workers_wanted(environment: Mapping[str, str]) -> int:
    """How many worker processes there shall be. Raises ConfigProblem."""
    text = environment.get("WEB_CONCURRENCY", "1")
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 100:
        return int(text)
    raise ConfigProblem(f'WEB_CONCURRENCY must be a whole number from 1 to 100, not "{text}".')


def check(config: Config, workers: int, hosts: Iterable[str]) -> None:
    """Refuses what would be unsafe, on the addresses that are listened to. Raises ConfigProblem."""
    for host in hosts:
        check_exposure(config, host)
    if workers > 1 and config.redis_url is None:
        raise ConfigProblem("More than one worker needs REDIS_URL: pokes and rate limits are shared there.")


def runs_command() -> bool:
    """Whether this is `flask <command>`, and no server."""
    context = click.get_current_context(silent=True)
    return context is not None and context.info_name != "run"


def settings() -> Config:
    """What the environment asks for. Raises ConfigProblem, or click.ClickException on the command line."""
    try:
        return config_from(os.environ)
    except ConfigProblem as problem:
        if click.get_current_context(silent=True):
            raise click.ClickException(str(problem)) from None
        raise


def check_command_line(config: Config) -> None:
    """Looks at `flask run --host`, which asks nobody before it listens. Raises click.ClickException."""
    context = click.get_current_context(silent=True)
    if context is None or runs_command() or "host" not in context.params:
        return
    try:
        check_exposure(config, context.params["host"])
    except ConfigProblem as problem:
        raise click.ClickException(str(problem)) from None
