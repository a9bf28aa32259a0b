"""What an agent does next: what must stop comes before what may be given, and that before what may be taken."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mainstay.continuity.standby.rules import COURTESY_S, REST_S, STEP_BACK_S, UNREADY_S, Move, Seen, decide

LONG = 1e6
HOLDER = Seen(
    now=LONG,
    mine=True,
    sure_until=LONG + 2.4,
    heard=True,
    holder="appsrv",
    vacant_s=0.0,
    known=True,
    preferred=True,
    web_runs=True,
    ready_s=100.0,
    unready_s=0.0,
    peer_ready_s=100.0,
    switch_to_peer=False,
    gave_at=-LONG,
    failed_at=-LONG,
    was_ready=True,
)
SPARE = replace(HOLDER, mine=False, sure_until=0.0)
VACANT = replace(SPARE, holder="", vacant_s=0.1)
SICK = replace(HOLDER, ready_s=0.0, unready_s=UNREADY_S)


@pytest.mark.parametrize(
    ("seen", "move"),
    [
        (HOLDER, Move.STAY),
        (SPARE, Move.STAY),
        (VACANT, Move.CLAIM),
        (replace(HOLDER, now=HOLDER.sure_until), Move.FENCE),
        (replace(HOLDER, vacant_s=0.1), Move.FENCE),
        (replace(HOLDER, heard=False, vacant_s=0.1), Move.STAY),
        (replace(HOLDER, now=HOLDER.sure_until, switch_to_peer=True), Move.FENCE),
        (replace(HOLDER, switch_to_peer=True), Move.HAND_OVER),
        (replace(HOLDER, switch_to_peer=True, peer_ready_s=0.0), Move.STAY),
        (replace(HOLDER, web_runs=False), Move.HAND_OVER),
        (replace(HOLDER, web_runs=False, peer_ready_s=0.0), Move.STAY),
        (replace(HOLDER, web_runs=False, was_ready=False), Move.STAY),
        (replace(HOLDER, web_runs=False, failed_at=LONG - REST_S + 1), Move.STAY),
        (SICK, Move.HAND_OVER),
        (replace(SICK, unready_s=UNREADY_S - 0.1), Move.STAY),
        (replace(SICK, peer_ready_s=UNREADY_S - 0.1), Move.STAY),
        (replace(VACANT, heard=False), Move.STAY),
        (replace(VACANT, gave_at=LONG - STEP_BACK_S + 0.1), Move.STAY),
        (replace(VACANT, gave_at=LONG - STEP_BACK_S), Move.CLAIM),
        (replace(VACANT, known=False, preferred=False), Move.STAY),
        (replace(VACANT, known=False, preferred=False, vacant_s=COURTESY_S), Move.CLAIM),
        (replace(VACANT, known=False, preferred=True), Move.CLAIM),
        (
            replace(VACANT, known=False, preferred=True, web_runs=False),
            Move.STAY,
        ),  # the peer is warm: it answers sooner
        (replace(VACANT, web_runs=False, vacant_s=COURTESY_S), Move.CLAIM),
        (replace(VACANT, web_runs=False, peer_ready_s=0.0), Move.CLAIM),
        (replace(VACANT, ready_s=0.0), Move.CLAIM),  # one look that failed is no reason to wait
    ],
)
def test_the_next_move(seen: Seen, move: Move) -> None:
    assert decide(seen)[0] is move


def test_a_database_that_nobody_reaches_moves_nothing() -> None:
    """While the database fails over, neither application is ready: giving the role away would help nobody."""
    assert decide(replace(SICK, unready_s=60.0, peer_ready_s=0.0)) == (Move.STAY, "")


def test_a_fault_of_the_program_does_not_travel_back_and_forth() -> None:
    gave = decide(replace(HOLDER, web_runs=False))
    assert gave == (Move.HAND_OVER, "ended")
    back = replace(HOLDER, web_runs=False, failed_at=HOLDER.now - 1)
    assert decide(back) == (Move.STAY, "")
    assert decide(replace(back, switch_to_peer=True)) == (Move.HAND_OVER, "planned"), "a person may"
