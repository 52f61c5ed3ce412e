"""What an interpreter must do when it comes back from a memory snapshot.

The snapshot was taken on another machine at another time: what was random there, and where
and when it was, does not hold here. `uuid`, `secrets` and `os.urandom` ask the browser each
time and need nothing.
"""

from __future__ import annotations

import random

from playpage.patches import stdlib

from .on_demand import forget_listings


def wake(
    standard_offset_s: int, daylight_offset_s: int, standard_name: str, daylight_name: str
) -> None:
    """Renew what must differ, and check that the interpreter works.

    standard_offset_s, daylight_offset_s: what to add to UTC for local time, in winter and in
    summer; equal where there is no summer time. The names are those of the two zones.
    Raises any error when the interpreter does not work; it must not be used then.
    """
    random.seed()
    stdlib.renew_temporary_names()
    forget_listings()
    stdlib.set_time_zone(standard_offset_s, daylight_offset_s, standard_name, daylight_name)
    _check()


def _check() -> None:
    """Use both binary extensions and the event loop's clock."""
    import jiter
    from pydantic import BaseModel, ValidationError

    class Probe(BaseModel):
        number: int

    if Probe.model_validate_json('{"number": 7}').number != 7:
        raise RuntimeError("pydantic reads wrongly")
    if jiter.from_json(b'{"a": [1, 2.5]}') != {"a": [1, 2.5]}:
        raise RuntimeError("jiter reads wrongly")
    try:
        Probe.model_validate({"number": "x"})
    except ValidationError:
        return
    raise RuntimeError("pydantic accepts what is wrong")
