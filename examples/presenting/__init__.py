"""How the examples are shown: one result each, printed in the terminal and laid out as a page."""

from __future__ import annotations

from examples.presenting.graph import units as units
from examples.presenting.result import Example as Example
from examples.presenting.result import Figure as Figure
from examples.presenting.result import Row as Row
from examples.presenting.result import Table as Table
from examples.presenting.result import claims_table as claims_table
from examples.presenting.run import run as run
