"""The cells of each lesson with the network cut off, and each folded solution."""

import re
import socket
import urllib.request

import matplotlib.pyplot as plt
import pytest

from tests.lessons.cells import run
from tests.test_notebooks import WITH_EXERCISES, read


@pytest.fixture
def cut_off(monkeypatch):
    """No other machine can be found or reached; the workers of lesson 14 are on this one."""
    find, connect = socket.getaddrinfo, socket.socket.connect

    def refuse(*asked, **how):
        raise OSError(f"the network is cut off: {asked}")

    def is_here(host):
        return host in ("127.0.0.1", "localhost")

    def find_here(host, *asked, **how):
        return (find if is_here(host) else refuse)(host, *asked, **how)

    def connect_here(self, address):
        return (connect if isinstance(address, str) or is_here(address[0]) else refuse)(self, address)

    monkeypatch.setattr(socket, "getaddrinfo", find_here)
    monkeypatch.setattr(socket.socket, "connect", connect_here)


@pytest.mark.usefixtures("cut_off")
@pytest.mark.parametrize("place", ["example.org", "192.0.2.7:9"])
def test_a_lesson_that_needs_the_network_would_be_seen(place):
    with pytest.raises(OSError, match="the network is cut off"):
        urllib.request.urlopen(f"http://{place}")


@pytest.mark.usefixtures("cut_off")
@pytest.mark.parametrize("path", WITH_EXERCISES, ids=lambda path: path.stem)
def test_exercises_wait_for_an_answer_and_accept_the_solution(path, monkeypatch):
    """Run all. An exercise waits, also when its stub has been emptied; each folded solution is right."""
    monkeypatch.setattr("matplotlib.pyplot.show", lambda: None)
    monkeypatch.chdir(path.parent)  # where a kernel runs it
    notebook, code = read(path)
    namespace = {"__name__": "__main__"}
    for cell in code:
        run(cell.source, namespace)
        plt.close("all")
    exercises = 0
    for number, cell in enumerate(notebook.cells):
        last = cell.source.strip().splitlines()[-1]
        if cell.cell_type == "code" and re.match(r"(practice\.)?check\(", last):
            assert eval(last, namespace).correct is None
            exec(re.sub(r"^ +\.\.\..*\n", "", cell.source, flags=re.MULTILINE), namespace)
            assert eval(last, namespace).correct is None
            after = notebook.cells[number + 1].source
            exec(re.search(r"<summary>Solution.*?```python\n(.*?)```", after, re.DOTALL)[1], namespace)
            verdict = eval(last, namespace)
            assert verdict.correct, verdict
            exercises += 1
    assert exercises >= 2
    way = r"<summary>One way.*?```python\n(.*?)```.*?(?:needs|gives|gets?) (\d+(?:\.\d+)?).*?</details>"
    for answer, claimed in re.findall(way, "\n".join(cell.source for cell in notebook.cells), re.DOTALL):
        found = eval(answer, dict(namespace))
        assert f"{found:.{len(claimed.partition('.')[2])}f}" == claimed
