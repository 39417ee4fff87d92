"""TRUSTED_PROXIES: only so many proxies may say who asks, and by which name and scheme."""

from typing import Any

import pytest

from unified_storage_backend.config import config_from

from .conftest import MakeApp
from .people import PASSWORD, sign_up


def statuses(make_app: MakeApp, hops: int, forwarded: list[str]) -> list[int]:
    """Of one question from each address that a proxy names, with two allowed for each address."""
    app = make_app(auth="required", rate_limit="2 per hour", trusted_proxies=hops)
    client = app.test_client()
    return [client.get("/health", headers={"X-Forwarded-For": value}).status_code for value in forwarded]


def test_without_a_proxy_nobody_names_another_address(make_app: MakeApp) -> None:
    assert statuses(make_app, 0, ["10.0.0.1", "10.0.0.2", "10.0.0.3"]) == [200, 200, 429]


def test_behind_a_proxy_each_address_counts_for_itself(make_app: MakeApp) -> None:
    assert statuses(make_app, 1, ["10.0.0.1", "10.0.0.2", "10.0.0.1", "10.0.0.1"]) == [200, 200, 200, 429]


@pytest.mark.parametrize("hops", [1, 2])
def test_what_the_client_itself_puts_in_front_counts_for_nothing(make_app: MakeApp, hops: int) -> None:
    own = ", ".join(["10.0.0.9"] * hops)
    assert statuses(make_app, hops, [f"1.1.1.{number}, {own}" for number in range(3)]) == [200, 200, 429]


@pytest.mark.parametrize(("hops", "status"), [(0, 403), (1, 200)])
def test_the_origin_behind_a_proxy_is_the_public_one(make_app: MakeApp, hops: int, status: int) -> None:
    app = make_app(auth="required", trusted_proxies=hops)
    person = sign_up(app, "ann")
    public = {"X_Forwarded_Proto": "https", "X_Forwarded_Host": "storage.example", "Origin": "https://storage.example"}
    assert person.ask("GET", "/v2/session", **public).status_code == status


@pytest.mark.parametrize(("hops", "secure"), [(0, False), (1, True)])
def test_the_cookie_is_secure_behind_tls(make_app: MakeApp, hops: int, secure: bool) -> None:
    app = make_app(auth="required", trusted_proxies=hops)
    sign_up(app, "ann")
    body = {"user": "ann", "password": PASSWORD}
    answer: Any = app.test_client().post("/v2/session", json=body, headers={"X-Forwarded-Proto": "https"})
    assert ("Secure" in answer.headers["Set-Cookie"]) == secure


def test_a_foreign_name_does_not_come_in_through_a_header(make_app: MakeApp) -> None:
    client = make_app().test_client()
    assert client.get("/health", headers={"X-Forwarded-Host": "evil.example"}).status_code == 200
    behind = make_app(trusted_proxies=1).test_client()
    assert behind.get("/health", headers={"X-Forwarded-Host": "evil.example"}).status_code == 403


def test_the_setting_is_read() -> None:
    assert config_from({"TRUSTED_PROXIES": "2"}).trusted_proxies == 2
