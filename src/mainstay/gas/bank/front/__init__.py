"""The front-end processor (前置机): listens on the bank lines and hands messages to the acts of this app."""

from mainstay.gas.bank.front.server import run

__all__ = ["run"]
