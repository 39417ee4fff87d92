"""python -m bench: measures the server that people run; `npm run bench -- --only server` starts it."""

import argparse
import os
import platform
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path

from tests.real_server import real_server
from unified_storage_backend import create_app
from unified_storage_backend.config import Config
from unified_storage_backend.server import server_of

from .contenders import BATCH, Raw, Together, Web
from .pokes import CLIENTS, COMMITS, Pokes, pokes

RESULTS = Path(__file__).parent / "results.md"
GUNICORN = ("-m", "gunicorn", "-c", "python:unified_storage_backend.gunicorn_config", "bench.ping:app")
AT_ONCE = 4
TOGETHER = f"push, {AT_ONCE} clients at once"
Round = dict[str, float]

INTRODUCTION = f"""# Results of the server's benchmark

Written by `npm run bench -- --only server`. The server is gunicorn with one worker of 8 threads on a SQLite file, as
`npm run backend` starts it, asked by one client over one connection that is kept. Values are 1 KB. A ratio is made
inside a round, and the table has the median of the rounds with its quartiles; contenders run in turn, from another
place each round.

- **push** is {BATCH} mutations of new keys in a request; the client waits for each answer, and the server for each
  request. With **{AT_ONCE} clients at once**, each over a connection of its own, the server is never idle.
- **PUT** is one new key with `If-None-Match: *` in a request.
- **sqlite3, items** writes the same item rows, {BATCH} a transaction, into the same table by `executemany` of Python's
  sqlite3 with the same pragmas (WAL, `synchronous=FULL`), and nothing else. **sqlite3, all** also writes the outcomes,
  the client's last number and the head, as a push does. **sqlite3, one** is one item row and the head in a
  transaction: a durable write with nothing in between, most of it the wait for the disk.
- **ping** is a bare Flask app with one route behind the same gunicorn. A PUT can be no faster than a ping and a
  durable write together; **possible** is what that leaves of its goal on this disk.
- **a poke** is heard by {CLIENTS} clients on WebSockets of their own, in two processes on the same cores; counted from
  the moment that a write is asked for.
"""

FIGURES: list[tuple[str, float | None, Callable[[Round], float]]] = [
    ("P11: writes a second, push / PUT", 20, lambda r: r["PUT"] / r["push"]),
    ("writes a second, push / sqlite3, items", 0.25, lambda r: r["sqlite3, items"] / r["push"]),
    (f"writes a second, {TOGETHER} / sqlite3, items", 0.25, lambda r: r["sqlite3, items"] / r[TOGETHER]),
    ("writes a second, push / sqlite3, all", None, lambda r: r["sqlite3, all"] / r["push"]),
    ("requests a second, PUT / ping", 0.25, lambda r: r["ping"] / r["PUT"]),
    ("possible: ping / (ping + sqlite3, one)", None, lambda r: r["ping"] / (r["ping"] + r["sqlite3, one"])),
    ("writes a second, PUT / sqlite3, one", None, lambda r: r["sqlite3, one"] / r["PUT"]),
]


def main() -> None:
    parser = argparse.ArgumentParser(prog="npm run bench -- --only server")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--note", help="what a reader should know of this run")
    parser.add_argument("--dry", action="store_true", help="prints, and writes no results")
    options = parser.parse_args()
    before = os.getloadavg()[0]
    with contenders() as all_:
        rounds = [one_round(all_, number) for number in range(-1, options.rounds)][1:]
    with tempfile.TemporaryDirectory() as folder:
        heard = pokes(Path(folder))
    text = f"{report(rounds, before, options.note)}\n\n{report_of_pokes(heard)}"
    print(text)
    if not options.dry:
        RESULTS.write_text(f"{INTRODUCTION}\n{text}\n")


@contextmanager
def contenders() -> Iterator[dict[str, Callable[[], float]]]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        settings = {"DATABASE_PATH": str(folder / "server.db")}
        port, _ = stack.enter_context(real_server(folder / "log", settings))
        ping_port, _ = stack.enter_context(real_server(folder / "ping.log", {}, command=GUNICORN))
        app = create_app(Config(database_url=f"sqlite:///{folder}/raw.db"))
        server_of(app).database.close()
        web, raw = Web(port), Raw(folder / "raw.db")
        together = Together([Web(port, f"bench-{number}") for number in range(AT_ONCE)])
        yield {
            "push": web.push,
            TOGETHER: together.push,
            "PUT": web.put,
            "ping": Web(ping_port).ping,
            "sqlite3, items": raw.items,
            "sqlite3, all": raw.everything,
            "sqlite3, one": raw.single,
        }


def one_round(all_: dict[str, Callable[[], float]], number: int) -> Round:
    names = list(all_)
    start = number % len(names)
    return {name: all_[name]() for name in names[start:] + names[:start]}


def report(rounds: list[Round], load_before: float, note: str | None) -> str:
    lines = [machine(len(rounds), load_before, note), "", "| figure, in each round | median | quartiles | goal | met |"]
    lines += ["|---|---|---|---|---|"]
    for text, goal, figure in FIGURES:
        low, median, high = statistics.quantiles(map(figure, rounds), method="inclusive")
        met = "" if goal is None else "yes" if median >= goal else "**no**"
        bound = "" if goal is None else f">= {goal:g}"
        lines.append(f"| {text} | {median:.3g} | {low:.3g} to {high:.3g} | {bound} | {met} |")
    lines += ["", "| contender | median ms of one | quartiles |", "|---|---|---|"]
    for name in rounds[0]:
        low, median, high = statistics.quantiles((1000 * r[name] for r in rounds), method="inclusive")
        lines.append(f"| {name} | {median:.3g} | {low:.3g} to {high:.3g} |")
    return "\n".join(lines)


def report_of_pokes(heard: Pokes) -> str:
    def row(text: str, figure: float, goal: float) -> str:
        return f"| {text} | {figure:.3g} | < {goal:g} | {'yes' if figure < goal else '**no**'} |"

    return "\n".join(
        [
            f"| {CLIENTS} clients, {COMMITS} commits | measured | goal | met |",
            "|---|---|---|---|",
            row("ms until a poke is heard, p95", heard.p95, 300),
            row("KB of the server's memory for each client", heard.kilobytes_each, 100),
            "",
            f"Half of the pokes were heard within {heard.p50:.0f} ms, all within {heard.most:.0f} ms.",
        ]
    )


def machine(rounds: int, load_before: float, note: str | None) -> str:
    names = ("flask", "gunicorn", "sqlalchemy", "pydantic")
    facts = [
        f"{time.strftime('%Y-%m-%d')}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}",
        f"{os.cpu_count()} cores, load average {load_before:.1f} before and {os.getloadavg()[0]:.1f} after",
        f"{rounds} rounds after one to warm up",
        ", ".join(f"{name} {version(name)}" for name in names),
        *([f"note: {note}"] if note else []),
    ]
    return "; ".join(facts) + "."


if __name__ == "__main__":
    main()
