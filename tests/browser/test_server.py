"""`make lab` serves the lessons on this machine alone, and to no one without its token."""

import re
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.browser.lab import ROOT, server


def test_make_lab_serves_this_machine_alone_and_whoever_has_the_token(tmp_path):
    """The Makefile's command, but for the window."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    program, *options = re.search(r"^lab:.*\n\t(.*)", makefile, re.MULTILINE)[1].split()
    assert program == "$(BIN)/jupyter"
    options = ["--allow-root" if option == "$(AS_ROOT)" else option for option in options]
    with server(["jupyter", *options], tmp_path) as told:
        assert told["url"].startswith("http://127.0.0.1:")
        for query in ("", "?token=", "?token=wrong"):
            with pytest.raises(HTTPError, match="403"):
                urlopen(f"{told['url']}api/contents{query}")
        assert len(told["token"]) >= 40
        with urlopen(f"{told['url']}api/contents?token={told['token']}") as answer:
            assert b"00_start_here.ipynb" in answer.read()
