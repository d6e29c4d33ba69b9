"""The catalogue of mistakes, the most specific first."""

from __future__ import annotations

from autograd.checking.forward_mistakes import (
    ActivationSwapped,
    BiasForgotten,
    ConstantForgotten,
    MeanForSum,
    OperandSwapped,
    TermForgotten,
    WrongOperator,
)
from autograd.checking.mistakes import FactorLost, Mistake, SignFlipped
from autograd.checking.path_mistakes import (
    FactorForgotten,
    InnerSign,
    LastPathOnly,
    OneWayMissing,
    PathMissing,
)
from autograd.checking.slope_mistakes import (
    FactorSwapped,
    InputForOutput,
    OtherSlope,
    PowerRule,
    SlopeAtOutput,
    SlopeForgotten,
    WeightsTransposed,
)
from autograd.checking.update_mistakes import MovedTooEarly, UpdateCount, WrongRule

# In what an update does wrong there is little choice, so it comes first; what explains any number
# by a mere factor comes last.
UPDATES: tuple[Mistake, ...] = (MovedTooEarly(), UpdateCount(), WrongRule())
BACKWARD: tuple[Mistake, ...] = (
    SlopeForgotten(),
    OtherSlope(),
    SlopeAtOutput(),
    InputForOutput(),
    PathMissing(),
    OneWayMissing(),
    LastPathOnly(),
    WeightsTransposed(),
    PowerRule(),
    InnerSign(),
    FactorSwapped(),
    FactorForgotten(),
)
FORWARD: tuple[Mistake, ...] = (
    ConstantForgotten(),
    MeanForSum(),
    BiasForgotten(),
    ActivationSwapped(),
    WrongOperator(),
    OperandSwapped(),
    TermForgotten(),
)
WHOLE: tuple[Mistake, ...] = (SignFlipped(), FactorLost())
CATALOGUE: tuple[Mistake, ...] = (*UPDATES, *BACKWARD, *FORWARD, *WHOLE)
