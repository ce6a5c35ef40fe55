"""A panel without a picture: what predictions and challenges need of one."""

FIRST = {"lr": 0.05, "epoch": 60}


class FakePanel:
    def __init__(self):
        self.values, self.question, self.own, self.notice, self.result = dict(FIRST), "", False, "", None

    def learner_sets(self, **values):
        self.values, self.own = self.values | values, True

    def settings(self):
        return dict(self.values)

    def finished(self):
        return self.result

    def name_settings(self):
        return f"SGD(lr={self.values['lr']})"

    def cover(self, question):
        self.question = question

    def uncover(self, values):
        self.values, self.question, self.own = FIRST | values, "", False

    def announce(self, words):
        self.notice = words
