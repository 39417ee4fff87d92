"""The wall clock, for what people see and for expiry; never for the order of writes."""

import time

DAY = 24 * 60 * 60 * 1000


def now() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000
