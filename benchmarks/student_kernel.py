"""What a student who drags a slider needs of a server: `python -m benchmarks.student_kernel`.

Each lesson runs in a kernel, all cells; then the learning rate of its panel moves to and fro for a minute,
ten times a second. There is no browser; what would go to it is counted. Last, a JupyterLab server on its own.
"""

import tempfile
from pathlib import Path

import nbformat
import psutil
from nbclient import NotebookClient

from benchmarks.training_speed import machine
from tests.browser.lab import jupyter_lab

LESSONS = Path(__file__).parent.parent / "notebooks"
DRAG = """
import sys, time
import psutil
sys.path.insert(0, "..")
from benchmarks.usual import newest_panel
panel, process, sizes, peak = newest_panel(Out), psutil.Process(), [], 0
rate = panel.controls.lr_slider
panel.image.observe(lambda change: sizes.append(len(change["new"])), "value")
values = [rate.value * 1.1**k for k in (*range(10), *range(10, 0, -1))]
begin, busy = time.perf_counter(), sum(process.cpu_times()[:2])
for move in range(600):
    rate.value = values[move % 20]
    peak = max(peak, process.memory_info().rss)
    time.sleep(max(0, begin + (move + 1) / 10 - time.perf_counter()))
wall, busy = time.perf_counter() - begin, sum(process.cpu_times()[:2]) - busy
print(f"{peak / 2**20:.0f} | {busy / wall:.0%} | {len(sizes) / wall:.1f} | {sum(sizes) / wall / 2**20:.2f}")
"""

if __name__ == "__main__":
    print("| kernel of lesson | memory, MB | of one core | pictures per second | MB per second |")
    print("| --- | --- | --- | --- | --- |")
    for lesson in (*LESSONS.glob("05_*.ipynb"), *LESSONS.glob("08_*.ipynb")):
        notebook = nbformat.read(lesson, as_version=4)
        notebook.cells.append(nbformat.v4.new_code_cell(DRAG))
        NotebookClient(notebook, timeout=None, resources={"metadata": {"path": LESSONS}}).execute()
        print(f"| {lesson.stem[:2]} | {notebook.cells[-1].outputs[0].text.strip()} |", flush=True)
    with tempfile.TemporaryDirectory() as home, jupyter_lab(LESSONS, Path(home)):
        memory = sum(child.memory_info().rss for child in psutil.Process().children())
    print(f"| none: the server | {memory / 2**20:.0f} | | | |\n\n{machine('ipykernel', 'jupyterlab')}")
