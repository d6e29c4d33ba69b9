"""Numerical derivatives, printed numbers and claims: is every number right?"""

from __future__ import annotations

from autograd.checking.claims import Claim, load_claims
from autograd.checking.gradient_check import GradientReport, GradientRow, Outcome, check_gradients
from autograd.checking.numerical import NumericalDerivative, numerical_derivative
from autograd.checking.printed import Interval, Printed, printed
from autograd.checking.verify import Report, Row, Verdict, verify

__all__ = [
    "Claim",
    "GradientReport",
    "GradientRow",
    "Interval",
    "NumericalDerivative",
    "Outcome",
    "Printed",
    "Report",
    "Row",
    "Verdict",
    "check_gradients",
    "load_claims",
    "numerical_derivative",
    "printed",
    "verify",
]
