"""A digit of one's own: each step of the preparation, what a network reads then, and what is no digit."""

import io
import json

import numpy as np
import pytest
from PIL import Image
from ten_digits import TEN_DIGITS, jittered

from helpers import handwriting
from helpers.handwriting import centre, draw, fit_box, prepare_drawing, read_strokes
from helpers.loading import load
from helpers.pictures import crop, find_ink, frame, prepare_picture, read_picture, shrink

FOUR = TEN_DIGITS[4]


def prepare_all(drawings):
    return np.stack([prepare_drawing(strokes) for strokes in drawings])


def small_in_a_corner(strokes):
    return [0.4 * np.array(points) + 1 for points in strokes]


def paper(strokes, monkeypatch, side=280, pen=26):
    """Return a clean drawing on white paper, (side, side) uint8."""
    with monkeypatch.context() as patch:
        patch.setattr(handwriting, "SIDE", side)
        patch.setattr(handwriting, "PEN", pen)
        return 255 - draw([np.array(points) * side / 28 for points in strokes])


def photo(strokes, monkeypatch):
    """Return a grey photo of it: half of the frame, light that falls off, noise, a speck of dirt."""
    sheet = np.full((600, 800), 255.0)
    sheet[130:410, 200:480] = paper(strokes, monkeypatch)
    sheet[500:503, 700:703] = 0
    light = np.linspace(0.9, 0.45, 800) * np.linspace(1, 0.8, 600)[:, np.newaxis]
    noise = np.random.default_rng(0).normal(0, 4, sheet.shape)
    return ((40 + 0.8 * sheet) * light + noise).clip(0, 255).astype(np.uint8)


# What a network reads


def right(network, images):
    from helpers.training import read

    answers = read(network, images).argmax(axis=1)
    return np.sum(answers == np.resize(np.arange(10), len(images)))


def test_a_network_reads_prepared_drawings(quick_network):
    assert right(quick_network, prepare_all(TEN_DIGITS)) >= 9
    random = np.random.default_rng(0)
    many = [strokes for _ in range(10) for strokes in jittered(random)]
    assert right(quick_network, prepare_all(many)) >= 90


def test_it_misreads_what_is_small_and_in_a_corner(quick_network):
    small = [small_in_a_corner(strokes) for strokes in TEN_DIGITS]
    assert right(quick_network, np.stack([draw(strokes) for strokes in small])) <= 4
    assert right(quick_network, prepare_all(small)) >= 9


def test_it_reads_photos(quick_network, monkeypatch):
    photos = [photo(strokes, monkeypatch) for strokes in TEN_DIGITS]
    assert right(quick_network, np.stack([prepare_picture(picture) for picture in photos])) >= 9


# A drawing


def test_the_longer_side_fills_twenty_pixels_and_size_and_place_do_not_matter():
    for strokes in TEN_DIGITS:
        image = draw(fit_box(strokes))
        assert max(crop(image > 100).shape) == 20
        moved = [3.7 * np.array(points) - 81.3 for points in strokes]
        np.testing.assert_allclose(draw(fit_box(moved)), image, atol=1)


def test_the_centre_of_mass_is_in_the_middle():
    for image in prepare_all(TEN_DIGITS).astype(float):
        assert image.shape == (28, 28)
        for axis in (0, 1):
            assert abs(image.sum(axis) @ np.arange(28) / image.sum() - 14) <= 0.5


def test_drawings_have_as_much_ink_as_mnist():
    mnist = load("mnist")
    if mnist.is_practice:
        pytest.skip("these are the practice digits")
    assert 0.8 < prepare_all(TEN_DIGITS).mean() / mnist.train_images[:1000].mean() < 1.2


def test_mnist_itself_is_centred_like_that():
    mnist = load("mnist")
    if mnist.is_practice:
        pytest.skip("these are the practice digits")
    stay = [np.array_equal(centre(image), image) for image in mnist.train_images[:2000]]
    assert np.mean(stay) > 0.99


def test_a_step_that_is_left_out_is_left_out():
    drawn = draw(small_in_a_corner(FOUR))
    assert drawn[14:].max() == 0
    assert drawn[:, 14:].max() == 0
    assert crop(draw(fit_box(FOUR))).shape == crop(centre(draw(fit_box(FOUR)))).shape
    assert not np.array_equal(draw(fit_box(FOUR)), prepare_drawing(FOUR))


def test_the_pen_is_round_and_its_edge_soft():
    dot = draw([[[14.5, 14.5]]])
    assert dot[14, 14] == 255
    assert dot[14, 15] == dot[13, 14] == np.floor(255 * 0.7 + 0.5)
    assert dot[14, 16] == dot[15, 15 + 1] == 0
    np.testing.assert_array_equal(dot, dot.T)
    np.testing.assert_array_equal(prepare_drawing([[[3, 4]]]), prepare_drawing([[[3, 4], [3, 4]]]))


def test_ink_is_not_pushed_out_of_the_image():
    """A flag whose mass is at its pole cannot stand with that in the middle."""
    flag = [*([[x, 0], [x, 60]] for x in range(0, 15, 3)), [[0, 0], [60, 0]]]
    prepared = prepare_drawing(flag)
    assert prepared[:, -1].any()
    np.testing.assert_array_equal(crop(prepared), crop(draw(fit_box(flag))))


@pytest.mark.parametrize("kind", [list, tuple, np.array])
def test_strokes_may_be_lists_tuples_or_arrays(kind):
    strokes = kind([kind(points) for points in TEN_DIGITS[7]])
    np.testing.assert_array_equal(prepare_drawing(strokes), prepare_drawing(TEN_DIGITS[7]))


def test_a_drawing_survives_as_text():
    assert read_strokes(json.dumps(FOUR)) == FOUR


@pytest.mark.parametrize(
    ("strokes", "message"),
    [
        ([], "The drawing is empty: draw a digit first"),
        ([[]], "Stroke 1 of 1 is no list of points"),
        ([[[1, 2]], [[1, 2], []]], "Stroke 2 of 2 is no list of points"),
        ([[1, 2], [3, 4]], r"Stroke 1 of 2 is no list of points \[x, y\]: \[1, 2\]"),
        ([[[1, 2, 3]]], "Stroke 1 of 1 is no list"),
        ([[["a", "b"]]], "Stroke 1 of 1 is no list"),
        ([None], "Stroke 1 of 1 is no list of points"),
        ([{"x": 1}], "Stroke 1 of 1 is no list of points"),
        (
            [[[1, 2], [float("nan"), 3]]],
            r"Stroke 1 of 1 has a point that lies nowhere: \[nan, 3.0\]",
        ),
        ([[[1, 2]], [[1, float("-inf")]]], "Stroke 2 of 2 has a point that lies nowhere"),
        ([[[1e308, 2], [-1e308, 2]]], "a point that lies nowhere"),
        (json.dumps(FOUR), r"a text; read_strokes\(text\) reads it"),
        (None, "a list of strokes, not NoneType"),
        (7, "a list of strokes, not int"),
    ],
)
def test_what_is_no_drawing_is_named(strokes, message):
    for prepare in (prepare_drawing, draw, fit_box):
        with pytest.raises(ValueError, match=message):
            prepare(strokes)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no drawing: it breaks off or goes wrong at character 1 of 0"),
        (json.dumps(FOUR)[:40], "breaks off or goes wrong at character"),
        ("[[[1, 2], [3, 4]]] and more", "goes wrong at character 20 of 27"),
        ("my drawing", "goes wrong at character 1 of 10. Copy it once more"),
        ("[[[NaN, 1]]]", "a point that lies nowhere"),
        ("[]", "The drawing is empty"),
        ('{"strokes": []}', "a list of strokes, not dict"),
        ('"[[[1, 2]]]"', "This drawing is a text"),
        (FOUR, "reads a text, not list; a list of strokes needs no reading"),
    ],
)
def test_a_text_that_is_no_drawing_is_named(text, message):
    with pytest.raises(ValueError, match=message):
        read_strokes(text)


# Steps that a picture shares with MNIST


def test_crop_shrink_frame():
    ink = np.zeros((200, 300), np.uint8)
    ink[50:90, 100:110] = 255
    assert crop(ink).shape == (40, 10)
    assert shrink(crop(ink)).shape == (20, 5)
    assert shrink(crop(ink).T).shape == (5, 20)
    assert shrink(crop(ink)).min() == 255
    assert frame(shrink(crop(ink))).sum() == 20 * 5 * 255
    assert shrink(np.full((1, 3000), 255, np.uint8)).shape == (1, 20)
    assert shrink(np.full((4, 8), 255, np.uint8)).shape == (10, 20)
    half = np.zeros((40, 40), np.uint8)
    half[:, :21] = 255
    assert sorted(np.unique(shrink(half))) == [0, 128, 255]


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: centre(np.zeros((28, 28))), "no ink in this image"),
        (lambda: centre(np.ones((28, 28, 1))), r"of shape \(28, 28\), not \(28, 28, 1\)"),
        (lambda: centre(np.ones((20, 20))), r"not \(20, 20\)"),
        (lambda: crop(np.zeros((5, 5))), "no ink in this image"),
        (lambda: crop(np.ones(5)), r"\(height, width\), not \(5,\)"),
        (lambda: shrink(np.ones((2, 2, 3), np.uint8)), r"\(height, width\), not \(2, 2, 3\)"),
        (lambda: shrink(np.ones((0, 4), np.uint8)), r"not \(0, 4\)"),
        (lambda: shrink(np.ones((4, 4), bool)), "wants uint8, not bool"),
        (lambda: frame(np.ones((29, 2))), "at most 28 x 28"),
        (lambda: find_ink(np.ones((4, 4, 3))), r"not \(4, 4, 3\); read_picture\(path\) makes one"),
        (lambda: find_ink(np.full((4, 4), np.nan)), "a pixel that is not a number"),
        (lambda: find_ink(np.ones((0, 0))), r"not \(0, 0\)"),
    ],
)
def test_an_image_that_does_not_fit_is_named(act, message):
    with pytest.raises(ValueError, match=message):
        act()


# Pictures


def same_digit(image, strokes):
    """Say whether an image is nearly the prepared drawing, up to a pixel's shift."""
    wanted = prepare_drawing(strokes).astype(float)
    gaps = [
        np.abs(np.roll(image.astype(float), (down, across), (0, 1)) - wanted).mean()
        for down in (-1, 0, 1)
        for across in (-1, 0, 1)
    ]
    return min(gaps) < 12


@pytest.mark.parametrize("digit", range(10))
def test_a_picture_becomes_what_its_strokes_become(digit, monkeypatch):
    strokes = TEN_DIGITS[digit]
    for picture in (paper(strokes, monkeypatch), photo(strokes, monkeypatch)):
        image = prepare_picture(picture)
        assert image.dtype == np.uint8
        assert same_digit(image, strokes)
        assert same_digit(prepare_picture(255 - picture), strokes)  # light on dark


def test_a_digit_of_mnist_comes_out_as_itself():
    images = load("mnist").test_images[:100].astype(float)
    again = np.stack([prepare_picture(image) for image in images])
    assert np.mean(np.abs(again - images).mean(axis=(1, 2)) < 20) > 0.9


def saved(picture, how):
    """Return the bytes of a file with the picture in another form, of the digit 5, dark on light."""
    image, file = Image.fromarray(picture), io.BytesIO()
    if how == "transparent":
        image = Image.merge("LA", [Image.new("L", image.size), Image.fromarray(255 - picture)])
    elif how == "16 bits":
        image = Image.fromarray(picture.astype(np.uint16) * 257)
    elif how in ("1", "RGB", "RGBA", "P", "CMYK"):
        image = image.convert(how)
    exif = image.getexif()
    if how == "turned":
        image = image.transpose(Image.Transpose.ROTATE_90)
        exif[0x0112] = 6  # to be shown turned back
    kind = {"CMYK": "JPEG", "turned": "JPEG", "GIF": "GIF"}.get(how, "PNG")
    image.save(file, kind, exif=exif)
    return file.getvalue()


@pytest.mark.parametrize("times", [1, 5])
@pytest.mark.parametrize(
    "how", ["L", "1", "RGB", "RGBA", "P", "CMYK", "transparent", "16 bits", "turned", "GIF"]
)
def test_every_kind_of_file_is_read(how, times, tmp_path, monkeypatch):
    sheet = paper(TEN_DIGITS[5], monkeypatch).repeat(times, axis=0).repeat(times, axis=1)
    (tmp_path / "mine").write_bytes(saved(sheet, how))
    picture = read_picture(tmp_path / "mine")
    assert picture.shape == ((280, 280) if times == 1 else (1000, 1000))
    assert picture.dtype == np.uint8
    assert picture[0, 0] > 250
    assert same_digit(prepare_picture(picture), TEN_DIGITS[5])


def test_a_large_photo_is_reduced(tmp_path, monkeypatch):
    large = Image.fromarray(photo(TEN_DIGITS[3], monkeypatch)).resize((4800, 3600))
    large.save(tmp_path / "photo.jpg")
    picture = read_picture(tmp_path / "photo.jpg")
    assert picture.shape == (750, 1000)
    assert same_digit(prepare_picture(picture), TEN_DIGITS[3])


def test_a_file_that_is_no_picture_is_named(tmp_path, monkeypatch):
    with pytest.raises(FileNotFoundError, match=f"no picture five.png in {tmp_path}"):
        read_picture(tmp_path / "five.png")
    (tmp_path / "five.png").mkdir()
    with pytest.raises(FileNotFoundError):
        read_picture(tmp_path / "five.png")
    whole = saved(paper(TEN_DIGITS[5], monkeypatch), "L")
    for content in (b"", b"a text", b"%PDF-1.4", whole[:500], whole[:40] + whole[60:]):
        (tmp_path / "mine.png").write_bytes(content)
        with pytest.raises(
            ValueError, match="mine.png is no picture that can be read .* PNG or JPEG"
        ):
            read_picture(tmp_path / "mine.png")


@pytest.mark.parametrize("side", [10_000, 20_000])
def test_a_giant_picture_takes_no_memory(side, tmp_path):
    Image.new("1", (side, side)).save(tmp_path / "giant.png")
    with pytest.raises(ValueError, match="giant.png has too many pixels; save it smaller"):
        read_picture(tmp_path / "giant.png")


NOISE = np.random.default_rng(0).normal(0, 8, (300, 300))


@pytest.mark.parametrize(
    "blank",
    [
        np.full((300, 300), 255),
        np.zeros((300, 300)),
        200 + NOISE,
        np.linspace(60, 220, 300) * np.linspace(1, 0.7, 300)[:, np.newaxis],
        np.full((1, 1), 7),
        np.full((1, 50), 7),
    ],
    ids=["white", "black", "noise", "uneven light", "one pixel", "one row"],
)
def test_a_blank_picture_has_no_ink(blank):
    with pytest.raises(ValueError, match="no ink in this picture"):
        prepare_picture(blank)
