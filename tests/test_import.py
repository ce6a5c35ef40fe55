"""Importing a module brings in what it needs and nothing more."""

import subprocess
import sys

import pytest

WIDGETS = ("ipywidgets", "jupyterlab", "IPython")
SLOW = ("sklearn", "pandas", "scipy.stats", "matplotlib.pyplot")


@pytest.mark.parametrize(
    ("modules", "unwanted"),
    [
        ("gdutils", ("matplotlib", *WIDGETS)),
        ("gdutils.models, gdutils.optimizers", ("matplotlib", "gdutils.training", *WIDGETS)),
        ("gdutils.training, gdutils.gradient_check, gdutils.datasets", ("matplotlib", *WIDGETS)),
        # Slow to import: a panel on made data does without them.
        ("gdutils.datasets, gdutils.panel, gdutils.practice", SLOW),
    ],
)
def test_import_leaves_out(modules, unwanted):
    # In a process of its own: in this one, other tests have imported everything.
    code = f"import sys, {modules}; print([name for name in {unwanted} if name in sys.modules])"
    warnings = ["-W", "error", "-W", "ignore::DeprecationWarning"]  # of an old package about a newer one
    result = subprocess.run([sys.executable, *warnings, "-c", code], capture_output=True, text=True)
    assert (result.stdout.strip(), result.stderr) == ("[]", "")
