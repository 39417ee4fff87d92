"""What a view says of itself; the OpenAPI document is made from it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Description:
    summary: str
    answer: type[BaseModel] | dict[str, Any] | None
    body: type[BaseModel] | dict[str, Any] | None = None
    status: int = 200
    media: str = "application/json"
    errors: tuple[int, ...] = ()
    query: dict[str, dict[str, Any]] = field(default_factory=dict)
    headers: tuple[str, ...] = ()
    public: bool = False


def describe(
    summary: str,
    answer: type[BaseModel] | dict[str, Any] | None,
    **more: Any,
) -> Callable[[View], View]:
    """Puts a description on a view; see Description for what it may hold."""
    description = Description(summary, answer, **more)

    def put_on(view: View) -> View:
        view.__dict__["description"] = description
        return view

    return put_on


def description_of(view: object) -> Description | None:
    return getattr(view, "description", None)
