"""Names for the laws: people, bodies and ships as lists have them, in several scripts, and the real lists where they
are.
"""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

from bench.screened_lists import LISTS, real
from foedus.screening import Record

NAMES = (
    "BIN LADIN, Usama", "Nicolas Maduro Moros", "SECHIN, Igor Ivanovich", "Aleksandr Grigoryevich Lukashenko",
    "KIM, Sok Chol", "Ali Abdullah Saleh", "Abdul Rahman al-Houthi", "Mohammad Reza Naqdi", "GUZMAN LOERA, Joaquin",
    "Viktor Fedorovych Yanukovych", "RI Pyong Chol", "Ramzan Kadyrov", "Zhang Wei", "Hassan Nasrallah",
    "Olena Shevchenko", "Yevgeniy Prigozhin", "Korea Mining Development Trading Corporation", "Romashka LLC",
    "Bank Melli Iran", "Rosneft Trading S.A.", "Sea Star 7",
)  # fmt: skip
names = st.sampled_from(NAMES)
words = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), min_size=3, max_size=11)
anything = st.text(max_size=60)

needs_lists = pytest.mark.skipif(not LISTS.is_dir(), reason="the published lists are not beside the project")


def record(name: str, id_: str = "1", kind: str = "") -> Record:
    return Record(id_, (name,), kind)


def real_records() -> list[Record]:
    return real()
