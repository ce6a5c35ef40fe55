"""Each folded solution is right, and so is what the lesson says that a way of answering gives."""

import ast
import re
import symtable
from itertools import pairwise

import matplotlib.pyplot as plt
import pytest

from tests.lessons.cells import run
from tests.test_notebooks import WITH_EXERCISES, read

SOLUTION = re.compile(r"<summary>Solution.*?```python\n(.*?)```", re.DOTALL)
WAY = r"<summary>One way.*?```python\n(.*?)```.*?(?:needs|gives|gets?) (\d+(?:\.\d+)?).*?</details>"


def names(source):
    """Return the names that occur in code, and those that it binds."""
    occur = {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
    symbols = symtable.symtable(source, "cell", "exec").get_symbols()
    return occur, {each.get_name() for each in symbols if each.is_assigned() or each.is_imported()}


def needed_for(code, texts):
    """Return the cells that bind what exercises and their solutions use, and what these cells use."""
    wanted, kept = set().union(*(names(text)[0] for text in texts)), []
    for cell in reversed(code):
        occur, bound = names(cell.source)
        if bound & wanted:
            wanted = wanted - bound | occur
            kept.insert(0, cell)
    return kept


@pytest.mark.parametrize("path", WITH_EXERCISES, ids=lambda path: path.stem)
def test_exercises_wait_for_an_answer_and_accept_the_solution(path, monkeypatch):
    """An exercise waits, also when its stub has been emptied; each folded solution is right."""
    monkeypatch.setattr("matplotlib.pyplot.show", lambda: None)
    monkeypatch.chdir(path.parent)  # where a kernel runs it
    notebook, code = read(path)
    sources = [cell.source.strip() for cell in notebook.cells]
    exercises = {
        source: SOLUTION.search(after)[1]
        for source, after in pairwise(sources)
        if re.search(r"^(practice\.)?check\(.*\Z", source, re.MULTILINE)
    }
    assert len(exercises) >= 2
    ways = re.findall(WAY, "\n".join(sources), re.DOTALL)
    texts = [*exercises, *exercises.values(), *(way for way, _ in ways)]
    namespace = {"__name__": "__main__"}
    for cell in needed_for(code, texts):
        run(cell.source, namespace)
        plt.close("all")
    for source, answer in exercises.items():
        check = source.splitlines()[-1]
        emptied = re.sub(r"^ +\.\.\..*\n", "", source, flags=re.MULTILINE)
        for stub in (source, emptied):
            exec(stub, namespace)
            assert eval(check, namespace).correct is None
        exec(answer, namespace)
        verdict = eval(check, namespace)
        assert verdict.correct, verdict
    for way, claimed in ways:
        found = eval(way, dict(namespace))
        assert f"{found:.{len(claimed.partition('.')[2])}f}" == claimed
