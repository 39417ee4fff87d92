"""The command line, and what is refused before a server starts."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from unified_storage_backend import create_app
from unified_storage_backend.config import Config, ConfigProblem, config_from
from unified_storage_backend.exposure import check, check_exposure, workers_wanted
from unified_storage_backend.migrate import NewerDatabase
from unified_storage_backend.server import server_of

from .conftest import MakeApp
from .people import PASSWORD, Person
from .real_server import environment

GUNICORN = ["-m", "gunicorn", "-c", "python:unified_storage_backend.gunicorn_config", "x:y"]


def run(app: Flask, *arguments: str, typed: str | bytes | None = None, fails: bool = False) -> str:
    result = app.test_cli_runner().invoke(args=arguments, input=typed)
    assert (result.exit_code != 0) == fails, result.output
    return result.output


def epoch_of(app: Flask) -> str:
    session: Any = app.test_client().get("/v2/session").json
    return str(session["spaces"][0]["epoch"])


def test_a_user_is_created_and_signs_in(team: Flask) -> None:
    run(team, "user", "create", "ann", typed=f"{PASSWORD}\n")
    answer = team.test_client().post("/v2/session", json={"user": "ann", "password": PASSWORD})
    assert answer.status_code == 200
    assert "already" in run(team, "user", "create", "ann", typed=f"{PASSWORD}\n", fails=True)


@pytest.mark.parametrize(("name", "password"), [("a b", PASSWORD), ("", PASSWORD), ("ann", "short"), ("ann", "")])
def test_a_user_needs_a_name_and_a_password(team: Flask, name: str, password: str) -> None:
    assert "A name has" in run(team, "user", "create", name, typed=f"{password}\n", fails=True)


def test_a_token_is_made_and_revoked(team: Flask) -> None:
    run(team, "user", "create", "ann", typed=f"{PASSWORD}\n")
    hint, secret = run(team, "token", "create", "ann", "--days", "1").split("\n")[:2]
    headers = {"Authorization": f"Bearer {secret}"}
    assert team.test_client().get("/v2/session", headers=headers).status_code == 200
    run(team, "token", "revoke", hint.rpartition(" ")[2])
    assert team.test_client().get("/v2/session", headers=headers).status_code == 401
    run(team, "token", "revoke", "unknown", fails=True)
    run(team, "token", "create", "nobody", fails=True)


def test_export_and_import(app: Flask) -> None:
    data = {"a": {"z": 1, "b": [None, 1.5]}, "keys": "é", "": 1}
    assert "empty" in run(app, "import", typed=json.dumps(data), fails=True)
    del data[""]
    run(app, "import", typed=json.dumps(data))
    assert json.loads(run(app, "export")) == data
    for bad in ("[]", "{", '{"a":NaN}'):
        run(app, "import", typed=bad, fails=True)
    assert json.loads(run(app, "export")) == data


def test_a_backup_is_restored_under_a_new_epoch(app: Flask, tmp_path: Path) -> None:
    client, backup = app.test_client(), tmp_path / "backup.db"
    client.put("/api/storage/a", json={"value": 1})
    run(app, "backup", str(backup))
    before = epoch_of(app)
    client.put("/api/storage/a", json={"value": 2})
    run(app, "restore", str(backup))
    assert client.get("/api/storage/export").json == {"a": 1}
    assert epoch_of(app) != before
    assert client.get(f"/v2/spaces/default/changes?epoch={before}&since=0").status_code == 409
    assert client.put("/api/storage/a", json={"value": 3}).status_code == 200
    assert not list(tmp_path.glob(".backup-*"))


def test_a_damaged_backup_changes_nothing(app: Flask, tmp_path: Path) -> None:
    app.test_client().put("/api/storage/a", json={"value": 1})
    before, good = epoch_of(app), tmp_path / "good.db"
    run(app, "backup", str(good))
    damaged, foreign = tmp_path / "damaged.db", tmp_path / "foreign.db"
    damaged.write_bytes(good.read_bytes()[: good.stat().st_size // 2])
    with closing(sqlite3.connect(foreign)) as connection:
        connection.execute("CREATE TABLE other (a)")
    for file in (damaged, foreign):
        assert "damaged" in run(app, "restore", str(file), fails=True)
    assert epoch_of(app) == before
    assert app.test_client().get("/api/storage/export").json == {"a": 1}


def test_a_backup_of_another_machine_is_restored_under_a_running_server(make_app: MakeApp, tmp_path: Path) -> None:
    here, there = make_app(), make_app(database_url=f"sqlite:///{tmp_path}/other.db")
    client, backup = here.test_client(), tmp_path / "backup.db"
    there.test_client().put("/api/storage/theirs", json={"value": 1})
    run(there, "backup", str(backup))
    client.put("/api/storage/ours", json={"value": 2})
    run(here, "restore", str(backup))
    assert client.get("/api/storage/export").json == {"theirs": 1}
    assert client.put("/api/storage/a", json={"value": 3}).status_code == 200
    assert client.post("/v2/storages", json={"name": "app"}).status_code == 200
    session: Any = client.get("/v2/session").json
    assert (session["user"], session["spaces"][0]["head"]) == ("default", 2)


@pytest.mark.parametrize("damage", ["header", "pages", "newer", "missing"])
def test_a_backup_takes_the_place_of_what_cannot_be_started(make_app: MakeApp, tmp_path: Path, damage: str) -> None:
    app, backup, file = make_app(), tmp_path / "backup.db", tmp_path / "storage.db"
    app.test_client().put("/api/storage/a", json={"value": 1})
    run(app, "backup", str(backup))
    server_of(app).database.close()
    if damage == "newer":
        with closing(sqlite3.connect(file)) as connection:
            connection.executescript("UPDATE alembic_version SET version_num = '9999'")
    elif damage == "missing":
        file.unlink()
    else:
        data = bytearray(file.read_bytes())
        data[slice(0, 100) if damage == "header" else slice(100, len(data))] = b"\xaa" * (
            100 if damage == "header" else len(data) - 100
        )
        file.write_bytes(data)
    broken = file.read_bytes() if file.exists() else b""
    said = flask(tmp_path, "restore", str(backup))
    assert "Restored" in said
    if damage == "header":
        (kept,) = tmp_path.glob("storage.db.damaged-*")
        assert (kept / "storage.db").read_bytes() == broken
        assert str(kept) in said
    assert json.loads(flask(tmp_path, "export")) == {"a": 1}


def test_a_command_says_what_is_wrong_with_the_database(tmp_path: Path) -> None:
    (tmp_path / "storage.db").write_bytes(b"precious" * 1000)
    assert "cannot be used" in flask(tmp_path, "export", fails=True)
    assert (tmp_path / "storage.db").read_bytes() == b"precious" * 1000


def flask(folder: Path, *arguments: str, fails: bool = False) -> str:
    """The command in a process of its own, as people run it."""
    command = [sys.executable, "-m", "flask", "--app", "unified_storage_backend", *arguments]
    env = environment(DATABASE_PATH=str(folder / "storage.db"))
    ended = subprocess.run(command, env=env, cwd=folder, capture_output=True, text=True, check=False)
    assert (ended.returncode != 0) == fails, ended.stderr
    assert "Traceback" not in ended.stderr
    return ended.stdout + ended.stderr


def test_gc_and_new_epoch(app: Flask) -> None:
    assert "Removed 0 tombstones" in run(app, "gc")
    before = epoch_of(app)
    run(app, "new-epoch")
    assert epoch_of(app) != before


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path, make_app: MakeApp) -> None:
    file = tmp_path / "storage.db"
    file.write_bytes(b"precious" * 1000)
    with pytest.raises(Exception, match="not a database"):
        make_app()
    assert file.read_bytes() == b"precious" * 1000


def test_d5_a_newer_database_is_not_touched(app: Flask) -> None:
    with server_of(app).database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerDatabase, match="newer version"):
        create_app(server_of(app).config)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "example.org", ""])
def test_a_server_without_logins_stays_on_this_machine(app: Flask, host: str) -> None:
    with pytest.raises(ConfigProblem, match="AUTH_MODE"):
        check_exposure(Config(), host)
    check_exposure(Config(auth="required"), host)


def test_several_workers_need_redis() -> None:
    with pytest.raises(ConfigProblem, match="REDIS_URL"):
        check(Config(), 2, ["127.0.0.1"])
    check(Config(redis_url="redis://localhost"), 2, ["127.0.0.1"])


@pytest.mark.parametrize("name", ["PORT", "TOKEN_DAYS", "TRUSTED_PROXIES"])
@pytest.mark.parametrize("text", ["", "x", "-1", "1.5", "99999999"])
def test_a_setting_that_is_no_number(name: str, text: str) -> None:
    with pytest.raises(ConfigProblem, match=name):
        config_from({name: text})


BAD_SETTINGS = {
    "RATE_LIMIT": ["many", "5 per fortnight"],
    "LOGIN_RATE_LIMIT": ["", "x"],
    "REDIS_URL": ["localhost:6379", "http://localhost"],
    "DATABASE_URL": ["storage.db", "nonsense://x", "postgresql://secret@host:port/x"],
    "WEB_CONCURRENCY": ["0"],
}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in BAD_SETTINGS.items() for text in texts])
def test_a_setting_that_is_nothing_is_said_in_words(name: str, text: str) -> None:
    with pytest.raises(ConfigProblem, match=name) as refused:
        check(config_from({name: text}), workers_wanted({name: text}), [])
    assert "secret" not in str(refused.value)


WAYS = [["-m", "unified_storage_backend"], GUNICORN, ["-m", "flask", "--app", "unified_storage_backend", "gc"]]


@pytest.mark.parametrize("command", WAYS)
def test_each_way_to_start_says_so(tmp_path: Path, command: list[str]) -> None:
    ended = start(tmp_path, command, PORT="x")
    assert ended.returncode != 0
    assert "PORT must be a whole number" in ended.stderr
    assert "Traceback" not in ended.stderr


def start(folder: Path, command: list[str], **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command], env=environment(**settings), cwd=folder, capture_output=True, text=True, check=False
    )


def test_settings_from_the_environment() -> None:
    assert config_from({}) == Config(database_url="sqlite:///./data/unified-storage.db")
    assert config_from({"DATABASE_PATH": "/x.db"}).database_url == "sqlite:////x.db"
    assert config_from({"DATABASE_URL": "postgres://h/d"}).database_url == "postgresql+psycopg://h/d"
    assert config_from({"ALLOWED_ORIGINS": "https://A.example/, http://b"}).allowed_origins == {
        "https://a.example",
        "http://b",
    }
    assert config_from({"AUTH_MODE": "required"}).rate_limit == "600 per minute"
    with pytest.raises(ConfigProblem, match="AUTH_MODE"):
        config_from({"AUTH_MODE": "no"})


def test_tokens_and_passwords_are_not_in_the_database(team: Flask, ann: Person, tmp_path: Path) -> None:
    stored = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"$argon2id$" in stored
    assert ann.token.encode() not in stored
    assert PASSWORD.encode() not in stored
