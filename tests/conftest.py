"""What holds for every test."""

from __future__ import annotations

import hypothesis

from nn._environment import require_own_packages

# Tests of a mixture with another distribution's files would say nothing about this project.
require_own_packages()

# No deadline: a slow machine is no error. The same examples on every machine and every run, so
# that nobody else's tests fail by chance; `--hypothesis-profile=explore` looks further.
hypothesis.settings.register_profile("reproducible", deadline=None, derandomize=True)
hypothesis.settings.register_profile("explore", deadline=None, max_examples=1000)
hypothesis.settings.load_profile("reproducible")
