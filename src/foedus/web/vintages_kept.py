"""What a console keeps of the archive's vintages, so that a page need not read them again: by digest, a few of them."""

from __future__ import annotations

from collections import OrderedDict

from foedus import archive
from foedus.commitments.sources.model import Vintage
from foedus.vintages import Products, products, vintage

MOST = 8  # vintages: of the largest tracker seen 2,326 rows each


class Vintages:
    """Vintages and tables of GDP by digest. What is under a digest never changes."""

    def __init__(self) -> None:
        self._vintages: OrderedDict[str, Vintage] = OrderedDict()
        self._products: OrderedDict[str, Products] = OrderedDict()

    def vintage(self, store: archive.Keeps, digest: str) -> Vintage:
        """A vintage. Raises Malformed when it is not held, Tampered."""
        found = self._vintages.get(digest)
        if found is None:
            found = self._vintages[digest] = vintage(store, digest)
            while len(self._vintages) > MOST:
                self._vintages.popitem(last=False)
        return found

    def products(self, store: archive.Keeps, digest: str) -> Products:
        """A table of GDP. Raises Malformed, Tampered."""
        found = self._products.get(digest)
        if found is None:
            found = self._products[digest] = products(store, digest)
            while len(self._products) > MOST:
                self._products.popitem(last=False)
        return found
