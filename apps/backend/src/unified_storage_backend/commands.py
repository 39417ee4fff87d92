"""What an administrator does on the command line."""

from flask import Flask


def register_commands(app: Flask) -> None:
    del app
