"""Four regions at once: caps are exact and nobody waits for ever. How long: benchmarks/store.py."""

import pytest

from benchmarks.store import CAP, LINES, OFFERS, PROCESSES, counts, crowd
from tests.campaigns.store.stores import BOTH, place_of


@pytest.mark.parametrize("kind", BOTH)
def test_four_regions_ask_for_sixty_thousand_places(kind, tmp_path):
    where = place_of(kind, tmp_path)
    given, refused, _ = crowd(where)
    assert given == OFFERS * CAP
    assert refused == PROCESSES * LINES - OFFERS * CAP
    counted, noted = counts(where)
    assert set(counted.values()) == {CAP}
    assert noted == {offer: (n, CAP) for offer, n in counted.items()}
