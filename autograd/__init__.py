"""A scalar autograd engine that checks hand-worked backpropagation.

`Value` records operations, `backward()` applies the chain rule, `draw` shows the graph, and
`printed` and `verify` compare the engine's numbers with those that an article prints.
"""

from __future__ import annotations

from autograd.backprop import topological_order as topological_order
from autograd.checking import Claim as Claim
from autograd.checking import Diagnosis as Diagnosis
from autograd.checking import GradientReport as GradientReport
from autograd.checking import Report as Report
from autograd.checking import Update as Update
from autograd.checking import Verdict as Verdict
from autograd.checking import check_gradients as check_gradients
from autograd.checking import evaluate as evaluate
from autograd.checking import load_claims as load_claims
from autograd.checking import numerical_derivative as numerical_derivative
from autograd.checking import printed as printed
from autograd.checking import verify as verify
from autograd.codegen import CompiledFunction as CompiledFunction
from autograd.codegen import Figures as Figures
from autograd.codegen import Trainer as Trainer
from autograd.codegen import compile as compile
from autograd.functional import derivatives as derivatives
from autograd.functional import grad as grad
from autograd.functional import gradients as gradients
from autograd.functional import hessian as hessian
from autograd.functional import hessian_vector_product as hessian_vector_product
from autograd.functional import jacobian as jacobian
from autograd.functional import jvp as jvp
from autograd.functional import value_and_grad as value_and_grad
from autograd.ops import *  # noqa: F403 (the table itself lists its functions)
from autograd.recording import no_grad as no_grad
from autograd.rows import choose as choose
from autograd.rows import scalar_rule as scalar_rule
from autograd.showing import Drawing as Drawing
from autograd.showing import Explanation as Explanation
from autograd.showing import Unit as Unit
from autograd.showing import Walkthrough as Walkthrough
from autograd.showing import draw as draw
from autograd.showing import draw_layers as draw_layers
from autograd.showing import explain as explain
from autograd.showing import walkthrough as walkthrough
from autograd.showing import why as why
from autograd.storing import from_json as from_json
from autograd.storing import to_json as to_json
from autograd.value import Value as Value
