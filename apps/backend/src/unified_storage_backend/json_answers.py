"""The JSON of answers."""

from typing import Any

import orjson
from flask.json.provider import DefaultJSONProvider


class JsonAnswers(DefaultJSONProvider):
    """Members keep their order. Several times as quick as Flask's own, which still writes what orjson does not."""

    sort_keys = False

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        if kwargs.keys() <= {"separators"}:
            try:
                return orjson.dumps(obj).decode()
            except orjson.JSONEncodeError:
                # As with half of a surrogate pair.
                pass
        return super().dumps(obj, **kwargs)
