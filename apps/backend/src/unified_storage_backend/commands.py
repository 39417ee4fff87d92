"""What an administrator does on the command line: `flask --app unified_storage_backend <command>`."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from . import backups
from .config import sqlite_path
from .database import Database
from .keys import KeyProblem, key_bytes
from .messages import NewAccount
from .migrate import NewerDatabase, prepare
from .openapi import openapi
from .server import server
from .store import accounts, spaces
from .store.garbage import TOMBSTONE_DAYS, collect_garbage
from .store.items import live_items
from .store.writer import SpaceWriter
from .strict_json import JsonProblem, parse, to_text
from .typescript import typescript

user_commands = AppGroup("user", help="Users of a server with logins.")
token_commands = AppGroup("token", help="Tokens for programs.")


def register_commands(app: Flask) -> None:
    for command in (user_commands, token_commands, backup, restore, new_epoch, export, import_, gc, types):
        app.cli.add_command(command)


@user_commands.command("create")
@click.argument("name")
def create_user(name: str) -> None:
    """Creates a user; the password is asked for, or read from the standard input."""
    try:
        wanted = NewAccount(invitation="-", user=name, password=_new_password())
    except ValueError:
        raise click.ClickException(
            "A name has letters, digits and . _ @ -; a password has 8 to 1024 characters."
        ) from None
    hashed = accounts.hash_password(wanted.password)

    def work(connection: Connection) -> None:
        if accounts.find_account(connection, name):
            raise click.ClickException(f"There is a user {name} already.")
        accounts.create_account(connection, name, hashed)

    _database().write(work)
    click.echo(f"Created {name}.")


@token_commands.command("create")
@click.argument("user")
@click.option("--name", default="command line", help="What the token is for.")
@click.option("--days", default=365, type=click.IntRange(1, 3650), help="How long it is good.")
def create_token(user: str, name: str, days: int) -> None:
    """Makes a token and shows it, once."""

    def work(connection: Connection) -> accounts.NewToken:
        return accounts.create_token(connection, _account(connection, user), "token", name[:100], days)

    new = _database().write(work)
    click.echo(f"Revoke it with: flask token revoke {new.id}", err=True)
    click.echo(new.secret)


@token_commands.command("revoke")
@click.argument("token_id")
def revoke_token(token_id: str) -> None:
    """Makes a token worthless, by the id that `token create` showed."""
    if not _database().write(lambda connection: accounts.revoke_token(connection, token_id)):
        raise click.ClickException("There is no such token.")
    click.echo("Revoked.")


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Copies a SQLite database while the server runs; the copy is checked before it gets its name."""
    _attempt(lambda: backups.back_up(_database_file(), file))
    click.echo(f"Saved {file}.")


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@with_appcontext
def restore(file: Path) -> None:
    """Puts a backup in the place of the SQLite database; clients notice by the new epoch and send what it lacks."""
    kept = _attempt(lambda: backups.restore(file, _database_file()))
    click.echo(f"Restored {file}.")
    if kept:
        click.echo(f"The database was damaged; what is left of it is in {kept}. Restart the server if it runs.")


@click.command("new-epoch")
@with_appcontext
def new_epoch() -> None:
    """Tells the clients that the data went back in time; for a backup that other tools restored."""
    _database().write(spaces.change_epochs)
    click.echo("Every space has a new epoch.")


@click.command("export")
@click.argument("user", default=accounts.LOCAL_USER)
@with_appcontext
def export(user: str) -> None:
    """Writes a user's first space to the standard output, as one flat JSON object."""
    items = _database().read(lambda connection: live_items(connection, _first_space(connection, user).id))
    members = (f"{json.dumps(item.key.decode())}:{item.value}" for item in items)
    click.echo("{" + ",\n".join(members) + "}")


@click.command("import")
@click.argument("user", default=accounts.LOCAL_USER)
@with_appcontext
def import_(user: str) -> None:
    """Puts the members of a flat JSON object from the standard input into a user's first space, all or nothing."""
    try:
        data = parse(sys.stdin.buffer.read())
        if not isinstance(data, dict):
            raise click.ClickException("An import is one flat JSON object: key to value.")
        entries = [(key_bytes(key), to_text(value)) for key, value in data.items()]
    except (JsonProblem, KeyProblem) as problem:
        raise click.ClickException(str(problem)) from None

    def work(connection: Connection) -> None:
        writer = SpaceWriter(connection, _first_space(connection, user, lock=True))
        for key, text in entries:
            writer.write(key, text)
        writer.finish()

    _database().write(work)
    click.echo(f"Imported {len(entries)}.")


@click.command("gc")
@click.option("--days", default=TOMBSTONE_DAYS, type=click.IntRange(1), help="How long tombstones are kept.")
@with_appcontext
def gc(days: int) -> None:
    """Removes old tombstones, idle clients and what has expired; gunicorn's workers do so daily."""
    removed = _database().sweep(lambda connection: collect_garbage(connection, days))
    said = f"{removed.tombstones} tombstones, {removed.clients} clients, {removed.expired} tokens and invitations"
    click.echo(f"Removed {said}.")


@click.command("types")
@with_appcontext
def types() -> None:
    """Writes TypeScript types of the API to the standard output."""
    click.echo(typescript(openapi(current_app)), nl=False)


def _new_password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")


def _account(connection: Connection, user: str) -> str:
    found = accounts.find_account(connection, user)
    if found is None:
        raise click.ClickException(f"There is no user {user}.")
    return found.id


def _first_space(connection: Connection, user: str, *, lock: bool = False) -> spaces.Membership:
    found = spaces.membership(connection, _account(connection, user), "default", lock=lock)
    if found is None:
        raise click.ClickException(f"{user} owns no space.")
    return found


def _database_file() -> Path:
    file = sqlite_path(server().config.database_url)
    if file is None:
        raise click.ClickException("This is for SQLite; use the database's own tools (pg_dump) and `flask new-epoch`.")
    return file


def _database() -> Database:
    """The database in its newest shape."""
    database = server().database
    try:
        prepare(database)
    except NewerDatabase as problem:
        raise click.ClickException(str(problem)) from None
    except DBAPIError as problem:
        raise click.ClickException(f"The database cannot be used ({problem.orig}).") from None
    return database


def _attempt(work: Callable[[], Path | None]) -> Path | None:
    try:
        return work()
    except backups.BadBackup as problem:
        raise click.ClickException(str(problem)) from None
