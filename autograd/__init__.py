"""A scalar autograd engine that checks hand-worked backpropagation."""

from autograd.ops import *
from autograd.rows import scalar_rule as scalar_rule
from autograd.value import Value as Value
from autograd.value import no_grad as no_grad
