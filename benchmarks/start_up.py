"""How long imports take before a lesson can begin, each in a process of its own, by turns.

python -m benchmarks.start_up
"""

import subprocess
import sys
from functools import partial

from benchmarks.training_speed import least, machine

STARTS = (
    "sys",  # comes with Python itself
    "numpy, matplotlib.pyplot, ipywidgets, sklearn.linear_model",
    "gdutils.models, gdutils.optimizers, gdutils.training",
    "gdutils.datasets, gdutils.panel, gdutils.practice",
    "gdutils.tables",
)


def main():
    """Print the least time of each."""
    runs = {what: [sys.executable, "-c", f"import {what}"] for what in STARTS}
    taken = least({what: partial(subprocess.run, run, check=True) for what, run in runs.items()}, rounds=5)
    print("| import | s, Python itself left out |\n| --- | --- |")
    for what in STARTS[1:]:
        print(f"| {what} | {taken[what] - taken['sys']:.2f} |")
    print(f"\n{machine('numpy', 'matplotlib', 'scikit-learn')}")


if __name__ == "__main__":
    main()
