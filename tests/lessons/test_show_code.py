"""The lines under "Show code", run with nothing else at hand, give exactly the run that each panel shows."""

import contextlib

import numpy as np
import pytest

from tests.lessons.cells import NOTEBOOKS


@pytest.mark.parametrize("lesson", ["03", "05", "06", "07", "08", "09", "10", "11"])
def test_the_lines_give_the_run_on_all_data_and_with_other_settings(panel):
    changes = [{"data": name} for name in panel.controls.data.options]
    size = min(16, panel.controls.batch_size.max)  # single rows would take long
    others = {"lr": 0.017, "optimizer": "Nesterov", "beta": 0.63, "seed": 7, "epoch": 3}
    for change in [*changes, others | {"batch_size": size}]:
        panel.uncover(change)
        panel.wait()
        code, names = panel.code(), {}
        with contextlib.chdir(NOTEBOOKS):
            exec(code, names)
        np.testing.assert_allclose(names["run"].losses, panel.run.so_far().losses, rtol=1e-12, err_msg=code)


@pytest.mark.parametrize("lesson", ["00", "01", "02", "04"])
def test_the_lines_give_the_walks_on_all_functions(panel):
    for name in panel.controls.function.options:
        panel.uncover({"function": name})
        panel.wait()
        names = {"function": panel.pictures[name].function}  # where it is the lesson's own
        exec(panel.code(), names)
        newest = [walk for walk in panel.walks if walk is not None][-1]
        np.testing.assert_allclose(names["path"], newest.path, rtol=1e-12)
