from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy
import pytest

from examples.surfaces import SURFACES, Experiment, numpy_random

Reference = Callable[[str], Any]
FIRST = next(iter(SURFACES))


KEYS = dict(zip(("f1", "f2", "f3"), SURFACES, strict=True))


def parameters(experiment: Experiment, hidden: int) -> dict[str, list[Any]]:
    layers = experiment.nets[hidden].layers
    return {
        "W": [[[w.data for w in n.weights] for n in layer.neurons] for layer in layers],
        "b": [[n.bias.data for n in layer.neurons if n.bias] for layer in layers],
    }


@pytest.mark.parametrize("seed", [0, 42, 2**32 - 1])
def test_random_numbers_are_those_of_numpy(seed: int) -> None:
    theirs, ours = numpy.random.RandomState(seed), numpy_random(seed)
    assert [ours.random() for _ in range(2000)] == theirs.random_sample(2000).tolist()


def test_points_and_networks_start_as_in_the_document(reference: Reference) -> None:
    exact, experiment = reference("002_surfaces"), Experiment()
    assert [list(point) for point in experiment.points[:3]] == exact["X_first_3"]
    assert parameters(experiment, 3) == exact["init_h3"]
    assert len(experiment.points) == 100


def test_first_five_iterations_are_exact(reference: Reference) -> None:
    for exact in reference("002_surfaces")["f1_h3_first_5_iterations"]:
        experiment = Experiment()
        # One batch is an epoch here, and the last epoch ends before its update.
        history = experiment.fit(FIRST, 3, epochs=exact["it"] + 1, batches=1).history
        assert history.updates == exact["it"]
        assert history.errors[-2] == pytest.approx(exact["loss_before"], rel=0.0, abs=1e-12)
        assert history.learning_rates[-1] == pytest.approx(exact["eta"], rel=0.0, abs=1e-12)
        found = parameters(experiment, 3)
        for kind in ("W", "b"):
            for ours, theirs in zip(found[kind], exact[kind], strict=True):
                assert numpy.array(ours) == pytest.approx(numpy.array(theirs), rel=0.0, abs=1e-12)


def test_networks_and_momentum_go_on_from_surface_to_surface(reference: Reference) -> None:
    exact = reference("002_surfaces")["nine_fits"]["after 2 epochs each"]
    experiment = Experiment()
    for key, numbers in exact.items():
        surface, hidden = key.split("_h")
        fit = experiment.fit(KEYS[surface], int(hidden), epochs=2)
        found = (fit.mean_squared_error, fit.history.errors[0], fit.history.errors[-1])
        wanted = (numbers["mse_100"], numbers["first"], numbers["last"])
        assert found == pytest.approx(wanted, rel=0.0, abs=1e-11), key
    assert len(exact) == 9


def test_the_full_run_ends_with_the_errors_of_the_document(reference: Reference) -> None:
    numbers = reference("002_surfaces")
    kept, exact = numbers["parameters_of_the_full_run"], numbers["nine_fits"]
    del kept["made_by"]
    assert kept.keys() == exact["after 200 epochs each"].keys()
    experiment = Experiment()
    for key, parameters in kept.items():
        surface, hidden = key.split("_h")
        fit = experiment.fit(KEYS[surface], int(hidden))
        found = list(experiment.nets[int(hidden)].state_dict().values())
        assert found == pytest.approx(parameters, rel=0.0, abs=1e-9), key
        wanted = exact["after 200 epochs each"][key]["mse_100"]
        assert fit.mean_squared_error == pytest.approx(wanted, rel=0.0, abs=1e-9), key
    for key, fit in numbers["f1"].items():
        assert exact["after 200 epochs each"][key]["mse_100"] == pytest.approx(
            fit["mse_100"], rel=0.0, abs=1e-12
        )
