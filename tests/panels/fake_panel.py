"""A panel without a picture: what predictions and challenges need of one."""

FIRST = {"lr": 0.05, "epoch": 60}


class FakePanel:
    def __init__(self):
        self.values, self.covered, self.own, self.answer, self.result = dict(FIRST), False, False, "", None
        self.moved = False

    def learner_sets(self, **values):
        self.values, self.own = self.values | values, True

    def finished(self):
        return self.result

    def name_settings(self):
        return f"SGD(lr={self.values['lr']})"

    def cover(self):
        self.covered = True

    def uncover(self, values=None, answer=""):
        self.covered, self.answer = False, answer
        self.values = self.values if values is None else FIRST | values
