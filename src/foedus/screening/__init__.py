"""Names matched against lists, explained: records in, ranked matches with their reasons out.

Knows nothing of sanctions: a record is names, dates, countries, identifiers. What can be used:

* `Record`: what is compared; `from_followthemoney` reads an entity of OpenSanctions' form.
* `Index(records)`: `search(query)` gives a list of `Match`, `apply(changed, removed)` changes it in place, `save` and
  `Index.open` keep it in a folder.
* `compare(one, other)`: two records by themselves.

docs/screening.md explains the score with examples. Refuses to say who somebody is: it says what agrees, and how much
that is worth.
"""

from foedus.screening.index import Index
from foedus.screening.record import Match, Reason, Record, from_followthemoney
from foedus.screening.score import THRESHOLD, compare

__all__ = ["THRESHOLD", "Index", "Match", "Reason", "Record", "compare", "from_followthemoney"]
