"""The penalty L2-SP: where its minimum lies by pencil, what it is of, what it refuses."""

import numpy as np
import pytest
import torch

from synthwright.errors import BadInput, UnknownName, UsageError
from synthwright.training import L2SP


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.body = torch.nn.Linear(2, 3)
        self.norm = torch.nn.BatchNorm1d(3)
        self.head = torch.nn.Linear(3, 1)


def test_the_minimum_of_a_quadratic_is_where_the_formula_says():
    """1/2 (w - a)' H (w - a) + alpha/2 |w - w0|^2 is least at (H + alpha I)^-1 (H a + alpha w0)."""
    H = torch.tensor([[3.0, 1.0], [1.0, 2.0]], dtype=torch.float64)
    a, start, alpha = (torch.tensor([4.0, -2.0]).double(), torch.tensor([1.0, 1.0]).double(), 0.7)
    model = torch.nn.Module()
    model.w = torch.nn.Parameter(start.clone())
    near = L2SP(model, alpha=alpha)
    optimiser = torch.optim.LBFGS(model.parameters(), max_iter=100, line_search_fn="strong_wolfe")

    def closure():
        optimiser.zero_grad()
        gap = model.w - a
        loss = gap @ H @ gap / 2 + near.penalty()
        loss.backward()
        return loss

    optimiser.step(closure)
    expected = np.linalg.solve(H.numpy() + alpha * np.eye(2), H.numpy() @ a.numpy() + alpha * start.numpy())
    assert model.w.detach().numpy() == pytest.approx(expected, abs=1e-5)
    assert near.distance() == pytest.approx(np.linalg.norm(expected - start.numpy()))


def test_shared_weights_are_drawn_to_their_start_and_new_ones_to_zero():
    """Every shared weight moved by 2 (6 + 3 of the body, 6 of the norm): .1/2 x 15 x 4 = 3; the head's own square."""
    model = Net()
    near = L2SP(model, new=["head"], alpha=0.1, beta=0.01)
    head = sum(float((each.detach() ** 2).sum()) for each in model.head.parameters())
    assert near.penalty().item() == pytest.approx(0.005 * head)
    with torch.no_grad():
        for each in (*model.body.parameters(), *model.norm.parameters()):
            each.add_(2)
    assert near.penalty().item() == pytest.approx(3 + 0.005 * head, rel=1e-5)
    near.penalty().backward()
    assert model.body.weight.grad.flatten().tolist() == pytest.approx([0.2] * 6)
    assert torch.allclose(model.head.weight.grad, 0.01 * model.head.weight)


def test_frozen_weights_and_buffers_are_not_counted():
    model = Net()
    model.body.requires_grad_(requires_grad=False)
    near = L2SP(model, new="head.weight")
    assert set(near.start) == {"norm.weight", "norm.bias", "head.bias"}


def test_a_resumed_training_keeps_its_first_start():
    model = Net()
    start = {name: each.clone() for name, each in model.state_dict().items()}
    with torch.no_grad():
        model.body.weight += 1
    assert L2SP(model, start=start).distance() == pytest.approx(6**0.5)
    assert L2SP(model).distance() == 0


def test_the_start_is_a_copy():
    model = Net()
    near = L2SP(model)
    before = near.start["body.weight"].clone()
    with torch.no_grad():
        model.body.weight.zero_()
    assert torch.equal(near.start["body.weight"], before)


@pytest.mark.parametrize(
    ("settings", "kind", "says"),
    [
        ({"new": ["haed"]}, UnknownName, "Did you mean 'head'"),
        ({"new": ["body", "norm", "head"]}, BadInput, "Every parameter that is trained is new"),
        ({"new": ["bod"]}, UnknownName, "Did you mean 'body'"),
        ({"alpha": -1}, UsageError, "alpha is no number of at least 0"),
        ({"beta": float("nan")}, UsageError, "It is nan"),
        ({"alpha": "much"}, UsageError, "It is 'much'"),
        ({"start": {}}, BadInput, "has no parameter 'body.weight'"),
        ({"start": {"body.weight": torch.zeros(1)}}, BadInput, "another shape"),
    ],
)
def test_what_can_t_be_penalised_is_refused(settings, kind, says):
    with pytest.raises(kind, match=says):
        L2SP(Net(), **settings)
