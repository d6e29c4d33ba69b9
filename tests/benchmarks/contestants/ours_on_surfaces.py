"""autograd and nn on document 002's surfaces."""

from __future__ import annotations

from array import array
from functools import partial
from itertools import accumulate

import nn
from autograd import Value, compile
from autograd.codegen.targets import Backend
from autograd.codegen.training import Trainer
from examples.surfaces import HIDDEN, SAMPLES, Experiment
from nn.batches import Batches
from tests.benchmarks.contest import Entry, Makers
from tests.benchmarks.contestants.ours import Compiled
from tests.benchmarks.problems import along_the_course, course, parameters_of, surface_rate


def surfaces() -> Makers:
    return {
        "autograd, python trainer": partial(by_trainers, "python"),
        "autograd, c trainer": partial(by_trainers, "c"),
        "nn.fit": partial(by_fit, None),
        "nn.fit, c": partial(by_fit, "c"),
    }


def by_trainers(backend: Backend) -> Entry:
    experiment = Experiment()
    optimisers: dict[int, nn.Optimiser] = {**experiment.optimisers}
    beginnings = {n: parameters_of(net) for n, net in experiment.nets.items()}
    round_ = Batches(SAMPLES, 40, "wrapping").round()
    samples = [index for batch in round_ for index in batch]
    ends = list(accumulate(map(len, round_)))
    weights = [1.0 / len(batch) for batch in round_]

    def trainer(surface: str, hidden: int) -> Trainer:
        net, optimiser = experiment.nets[hidden], optimisers[hidden]

        def residual(x: Value, y: Value, height: Value) -> Value:
            return height - net([x, y])[0]

        loss = compile(lambda *sample: 0.5 * residual(*sample) ** 2, backend)
        rows = zip(experiment.points, experiment.heights(surface), strict=True)
        parameters = net.parameters()
        return loss.trainer(
            [(x, y, height) for (x, y), height in rows],
            parameters,
            optimiser.change,
            memory=optimiser.memory,
            decays=[optimiser.weight_decay] * len(parameters),
            error=lambda *sample: abs(residual(*sample)),
            is_weighted=True,
            averages_errors=True,
        )

    trainers = {
        (surface, n): trainer(surface, n) for surface, _ in along_the_course(0) for n in HIDDEN
    }

    def after(updates: int) -> list[float]:
        for n, net in experiment.nets.items():
            for parameter, number in zip(net.parameters(), beginnings[n], strict=True):
                parameter.data = number
        memories = {
            n: [optimiser.memory] * len(beginnings[n]) for n, optimiser in optimisers.items()
        }
        for surface, count in along_the_course(updates):
            rates = array("d", map(surface_rate, range(1, count + 1)))
            for n in HIDDEN:
                chosen = trainers[surface, n]
                chosen.memories = memories[n]
                chosen.run(samples, ends, rates, weights)
                memories[n] = chosen.memories
        return [number for net in experiment.nets.values() for number in parameters_of(net)]

    return course(after)


def by_fit(backend: Compiled) -> Entry:
    def after(updates: int) -> list[float]:
        experiment = Experiment()
        for surface, count in along_the_course(updates):
            # As in the document the last iteration makes no update; an epoch is 100 of them.
            epochs, rest = divmod(count + 1, SAMPLES)
            for n, net in experiment.nets.items():
                experiment.optimisers[n].iteration = 0
                nn.fit(
                    net,
                    experiment.points,
                    experiment.heights(surface),
                    loss=nn.half_squared_error,
                    optimiser=experiment.optimisers[n],
                    epochs=1 if rest else epochs,
                    iterations_per_epoch=count + 1 if rest else SAMPLES,
                    batch_size=40,
                    order="wrapping",
                    stop_before_update=True,
                    measure=nn.residual_norm,
                    compile=backend,
                )
        return [number for net in experiment.nets.values() for number in parameters_of(net)]

    return course(after)
