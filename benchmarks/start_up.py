"""How long it takes until a first panel is there: imports, and all cells of a lesson as far as its panel.

    python -m benchmarks.start_up

Each in a new process of its own, by turns; the least time of several counts. A kernel of JupyterLab takes
about a second of its own before that.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROUNDS = 5
STARTS = {
    "Python alone": "pass",
    "numpy": "import numpy",
    "numpy, pyplot, ipywidgets: as most notebooks do": "import numpy, matplotlib.pyplot, ipywidgets",
    "the same, and sklearn.linear_model": (
        "import numpy, matplotlib.pyplot, ipywidgets, sklearn.linear_model"
    ),
    "gdutils": "import gdutils",
    "gdutils.models, .optimizers, .training": "import gdutils.models, gdutils.optimizers, gdutils.training",
    "gdutils.panels, .pictures, .datasets": "import gdutils.panels, gdutils.pictures, gdutils.datasets",
    "lesson 01 as far as its panel": "from tests.lessons.cells import panel_of; panel_of('01')",
    "lesson 05 as far as its panel": "from tests.lessons.cells import panel_of; panel_of('05')",
}


def main() -> None:
    """Print a table."""
    times: dict[str, list[float]] = {what: [] for what in STARTS}
    for _ in range(ROUNDS):
        for what, code in STARTS.items():
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
            times[what].append(time.perf_counter() - start)
    alone = min(times["Python alone"])
    print("| started | s, Python itself left out |\n| --- | --- |")
    for what, taken in times.items():
        print(f"| {what} | {min(taken) - alone:.2f} |")


if __name__ == "__main__":
    main()
