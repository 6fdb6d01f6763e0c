"""A place in a lane is free again whatever becomes of the send, and what was stopped leaves nothing behind."""

from __future__ import annotations

import asyncio
import gc
import warnings

import pytest

from foedus.alerts.channels import Unsent
from foedus.alerts.lanes import Places
from foedus.alerts.settings import Webhook

LANE = Webhook(secret_file="secret", width=1, slow=1, quick=0.02, timeout=0.1)


async def hang() -> str:
    await asyncio.sleep(60)
    return "never"


async def answer() -> str:
    return "sent"


@pytest.mark.parametrize("steps", range(4))
def test_stopped_at_any_step_it_leaves_no_send_unstarted(steps):
    async def stopped() -> None:
        places = Places(LANE)
        await places.take()
        task = asyncio.ensure_future(places.run(hang))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        asyncio.run(stopped())
        gc.collect()
    # What other tests left behind may be collected here too.
    assert not [one for one in said if "never awaited" in str(one.message)]


def test_who_hangs_keeps_no_place_and_is_given_up_in_time():
    async def two() -> tuple[str, list[str]]:
        places = Places(LANE)
        await places.take()
        hanging = asyncio.ensure_future(places.run(hang))
        await asyncio.wait_for(places.take(), 5)
        sent = await places.run(answer)
        with pytest.raises(Unsent) as problem:
            await hanging
        return sent, [problem.value.code]

    assert asyncio.run(two()) == ("sent", ["timeout"])
