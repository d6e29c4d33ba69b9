"""Derivatives as results: of Values and of functions. No Value's `grad` is touched."""

from __future__ import annotations

from autograd.functional.reverse import gradients as gradients
from autograd.functional.transforms import derivatives as derivatives
from autograd.functional.transforms import grad as grad
from autograd.functional.transforms import hessian as hessian
from autograd.functional.transforms import hessian_vector_product as hessian_vector_product
from autograd.functional.transforms import jacobian as jacobian
from autograd.functional.transforms import jvp as jvp
from autograd.functional.transforms import value_and_grad as value_and_grad
