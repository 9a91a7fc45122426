import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.errors import DataError
from pellucid.reading.ink import LONGEST_SIDE, drawings_in, find_ink


def stroke(height=60, width=50, *, paper=220, ink=40, channels=1):
    """Return a picture with an upright stroke 4 wide and 30 high."""
    picture = np.full((height, width, channels), paper, np.uint8)
    picture[15:45, 23:27] = ink
    return picture


@pytest.mark.parametrize(("paper", "ink"), [(220, 40), (40, 220), (255, 0), (0, 255), (120, 90), (90, 120)])
def test_ink_is_found_and_whether_it_is_lighter(paper, ink):
    found = find_ink(stroke(paper=paper, ink=ink))
    assert found.light == (ink > paper)
    expected = np.zeros((60, 50))
    expected[15:45, 23:27] = 1
    np.testing.assert_array_equal(found.strength > 0.5, expected > 0)
    assert found.left_out == 0


def test_the_channel_with_the_contrast_is_taken():
    picture = np.full((60, 50, 3), 250, np.uint8)
    picture[15:45, 23:27, 2] = 60  # yellow on white: grey would hardly show it
    found = find_ink(picture)
    assert not found.light
    assert (found.strength > 0.5).sum() == 120


@given(
    st.sampled_from([(230, 30), (30, 230)]),
    st.floats(-0.6, 0.6),
    st.floats(-0.6, 0.6),
    st.floats(0, 0.6),
    st.integers(0, 100),
)
def test_uneven_light_does_not_matter(tones, across, down, bulge, seed):
    paper, ink = tones
    y, x = np.mgrid[-1:1:60j, -1:1:50j]
    light = 1 + (across * x + down * y - bulge * (x**2 + y**2)) / 2
    noise = np.random.default_rng(seed).normal(0, 2, (60, 50))
    picture = stroke(paper=paper, ink=ink)[..., 0] * light / light.max() + noise
    found = find_ink(np.clip(picture, 0, 255).astype(np.uint8)[..., np.newaxis])
    assert found.light == (ink > paper)
    mask = found.strength > 0.5
    assert mask[16:44, 24:26].mean() > 0.9
    assert mask.sum() < 1.5 * 120


def test_the_edge_of_a_shadow_is_no_ink():
    picture = stroke(120, 120).astype(float)
    picture[:, 70:] *= 0.55
    mask = find_ink(picture.astype(np.uint8)).strength > 0.5
    assert mask[15:45, 23:27].all()
    assert mask.sum() == 120


def test_specks_and_a_second_drawing_are_left_out_and_counted():
    picture = stroke(100, 100)
    picture[80, 80] = picture[90, 5] = 40
    assert (find_ink(picture).strength > 0.5).sum() == 120
    picture[60:80, 60:64] = 40
    found = find_ink(picture)
    assert (found.strength > 0.5).sum() == 120
    assert found.left_out == pytest.approx(82 / 202)


def test_a_drawing_in_pieces_stays_whole():
    picture = stroke(100, 100)
    picture[16:19, 28:40] = 40  # a bar that does not touch the stroke
    assert (find_ink(picture).strength > 0.5).sum() == 120 + 36


def test_a_frame_around_the_drawing_is_left_out():
    picture = np.full((100, 100, 1), 230, np.uint8)
    picture[10:90, 10:90] = 30
    picture[13:87, 13:87] = 230
    picture[30:70, 48:53] = 30
    found = find_ink(picture)
    np.testing.assert_array_equal(np.argwhere(found.strength > 0.5).min(axis=0), [30, 48])
    assert (found.strength > 0.5).sum() == 200


def test_a_ring_without_a_drawing_in_it_is_a_drawing():
    picture = np.full((100, 100, 1), 230, np.uint8)
    picture[20:80, 30:70] = 30
    picture[26:74, 36:64] = 230
    picture[48:52, 48:52] = 30  # a dot is not what a zero is drawn around
    assert (find_ink(picture).strength > 0.5).sum() > 60 * 40 - 48 * 28 - 50


def test_faint_printed_lines_are_not_ink():
    picture = stroke(100, 100)
    picture[8::14] = np.minimum(picture[8::14], 190)
    mask = find_ink(picture).strength > 0.5
    assert mask[:, :20].sum() == 0
    assert mask[15:45, 23:27].all()


@pytest.mark.parametrize("noise", [0, 3, 12])
def test_nothing_drawn_is_an_error(noise):
    blank = np.random.default_rng(0).normal(200, noise, (80, 80, 1)).astype(np.uint8)
    with pytest.raises(DataError, match=r"^nothing in it stands out from the background as a drawing would$"):
        find_ink(blank)


@pytest.mark.parametrize("shape", [(1, 1, 1), (1, 40, 3), (2, 3, 1), (5, 5, 3)])
def test_the_smallest_pictures_are_read_or_refused(shape):
    with pytest.raises(DataError, match="nothing in it stands out"):
        find_ink(np.full(shape, 200, np.uint8))


def test_large_pictures_are_reduced():
    large = np.kron(stroke(), np.ones((20, 20, 1), np.uint8))  # 1200 x 1000
    found = find_ink(large)
    assert max(found.strength.shape) <= LONGEST_SIDE
    assert (found.strength > 0.5).sum() == pytest.approx(120 * (20 / 3) ** 2, rel=0.02)


def test_the_picture_is_not_changed():
    picture = stroke()
    before = picture.copy()
    find_ink(picture)
    np.testing.assert_array_equal(picture, before)


def test_an_image_too_faint_for_strokes_holds_no_drawing():
    assert drawings_in(np.zeros((8, 8), bool)) == 0
