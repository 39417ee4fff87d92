"""What an operator sees: metrics, logs and a stop that leaves nobody hanging."""

import http.client
import json
import os
import signal
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from unified_storage_backend.server import server_of
from unified_storage_backend.tables import item

from .conftest import MakeApp
from .real_server import real_server
from .sockets import ask, listening, put, until
from .test_crashes import children

SECRET = "a-key-nobody-may-see"


def numbers(text: str) -> dict[str, float]:
    lines = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}


def test_the_metrics_count_by_route(client: FlaskClient) -> None:
    client.put(f"/api/storage/{SECRET}", json={"value": SECRET})
    session: Any = client.get("/v2/session").json
    mutations = [
        {"id": 1, "op": "put", "key": "k", "base": 0, "value": "1"},
        {"id": 2, "op": "put", "key": "k", "base": 9, "value": "1"},
        {"id": 3, "op": "?", "key": "k", "base": 9},
    ]
    push = {"epoch": session["spaces"][0]["epoch"], "client": SECRET, "mutations": mutations}
    client.post("/v2/spaces/default/push", json=push)
    client.open("/nowhere", method="BREW")
    text = client.get("/metrics").text
    found = numbers(text)
    prefix = "unified_storage_"
    put_key = 'method="PUT",route="/api/storage/<storage_key:key>"'
    assert found[f'{prefix}requests_total{{{put_key},status="200"}}'] == 1
    assert found[f"{prefix}request_seconds_count{{{put_key}}}"] == 1
    assert found[f'{prefix}requests_total{{method="other",route="none",status="404"}}'] == 1
    assert found[f"{prefix}pushes_total"] == 1
    outcomes = {
        name: found[f'{prefix}mutations_total{{outcome="{name}"}}'] for name in ("applied", "conflict", "rejected")
    }
    assert outcomes == {"applied": 1, "conflict": 1, "rejected": 1}
    assert found[f"{prefix}sockets"] == 0
    assert found[f"{prefix}serialization_failures_total"] == 0
    assert SECRET not in text


def test_who_may_read_the_metrics(make_app: MakeApp) -> None:
    closed: FlaskClient = make_app(auth="required").test_client()
    assert closed.get("/metrics").status_code == 404
    open_: FlaskClient = make_app(auth="required", metrics_token="see").test_client()
    sent = {"Bearer see": 200, "Bearer sea": 404, "see": 404, "Bearer \xff": 404}
    for header, status in sent.items():
        assert open_.get("/metrics", headers={"Authorization": header}).status_code == status
    assert open_.get("/metrics").status_code == 404


@pytest.fixture
def settings(database_url: str) -> dict[str, str]:
    return {"DATABASE_URL": database_url, "LOG_LEVEL": "info"}


def test_the_log_has_a_line_for_each_request_and_no_secrets(settings: dict[str, str], tmp_path: Path) -> None:
    log = tmp_path / "log"
    with real_server(log, settings) as (port, _):
        put(port, SECRET, Authorization=f"Bearer {SECRET}")
        ask(port, "GET", f"/v2/spaces/{SECRET}/changes?epoch={SECRET}&since=0")
        answer = ask(port, "GET", f"/{SECRET}")[1]
        with listening(port, token=SECRET) as socket:
            socket.say(f'42["{SECRET}"]')
            socket.ending()
        until(lambda: numbers(ask(port, "GET", "/metrics")[1])["unified_storage_sockets"] == 0)
    text = log.read_text()
    assert SECRET not in text
    lines = [json.loads(line) for line in text.splitlines()]
    assert all({"time", "level", "message"} <= set(line) for line in lines)
    requests = [line for line in lines if line["message"] == "request"]
    seen = {(line["method"], line["route"], line["status"]) for line in requests}
    assert {
        ("PUT", "/api/storage/<storage_key:key>", 200),
        ("GET", "/v2/spaces/<space_id>/changes", 404),
        ("GET", "none", 404),
        ("GET", "/socket.io/", 101),
    } <= seen
    assert answer["error"]["requestId"] in {line["requestId"] for line in requests}
    assert all(line["ms"] >= 0 for line in requests)


def test_a_server_that_stops_finishes_its_requests_and_says_goodbye(settings: dict[str, str], tmp_path: Path) -> None:
    body = b'{"value":1}'
    with real_server(tmp_path / "log", settings) as (port, server), listening(port) as socket:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
            connection.putrequest("PUT", "/api/storage/a")
            connection.putheader("Content-Type", "application/json")
            connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body[:3])
            # It came later and is answered, so the one before it is being worked on.
            assert numbers(ask(port, "GET", "/metrics")[1])["unified_storage_sockets"] == 1
            server.terminate()
            assert socket.ending() == 1001
            connection.send(body[3:])
            assert connection.getresponse().status == 200
        assert server.wait(timeout=15) == 0


def test_a_server_removes_by_itself_what_nobody_needs(app: Flask, settings: dict[str, str], tmp_path: Path) -> None:
    client, database = app.test_client(), server_of(app).database
    client.put("/api/storage/a", json={"value": 1})
    client.delete("/api/storage/a")
    database.write(lambda connection: connection.execute(update(item).values(updated_at=1)))
    with real_server(tmp_path / "log", settings):
        until(lambda: database.read(lambda connection: connection.scalar(select(func.count()).select_from(item))) == 0)


@pytest.mark.skipif(not Path("/proc").exists(), reason="the test finds the workers in /proc")
def test_the_numbers_outlive_a_worker(settings: dict[str, str], tmp_path: Path) -> None:
    name = 'unified_storage_requests_total{method="PUT",route="/api/storage/<storage_key:key>",status="200"}'
    with real_server(tmp_path / "log", settings) as (port, server):
        put(port, "a")
        os.kill(children(server.pid)[0], signal.SIGTERM)
        until(lambda: numbers(ask(port, "GET", "/metrics")[1])[name] == 1)
        put(port, "a")
        assert numbers(ask(port, "GET", "/metrics")[1])[name] == 2
