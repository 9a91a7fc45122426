"""Training in a real notebook: what its cells show."""

import pytest

CELLS = (
    "import numpy as np\n"
    "from pellucid import Sequential, layers\n"
    "net = Sequential([layers.Input((4,)), layers.Dense(2, activation='softmax')], seed=0)\n"
    "net.compile('sgd', 'sparse_categorical_crossentropy', metrics=['accuracy'])\n"
    "x = np.random.default_rng(0).normal(size=(60, 4))\n"
    "history = net.fit(x, (x[:, 0] > 0).astype(int), epochs=3, validation_split=0.2)",
    "net",
    "history",
    "from pellucid.evaluation import evaluate\nevaluate((x[:, 0] > 0).astype(int), net.predict(x))",
)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """The outputs of each cell, executed by a kernel."""
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    cells = [nbformat.v4.new_code_cell(cell) for cell in CELLS]
    notebook = nbformat.v4.new_notebook(cells=cells)
    resources = {"metadata": {"path": str(tmp_path_factory.mktemp("notebook"))}}
    nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3", resources=resources).execute()
    return [cell.outputs for cell in notebook.cells]


@pytest.mark.slow
def test_progress_is_on_standard_output_with_one_live_bar(outputs):
    training = outputs[0]
    assert not any(output.get("name") == "stderr" for output in training)
    printed = "".join(output.text for output in training if output.get("name") == "stdout")
    assert [line.split()[0] for line in printed.splitlines()[-4:]] == ["Epoch", "1/3", "2/3", "3/3"]
    bars = [output for output in training if output.output_type == "display_data"]
    assert len(bars) == 1
    assert bars[0].data["text/plain"].startswith("3 epochs in ")


@pytest.mark.slow
@pytest.mark.parametrize("cell", [1, 2, 3])
def test_results_show_themselves(outputs, cell):
    (output,) = [output for output in outputs[cell] if output.output_type == "execute_result"]
    assert output.data["text/html"].startswith("<div><strong>")
    assert "<table" in output.data["text/html"]
