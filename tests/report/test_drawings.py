import numpy as np

from pellucid.report import drawings
from pellucid.report.html import report_html
from pellucid.report.rundata import RunData
from pellucid.runs import RunFolder


def test_colour_kernels_are_explained_as_colours(make_run):
    run = RunFolder.open(make_run(status="interrupted"))
    pictures = {key: run.pictures[key] for key in ("first_images", "first_labels")}
    run.write_pictures(**pictures, kernels=np.full((3, 3, 3, 4), -0.5))
    data = RunData.read(run.path)
    assert drawings.kernels_legend(data) == (
        "The 4 kernels of the first convolution, 3 × 3 × 3 weights each; shown as colours: grey is a weight "
        "of 0 in all three channels. Each has its own scale: the strongest colour is its largest weight."
    )
    assert len(drawings.kernel_tiles(data)) == 4
    assert drawings.map_tiles(data) == []


def test_kernels_and_maps_are_numbered_as_the_tables_below_them(make_run):
    data = RunData.read(make_run())
    assert [tile.lines for tile in drawings.kernel_tiles(data)] == [(("1", ""),), (("2", ""),)]
    assert [tile.lines[0][0] for tile in drawings.map_tiles(data)] == ["1", "2"]
    highest = data.pictures["maps"].max(axis=(0, 1))
    assert [float(tile.lines[0][1]) for tile in drawings.map_tiles(data)] == [round(v, 2) for v in highest]


def test_large_pictures_do_not_make_the_report_large(make_run):
    run = RunFolder.open(make_run(status="interrupted"))
    generator = np.random.default_rng(0)
    run.write_pictures(
        first_images=generator.integers(0, 256, (10, 224, 224, 3), np.uint8),
        first_labels=np.arange(10),
        kernels=generator.normal(size=(7, 7, 3, 100)),
        maps=generator.normal(size=(112, 112, 100)),
    )
    data = RunData.read(run.path)
    assert len(drawings.kernel_tiles(data)) == len(drawings.map_tiles(data)) == 64
    assert drawings.kernels_legend(data).startswith("The first 64 of 100 kernels of")
    assert len(report_html(RunData.read(run.path)).encode()) < 2_000_000
