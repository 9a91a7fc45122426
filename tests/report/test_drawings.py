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
        "The 4 kernels of the first convolution, 3 × 3 × 3 weights each, all on one scale from −0.50 to "
        "0.50; shown as colours: grey is a weight of 0 in all three channels."
    )
    assert len(drawings.kernel_tiles(data)) == 4
    assert drawings.map_tiles(data) == []


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
