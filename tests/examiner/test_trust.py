import ast

import pytest

from pellucid.examiner.trust import doubt


def doubted(source, **modules):
    return doubt(ast.parse(source).body, modules)


@pytest.mark.parametrize(
    "source",
    [
        "import numpy as np\ndef f(x):\n    x = x.copy()\n    x[x < 0] = 0\n    return x",
        "from numpy.lib.stride_tricks import sliding_window_view as v",
        "import matplotlib.pyplot as plt\nplt.imshow(x)\nplt.show()",
        "import sys\nLOW = -sys.maxsize",
        "import os\nos.path.join('a', 'b')",
        "class Net:\n    def __init__(self):\n        self._k = 0\n    def __call__(self, x): return x",
        "LOW = float(open('low.txt').read())\nW = np.load('w.npy')",
        "from pellucid.functions import relu",
        "a.shape = (2, 2)",
        "from numba import njit\n@njit\ndef f(x): return x",
        "import helper",
        "from helper import cut",
        "from . import helper",
        "if __name__ == '__main__':\n    print(f())",
        "model.compile('sgd')",
    ],
)
def test_what_honest_files_have_is_harmless(source):
    assert doubted(source, helper="import numpy\nimport deeper", deeper="x = 1") is None


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("import gc", "the module gc"),
        ("import numpy as np, ctypes", "the module ctypes"),
        ("from pellucid.examiner import cases", "the module pellucid.examiner"),
        ("import numpy.testing", "the module numpy.testing"),
        ("import sys\nsys.settrace(None)", "sys"),
        ("import sys as s", "the module sys"),
        ("import sys\ns = sys", "sys"),
        ("from sys import modules", "sys.modules"),
        ("from sys import _getframe", "sys._getframe"),
        ("import os\nos.write(3, b'')", "os"),
        ("np.lib.format.sys", "np.lib.format.sys"),
        ("x.__class__", "x.__class__"),
        ("f.__globals__['np']", "f.__globals__"),
        ("np.asarray = lambda x: x", "a new np.asarray"),
        ("del np.asarray", "a new np.asarray"),
        ("self.f_back", "self.f_back"),
        ("__builtins__", "__builtins__"),
        ("eval('1')", "eval"),
        ("e = getattr", "getattr"),
        ("open(3, 'wb')", "open"),
        ("np.load('x', None, True)", "np.load"),
        ("np.load('x', allow_pickle=True)", "allow_pickle"),
        ("np.load('x', **more)", "np.load"),
        ("open('/proc/self/mem', 'r+b')", "open"),
        ("import pellucid\npellucid.examiner.x()", "pellucid.examiner"),
        ("import helper", "the module helper"),
        ("from . import helper", "the module helper"),
        ("from . import unknown", "the module unknown"),
        ("import broken", "the module broken"),
        ("import operator\noperator.attrgetter('x')", "operator.attrgetter"),
    ],
)
def test_what_could_reach_the_examiner_is_doubted(source, what):
    assert doubted(source, helper="import gc", broken="def (")[1] == what


def test_the_first_line_is_told():
    assert doubted("x = 1\nimport gc\nimport ctypes") == (2, "the module gc")


NOTING = "import functools\nimport numpy as np\ndef inner():\n    inner.calls = 1\n"


@pytest.mark.parametrize(
    ("rest", "harmless"),
    [
        ("", True),
        ("@functools.wraps(inner)\ndef other():\n    other.calls = 1\n", True),
        ("inner = np\n", False),
        ("@(lambda function: np)\ndef other():\n    other.abs = 1\n", False),
        ("import numpy as functools\n", False),
        ("from helper import functools\n", False),
        ("def functools():\n    functools.wraps = 1\n", False),
        ("def call(inner):\n    inner.abs = 1\n", False),
        ("from numpy import *\n", False),
        ("import numpy as inner\n", False),
        ("inner.__code__ = 1\n", False),
    ],
)
def test_a_function_may_note_something_at_itself_and_at_nothing_else(rest, harmless):
    own_module = {"helper": "class functools:\n    pass\n"}
    assert (doubt(ast.parse(NOTING + rest).body, own_module) is None) == harmless
