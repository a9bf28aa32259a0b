"""Who is linked with whom: can severity be told from the merit of a team at all, and which links would help.

Raters can only be compared through people whom several of them rated. The graph of raters and ratees falls into
components; a component with one rater alone is *not separable*: a soft rater looks like a good team.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from mainstay.performance.appraisal.raters.data import Ints, Ratings

SHARE = 0.25  # of the people of each rater who get a second one: 20 to 30 % already helps


@dataclass(frozen=True, slots=True)
class Design:
    """The links of a round of ratings.

    `component` gives the component of each rater, `of_ratee` that of each ratee; `alone[j]` tells that rater j shares
    nobody with another rater; `shared` is the number of ratees with two raters or more.
    """

    component: Ints
    of_ratee: Ints
    components: int
    alone: np.ndarray
    shared: int

    @property
    def separable(self) -> bool:
        """Whether at least two raters can be compared."""
        return not bool(self.alone.all())

    @property
    def connected(self) -> bool:
        """Whether all raters can be compared with each other."""
        return self.components == 1 and self.separable


def design_of(ratings: Ratings) -> Design:
    """Find the components of the graph of raters and ratees."""
    raters, ratees = len(ratings.raters), len(ratings.ratees)
    links = coo_array(
        (np.ones(ratings.count), (ratings.rater, raters + ratings.ratee)), shape=(raters + ratees, raters + ratees)
    )
    count, labels = connected_components(links, directed=False)
    component = labels[:raters].astype(np.int64)
    in_component = np.bincount(component, minlength=count)
    pairs = np.unique(ratings.ratee * raters + ratings.rater)
    raters_of = np.bincount(pairs // raters, minlength=ratees)
    return Design(
        component=component,
        of_ratee=labels[raters:].astype(np.int64),
        components=int(count),
        alone=in_component[component] == 1,
        shared=int((raters_of > 1).sum()),
    )


@dataclass(frozen=True, slots=True)
class Link:
    """A rating to add: this rater should also rate this person."""

    ratee: str
    rater: str


def plan_links(ratings: Ratings, *, share: float = SHARE, seed: int = 1) -> list[Link]:
    """Propose second raters at random so that every rater can be compared with every other.

    Of the people each rater alone has rated, a `share` gets a second rater, spread evenly over the other raters. Each
    rater's first link goes to the next one of a random ring, so that the result is connected whatever the share.
    The same ratings and seed give the same plan. With one rater there is nobody else to ask: the plan is empty.
    """
    raters = len(ratings.raters)
    if raters == 1:
        return []
    chance = random.Random(seed)  # noqa: S311  # a fair draw, not a secret
    rated_by: list[set[int]] = [set() for _ in ratings.ratees]
    for ratee, rater in zip(ratings.ratee.tolist(), ratings.rater.tolist(), strict=True):
        rated_by[ratee].add(rater)
    single: list[list[int]] = [[] for _ in range(raters)]
    for ratee, by in enumerate(rated_by):
        if len(by) == 1:
            single[next(iter(by))].append(ratee)
    ring = list(range(raters))
    chance.shuffle(ring)
    after = {rater: ring[(place + 1) % raters] for place, rater in enumerate(ring)}
    load = [0] * raters
    links: list[Link] = []
    for rater in ring:
        people = single[rater]
        chosen = chance.sample(people, min(len(people), math.ceil(share * len(people))))
        for number, ratee in enumerate(chosen):
            able = [
                other for other in range(raters) if other != rater and ratings.raters[other] != ratings.ratees[ratee]
            ]
            if not able:
                continue
            least = min(load[other] for other in able)
            calm = [other for other in able if load[other] == least]
            second = after[rater] if number == 0 and after[rater] in able else chance.choice(calm)
            load[second] += 1
            links.append(Link(ratings.ratees[ratee], ratings.raters[second]))
    return links
