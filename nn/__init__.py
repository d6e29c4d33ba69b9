"""Networks of the engine's Values: neurons, layers, losses, optimisers and training."""

# ruff: noqa: E402 (nothing else may be imported before the check has passed)
from __future__ import annotations

from nn._environment import require_own_packages

require_own_packages()

from nn.drawing import draw as draw
from nn.fitting import fit as fit
from nn.gradient_check import check_gradients as check_gradients
from nn.history import History as History
from nn.initialisation import constant as constant
from nn.initialisation import he_normal as he_normal
from nn.initialisation import he_uniform as he_uniform
from nn.initialisation import normal as normal
from nn.initialisation import uniform as uniform
from nn.initialisation import xavier_normal as xavier_normal
from nn.initialisation import xavier_uniform as xavier_uniform
from nn.layers import MLP as MLP
from nn.layers import Layer as Layer
from nn.layers import Neuron as Neuron
from nn.losses import binary_cross_entropy as binary_cross_entropy
from nn.losses import binary_cross_entropy_from_logits as binary_cross_entropy_from_logits
from nn.losses import half_squared_error as half_squared_error
from nn.losses import hinge as hinge
from nn.losses import l2_penalty as l2_penalty
from nn.losses import mean_absolute_error as mean_absolute_error
from nn.losses import mean_squared_error as mean_squared_error
from nn.losses import root_mean_squared_error as root_mean_squared_error
from nn.losses import softmax as softmax
from nn.losses import softmax_cross_entropy as softmax_cross_entropy
from nn.measures import Measure as Measure
from nn.measures import percent_wrong as percent_wrong
from nn.measures import residual_norm as residual_norm
from nn.module import Module as Module
from nn.objective import Penalty as Penalty
from nn.optim import SGD as SGD
from nn.optim import Adam as Adam
from nn.optim import Memory as Memory
from nn.optim import Optimiser as Optimiser
from nn.optim import RMSprop as RMSprop
from nn.schedules import CosineDecay as CosineDecay
from nn.schedules import PowerDecay as PowerDecay
from nn.schedules import StepDecay as StepDecay
from nn.stopping import Epochs as Epochs
from nn.stopping import ErrorBelow as ErrorBelow
from nn.stopping import EverySampleErrorBelow as EverySampleErrorBelow
from nn.stopping import NoImprovement as NoImprovement
from nn.stopping import ParameterChangeBelow as ParameterChangeBelow
from nn.stopping import StopRule as StopRule
from nn.training import Training as Training
