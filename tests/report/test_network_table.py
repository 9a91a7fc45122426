from pellucid.layers import BatchNormalization, Conv2D, Dense, Flatten, Layer, MaxPooling2D
from pellucid.models import Sequential
from pellucid.report.network_table import LayerRow, layer_rows
from pellucid.runs.record.configuration import (
    Configuration,
    DatasetDescription,
    ExperimentDescription,
    TrainingSettings,
)


def configured(network, shape=(8, 8, 1)):
    return Configuration(
        experiment=ExperimentDescription(),
        dataset=DatasetDescription(name="d", classes=("a", "b"), shape=shape),
        network=network,
        training=TrainingSettings(),
    )


def test_each_layer_has_its_output_and_its_parameters():
    layers = [Conv2D(5, 3), BatchNormalization(), MaxPooling2D(), Flatten(), Dense(1000)]
    network = Sequential(layers)
    network.build((8, 8, 1))
    rows = layer_rows(configured({**network.get_config(), "input_shape": None}))
    assert [(row.kind, row.output) for row in rows] == [
        ("Conv2D", "6 × 6 × 5"),
        ("BatchNormalization", "6 × 6 × 5"),
        ("MaxPooling2D", "3 × 3 × 5"),
        ("Flatten", "45"),
        ("Dense", "1000"),
    ]
    assert [row.parameters for row in rows] == [f"{layer.parameter_count:,}" for layer in network.layers]
    assert rows[-1] == LayerRow(network.layers[-1].name, "Dense", "1000", "46,000")


def test_a_network_that_is_not_described_has_no_rows():
    class Own(Layer):
        pass

    of_own = {"layers": [{"class_name": "Own", "config": {}}]}
    assert layer_rows(configured(of_own)) == []
    assert layer_rows(configured({"written out in": "a file"})) == []
    assert layer_rows(configured({"layers": [{"class_name": "Dense"}]})) == []
    assert layer_rows(configured({"layers": []}, shape=None)) == []
