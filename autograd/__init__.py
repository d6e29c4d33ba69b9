"""A scalar autograd engine that checks hand-worked backpropagation.

`Value` records operations, `backward()` applies the chain rule, `draw` shows the graph, and
`printed` and `verify` compare the engine's numbers with those that an article prints.
"""

from __future__ import annotations

from autograd.backprop import topological_order as topological_order
from autograd.checking import Claim as Claim
from autograd.checking import Report as Report
from autograd.checking import check_gradients as check_gradients
from autograd.checking import load_claims as load_claims
from autograd.checking import numerical_derivative as numerical_derivative
from autograd.checking import printed as printed
from autograd.checking import verify as verify
from autograd.functional import gradients as gradients
from autograd.ops import *  # noqa: F403 (the table itself lists its functions)
from autograd.recording import no_grad as no_grad
from autograd.rows import scalar_rule as scalar_rule
from autograd.showing import Drawing as Drawing
from autograd.showing import Unit as Unit
from autograd.showing import Walkthrough as Walkthrough
from autograd.showing import draw as draw
from autograd.showing import draw_layers as draw_layers
from autograd.showing import walkthrough as walkthrough
from autograd.value import Value as Value
