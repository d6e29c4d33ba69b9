"""`walkthrough`: a page that steps through the forward and the backward pass on the picture."""

from __future__ import annotations

from autograd.showing.walkthrough.page import Walkthrough as Walkthrough
from autograd.showing.walkthrough.page import walkthrough as walkthrough
