"""Coroutines that tests run: the browser driver of other tests keeps a loop in the thread of all tests."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def in_its_own_thread(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run to the end in a loop of a thread of its own."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()
