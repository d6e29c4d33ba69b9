"""Numerical derivatives, printed numbers and claims: is every number right?"""

from __future__ import annotations

from autograd.checking.claims import Claim, ClaimsFile, load_claims, read_claims
from autograd.checking.diagnosis import Diagnosis
from autograd.checking.evaluation import Evaluation, evaluate
from autograd.checking.gradient_check import GradientReport, GradientRow, Outcome, check_gradients
from autograd.checking.numerical import NumericalDerivative, numerical_derivative
from autograd.checking.printed import Interval, Printed, printed
from autograd.checking.report import Report, Row, Verdict
from autograd.checking.updates import Update
from autograd.checking.verify import verify

__all__ = [
    "Claim",
    "ClaimsFile",
    "Diagnosis",
    "Evaluation",
    "GradientReport",
    "GradientRow",
    "Interval",
    "NumericalDerivative",
    "Outcome",
    "Printed",
    "Report",
    "Row",
    "Update",
    "Verdict",
    "check_gradients",
    "evaluate",
    "load_claims",
    "numerical_derivative",
    "printed",
    "read_claims",
    "verify",
]
