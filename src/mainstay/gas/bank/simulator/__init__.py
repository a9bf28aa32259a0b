"""A bank to try the line with: plays payments with every fault that lines have, and knows what it believes afterwards.

It speaks through the same layouts as the front-end processor and needs no database.
"""

from mainstay.gas.bank.simulator.play import Outcome, Player, Scenario
from mainstay.gas.bank.simulator.wire import Silence, Wire, WireFacts

__all__ = ["Outcome", "Player", "Scenario", "Silence", "Wire", "WireFacts"]
