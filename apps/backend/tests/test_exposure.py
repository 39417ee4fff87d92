"""A server without logins is reached from its own machine alone, however it is started."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from .real_server import environment, free_port, real_server
from .sockets import ask

APP = "unified_storage_backend"
GUNICORN = ["-m", "gunicorn", "-c", f"python:{APP}.gunicorn_config"]
FACTORY = f"{APP}:create_app()"
WAYS: dict[str, tuple[list[str], dict[str, str]]] = {
    "python -m": (["-m", APP], {"HOST": "0.0.0.0"}),
    "gunicorn": ([*GUNICORN, FACTORY], {"HOST": "0.0.0.0"}),
    "gunicorn -b": ([*GUNICORN, "-b", "0.0.0.0:{port}", FACTORY], {}),
    "gunicorn -b twice": ([*GUNICORN, "-b", "127.0.0.1:{port}", "-b", "[::]:{port}", FACTORY], {}),
    "gunicorn's environment": ([*GUNICORN, FACTORY], {"GUNICORN_CMD_ARGS": "--bind=0.0.0.0:{port}"}),
    "flask run": (["-m", "flask", "--app", APP, "run", "--host", "0.0.0.0", "--port", "{port}"], {}),
    "flask's environment": (["-m", "flask", "--app", APP, "run", "--port", "{port}"], {"FLASK_RUN_HOST": "0.0.0.0"}),
}


@pytest.mark.parametrize("way", WAYS)
def test_it_does_not_start_where_others_could_reach_it(tmp_path: Path, way: str) -> None:
    command, settings = WAYS[way]
    port = str(free_port())
    env = environment(PORT=port, **{name: value.format(port=port) for name, value in settings.items()})
    ended = subprocess.run(
        [sys.executable, *(part.format(port=port) for part in command)],
        env=env, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert ended.returncode not in (0, None)
    assert "AUTH_MODE=none is for localhost" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_it_does_not_start_on_a_socket_that_the_system_opened_for_others(tmp_path: Path) -> None:
    with socket.create_server(("0.0.0.0", 0)) as listener:
        listener.set_inheritable(True)
        command = [sys.executable, *GUNICORN, "-b", f"fd://{listener.fileno()}", FACTORY]
        ended = subprocess.run(
            command, env=environment(), cwd=tmp_path, capture_output=True, text=True, timeout=120,
            check=False, pass_fds=[listener.fileno()],
        )  # fmt: skip
    assert ended.returncode != 0
    assert "AUTH_MODE=none is for localhost" in ended.stderr


def test_a_server_that_does_not_know_our_settings_answers_nobody_else(client: FlaskClient) -> None:
    for peer, status in {"127.0.0.1": 200, "::1": 200, "": 200, "192.168.1.9": 403, "fe80::1%eth0": 403}.items():
        answer = client.get("/health", environ_base={"REMOTE_ADDR": peer})
        assert answer.status_code == status, peer
        assert status == 200 or answer.json["error"]["code"] == "FORBIDDEN"  # type: ignore[index]


def test_gunicorn_listens_where_its_option_says(database_url: str, tmp_path: Path) -> None:
    port = free_port()
    command = [*GUNICORN, "-b", f"127.0.0.1:{port}", FACTORY]
    settings = {"DATABASE_URL": database_url, "HOST": "0.0.0.0"}
    with real_server(tmp_path / "log", settings, port, command):
        assert ask(port, "GET", "/health")[0] == 200
