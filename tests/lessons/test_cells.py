"""Each folded solution is right, and so is what the lesson says that a way of answering gives."""

import ast
import re

import matplotlib.pyplot as plt
import pytest

from tests.lessons.cells import run
from tests.test_notebooks import WITH_EXERCISES, read

WAY = r"<summary>One way.*?```python\n(.*?)```.*?(?:needs|gives|gets?) (\d+(?:\.\d+)?).*?</details>"


def names(source):
    """Return the names that occur in code, and those that it binds."""
    nodes = [*ast.walk(ast.parse(source))]
    occur = {node.id for node in nodes if isinstance(node, ast.Name)}
    bound = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    bound |= {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    bound |= {(node.asname or node.name).partition(".")[0] for node in nodes if isinstance(node, ast.alias)}
    return occur, bound


def is_exercise(cell):
    last = cell.source.strip().splitlines()[-1]
    return cell.cell_type == "code" and re.match(r"(practice\.)?check\(", last)


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
    exercises = [number for number, cell in enumerate(notebook.cells) if is_exercise(cell)]
    assert len(exercises) >= 2
    solution = re.compile(r"<summary>Solution.*?```python\n(.*?)```", re.DOTALL)
    solutions = {n: solution.search(notebook.cells[n + 1].source)[1] for n in exercises}
    ways = re.findall(WAY, "\n".join(cell.source for cell in notebook.cells), re.DOTALL)
    texts = [*(notebook.cells[n].source for n in exercises), *solutions.values(), *(way for way, _ in ways)]
    namespace = {"__name__": "__main__"}
    for cell in needed_for(code, texts):
        run(cell.source, namespace)
        plt.close("all")
    for number, answer in solutions.items():
        source = notebook.cells[number].source
        exec(source, namespace)
        check = source.strip().splitlines()[-1]
        assert eval(check, namespace).correct is None
        exec(re.sub(r"^ +\.\.\..*\n", "", source, flags=re.MULTILINE), namespace)
        assert eval(check, namespace).correct is None
        exec(answer, namespace)
        verdict = eval(check, namespace)
        assert verdict.correct, verdict
    for way, claimed in ways:
        found = eval(way, dict(namespace))
        assert f"{found:.{len(claimed.partition('.')[2])}f}" == claimed
