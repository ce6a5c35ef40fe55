"""Make torch_trajectories.json: the ways that PyTorch's optimizers go, for ours to follow.

PyTorch is needed for this alone, and no dependency of the tests:

    python -m pip install torch==2.13.0
    python tests/reference/make_torch_trajectories.py

The functions are written out here, and PyTorch differentiates them by itself, so that nothing of gdutils is
in the numbers.
"""

import json
from pathlib import Path

import torch

FUNCTIONS = {
    "Bowl": (lambda p: 0.5 * (p[0] ** 2 + 25 * p[1] ** 2), (-9.0, 2.0)),
    "Rosenbrock": (lambda p: (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2, (-1.2, 1.0)),
}

# Rates at which a way does not bounce: bouncing makes a rounding error grow without end.
# Ours, and theirs: the same learning rate, and the other settings under PyTorch's names.
OPTIMIZERS = [
    ("SGD", {"lr": 0.001}, torch.optim.SGD, {}),
    ("Momentum", {"lr": 0.0005, "beta": 0.9}, torch.optim.SGD, {"momentum": 0.9}),
    ("Nesterov", {"lr": 0.0005, "beta": 0.9}, torch.optim.SGD, {"momentum": 0.9, "nesterov": True}),
    ("AdaGrad", {"lr": 0.3, "eps": 1e-10}, torch.optim.Adagrad, {"eps": 1e-10}),
    ("AdaGrad", {"lr": 0.3, "eps": 0.5}, torch.optim.Adagrad, {"eps": 0.5}),
    ("RMSprop", {"lr": 0.002, "beta": 0.9, "eps": 1e-8}, torch.optim.RMSprop, {"alpha": 0.9, "eps": 1e-8}),
    ("RMSprop", {"lr": 0.05, "beta": 0.99, "eps": 0.5}, torch.optim.RMSprop, {"alpha": 0.99, "eps": 0.5}),
    ("Adam", {"lr": 0.05}, torch.optim.Adam, {}),
    (
        "Adam",
        {"lr": 0.1, "beta1": 0.7, "beta2": 0.95, "eps": 0.5},
        torch.optim.Adam,
        {"betas": (0.7, 0.95), "eps": 0.5},
    ),
]


def trajectory(kind, settings, function, start, steps=100):
    point = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer, path = kind([point], **settings), [point.tolist()]
    for _ in range(steps):
        optimizer.zero_grad()
        function(point).backward()
        optimizer.step()
        path.append(point.tolist())
    return path


def main():
    records = [
        {
            "optimizer": name,
            "settings": ours,
            "function": function,
            "path": trajectory(kind, theirs | {"lr": ours["lr"]}, *FUNCTIONS[function]),
        }
        for name, ours, kind, theirs in OPTIMIZERS
        for function in FUNCTIONS
    ]
    text = json.dumps({"torch": torch.__version__, "trajectories": records}, indent=None)
    Path(__file__).with_name("torch_trajectories.json").write_text(
        text.replace('{"optimizer"', '\n{"optimizer"') + "\n"
    )


if __name__ == "__main__":
    main()
