"""Functions as straight-line programs: recorded once, printed, and compiled."""

from __future__ import annotations

from autograd.codegen.function import CompiledFunction as CompiledFunction
from autograd.codegen.function import Report as Report
from autograd.codegen.function import compile as compile
from autograd.codegen.running import Figures as Figures
from autograd.codegen.running import PathChanged as PathChanged
from autograd.codegen.training import Trainer as Trainer
