"""A server without logins is for this machine alone."""

import click

from .access import LOCAL_HOSTS
from .config import Config, ConfigProblem


def check_exposure(config: Config, host: str) -> None:
    """Refuses to open a server without logins to others. Raises ConfigProblem."""
    if config.auth == "none" and host.strip("[]").lower() not in LOCAL_HOSTS:
        raise ConfigProblem(f"AUTH_MODE=none is for localhost, not for {host}; set AUTH_MODE=required.")


def check_command_line(config: Config) -> None:
    """Looks at `flask run --host`, which asks nobody before it listens. Raises click.ClickException."""
    context = click.get_current_context(silent=True)
    if context is None or context.info_name != "run" or "host" not in context.params:
        return
    try:
        check_exposure(config, context.params["host"])
    except ConfigProblem as problem:
        raise click.ClickException(str(problem)) from None
