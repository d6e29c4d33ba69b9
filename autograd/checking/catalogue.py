"""The catalogue of mistakes, the most specific first."""

from __future__ import annotations

from autograd.checking.digit_mistakes import DigitsSwapped, OtherQuantity
from autograd.checking.forward_mistakes import (
    ActivationSwapped,
    BiasForgotten,
    ConstantForgotten,
    LogarithmSwapped,
    MeanForSum,
    OperandSwapped,
    TermForgotten,
    WrongOperator,
)
from autograd.checking.kink_mistakes import (
    LeakSwapped,
    PieceReversed,
    SidesReversed,
    SlopeBelowZero,
)
from autograd.checking.mistakes import (
    FactorLost,
    Mistake,
    PointShifted,
    SignFlipped,
    TakenForZero,
)
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
    SlopeMisremembered,
    SlopeTwice,
    WeightsTransposed,
)
from autograd.checking.step_mistakes import (
    OutputForInput,
    SlopeForgottenInSum,
    StepsReordered,
)
from autograd.checking.update_mistakes import (
    LeftOld,
    MovedTooEarly,
    OtherRate,
    UpdateCount,
    WrongRule,
)

# In what an update does wrong there is little choice, so it comes first; what explains any number
# by a mere factor comes last, and then the pen.
UPDATES: tuple[Mistake, ...] = (
    MovedTooEarly(),
    UpdateCount(),
    WrongRule(),
    OtherRate(),
    LeftOld(),
)
BACKWARD: tuple[Mistake, ...] = (
    SlopeForgotten(),
    SlopeBelowZero(),
    OtherSlope(),
    SlopeTwice(),
    SlopeAtOutput(),
    InputForOutput(),
    SlopeMisremembered(),
    PathMissing(),
    OneWayMissing(),
    LastPathOnly(),
    SidesReversed(),
    WeightsTransposed(),
    OutputForInput(),
    StepsReordered(),
    SlopeForgottenInSum(),
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
    LeakSwapped(),
    PieceReversed(),
    LogarithmSwapped(),
    WrongOperator(),
    OperandSwapped(),
    TermForgotten(),
)
WHOLE: tuple[Mistake, ...] = (
    SignFlipped(),
    FactorLost(),
    PointShifted(),
    TakenForZero(),
    OtherQuantity(),
    DigitsSwapped(),
)
CATALOGUE: tuple[Mistake, ...] = (*UPDATES, *BACKWARD, *FORWARD, *WHOLE)
