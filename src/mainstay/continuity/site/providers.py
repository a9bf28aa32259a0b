"""Prometheus: the verdict of every measure, the age of its proof, how many things are red."""

from __future__ import annotations

from collections.abc import Iterator

import structlog
from django.db import DatabaseError
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import REGISTRY, Collector

from mainstay.continuity.site.queries import tiles
from mainstay.continuity.site.rules.verdict import AMBER, GREEN, RED, UNKNOWN

LEVELS = {GREEN: 0, UNKNOWN: 1, AMBER: 2, RED: 3}


class Measures(Collector):
    """Asked at each scrape: two queries."""

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing beforehand: the database may not be there yet."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """One line a measure; none while the database does not answer, which its own metric tells."""
        verdict = GaugeMetricFamily(
            "mainstay_measure_verdict", "0 in order, 1 not proven, 2 look at it, 3 not in order", labels=["measure"]
        )
        age = GaugeMetricFamily("mainstay_measure_proof_age_seconds", "Age of the last proof", labels=["measure"])
        wrong = GaugeMetricFamily("mainstay_measure_findings", "Things seen", labels=["measure", "verdict"])
        now = timezone.now()
        try:
            for tile in tiles(now):
                key = tile.measure.key
                verdict.add_metric([key], LEVELS[tile.verdict])
                if tile.proven_at:
                    age.add_metric([key], (now - tile.proven_at).total_seconds())
                for level in LEVELS:
                    wrong.add_metric([key, level], sum(one.verdict == level for one in tile.seen))
        except DatabaseError as error:
            structlog.get_logger().warning("no metrics of the measures", error=repr(error))
            return
        yield from (verdict, age, wrong)


_collector = Measures()


def register() -> None:
    """Join the process's metrics, once."""
    if _collector not in REGISTRY._collector_to_names:
        REGISTRY.register(_collector)
