"""Practice digits: a stand-in for MNIST that needs no network.

scikit-learn carries 1,797 real handwritten digits by 13 writers: 8x8 images in which each value
counts the inked pixels of a 4x4 block.  From each of them we recover the line the pen drew, as a
list of points.  Moving the points a little and drawing the line again with a round pen, framed as
MNIST frames its digits, gives as many 28x28 images as MNIST has.

The training and the test images come from different passages: the file holds the same dictation 14
times, one after the other, and the last three are the test's.  With 13 writers and 14 passages, one of
them wrote two; which, nobody says, so at most one writer is in both.  We leave out the 1s that are not one plain stroke and the 4s
that are closed at the top, since MNIST's are not written so, and the originals too coarse to show the
right number of holes, such as the two of an 8.  Nothing is added that nobody wrote.

Source: E. Alpaydin, C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning
Repository, 1998, CC BY 4.0.
"""

import numpy as np

SCALE = 4  # one 8x8 value becomes 4x4 pixels, as in the original bitmaps
FIRST_OF_TEST = 1415  # of the originals: the first of the twelfth passage
HOLES = np.array([1, 0, 0, 0, 0, 0, 1, 0, 2, 1])  # in the line of each digit
BATCH = 1000


def draw() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Draw the practice digits; every call returns the same ones.

    Returns train_images (60000, 28, 28), train_labels (60000,), test_images (10000, 28, 28) and
    test_labels (10000,), all uint8, in shuffled order with equally many of each digit.  Ink is
    bright (up to 255) on black (0).
    """
    train_values, train_labels, test_values, test_labels = read_originals()
    random = np.random.default_rng(0)
    train_images, train_labels, _ = draw_set(train_values, train_labels, 60_000, random)
    test_images, test_labels, _ = draw_set(test_values, test_labels, 10_000, random)
    return train_images, train_labels, test_images, test_labels


def read_originals():
    """Split the originals: train_values (1415, 8, 8), 0..16, train_labels (1415,), and 382 for the test."""
    from sklearn.datasets import load_digits

    values, labels = load_digits(return_X_y=True)
    values = values.reshape(-1, 8, 8).astype(np.float32)
    train, test = slice(FIRST_OF_TEST), slice(FIRST_OF_TEST, None)
    return values[train], labels[train], values[test], labels[test]


def draw_set(values, labels, size, random):
    """Draw `size` images from originals `values` (n, 8, 8), 0..16, with `labels` (n,).

    Returns images (size, 28, 28) uint8, their labels (size,) uint8 and originals (size,), the index
    of the original of each.
    """
    lines = trace(values)
    points, steps = find_points(lines)
    usable = count_holes(lines) == HOLES[labels]
    usable &= (labels != 1) | is_straight(points, steps)
    choices = [np.flatnonzero(usable & (labels == digit)) for digit in range(10)]
    originals = random.permutation(np.concatenate([np.resize(c, size // 10) for c in choices]))
    count = (steps >= 0).sum(1)[originals]
    images = np.empty((size, 28, 28), np.uint8)
    for batch in np.split(np.argsort(count, kind="stable"), range(BATCH, size, BATCH)):
        chosen, most = originals[batch], count[batch].max()
        images[batch] = draw_lines(
            *vary(points[:, chosen, :most], steps[chosen, :most], random), random
        )
    return images, labels[originals].astype(np.uint8), originals


def trace(values):
    """Recover the lines the pen drew, one pixel wide, (n, 40, 40) bool, from `values` (n, 8, 8)."""
    from scipy.ndimage import gaussian_filter

    ink = sharpen(values)
    around = gaussian_filter(ink, (0, 3, 3))
    return lengthen(thin(ink > 0.1 + 0.8 * around), ink > 0.5)


def sharpen(values):
    """Turn counts (n, 8, 8) into smooth ink (n, 40, 40), 0..1, with (nearly) those counts, and a margin."""
    from scipy.ndimage import gaussian_filter

    blocks = np.pad(values / 16, ((0, 0), (1, 1), (1, 1)))
    ink = enlarge(blocks)
    for _ in range(10):
        ink = gaussian_filter(ink, (0, 1, 1))
        ink = np.clip(1.2 * (ink - 0.5) + 0.5, 0, 1)
        means = ink.reshape(-1, 10, SCALE, 10, SCALE).mean((2, 4))
        ink += gaussian_filter(enlarge(blocks - means), (0, 1, 1))
    return ink


def enlarge(blocks):
    return blocks.repeat(SCALE, axis=1).repeat(SCALE, axis=2)


def neighbours(mask):
    """The eight neighbours (8, n, h, w) of each pixel of `mask` (n, h, w), clockwise from the top."""
    height, width = mask.shape[1:]
    padded = np.pad(mask, ((0, 0), (1, 1), (1, 1)))
    corners = [(0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0), (0, 0)]
    return np.stack([padded[:, y : y + height, x : x + width] for y, x in corners])


def thin(mask):
    """Thin the strokes of `mask` (n, h, w) to one pixel (T. Y. Zhang and C. Y. Suen, 1984)."""
    before = None
    while before != mask.sum():
        before = mask.sum()
        for one, other in ((0, 2, 4), (2, 4, 6)), ((0, 2, 6), (0, 4, 6)):
            around = neighbours(mask)
            count = around.sum(0, dtype=np.int8)
            edges = (around < np.roll(around, -1, axis=0)).sum(0, dtype=np.int8)
            inner = around[list(one)].all(0) | around[list(other)].all(0)
            mask = mask & ~((count >= 2) & (count <= 6) & (edges == 1) & ~inner)
    return mask


def ends(lines):
    return lines & (neighbours(lines).sum(0, dtype=np.int8) <= 1)


def lengthen(lines, mask):
    """Let the ends of `lines` run on, straight and inside `mask`: thinning has shortened them."""
    image, y, x = np.nonzero(ends(lines))
    near = np.arange(-5, 6)
    rows, columns = y[:, None, None] + near[:, None] + 5, x[:, None, None] + near + 5
    window = np.pad(lines, ((0, 0), (5, 5), (5, 5)))[image[:, None, None], rows, columns]
    ahead_y, ahead_x = -(window * near[:, None]).sum((1, 2)), -(window * near).sum((1, 2))
    length = np.hypot(ahead_y, ahead_x) + 1e-6
    lines, inside = lines.copy(), np.full(len(image), True)
    for step in range(1, 6):
        new_y = np.rint(y + step * ahead_y / length).astype(int)
        new_x = np.rint(x + step * ahead_x / length).astype(int)
        inside &= mask[image, new_y, new_x]
        lines[image[inside], new_y[inside], new_x[inside]] = True
    return lines


def count_holes(lines):
    """How many areas each of `lines` encloses: 1 - (corners - edges + pixels), by Euler's formula."""
    pixels = np.pad(lines, ((0, 0), (1, 1), (1, 1)))
    rows, columns = pixels[:, 1:] | pixels[:, :-1], pixels[:, :, 1:] | pixels[:, :, :-1]
    corners = rows[:, :, 1:] | rows[:, :, :-1]
    edges = rows.sum((1, 2)) + columns.sum((1, 2))
    return 1 - (corners.sum((1, 2)) - edges + pixels.sum((1, 2)))


def find_points(lines):
    """List the pixels of `lines` (n, 40, 40) as points.

    Returns points (2, n, most), their y and x, from about -1 to 1 and with mean 0, and steps
    (n, most), how many points there are from each to the nearest end of the line (-1: no point).
    """
    image, y, x = np.nonzero(lines)
    present = np.arange(lines.sum((1, 2)).max()) < lines.sum((1, 2))[:, None]
    points, steps = np.zeros((2, *present.shape), np.float32), np.full(present.shape, -1)
    points[:, present] = y, x
    steps[present] = steps_from_end(lines)[image, y, x]
    return centre(smooth(points, present), present) / (4 * SCALE), steps


def steps_from_end(lines):
    """For each pixel of `lines`, how many steps it is from the nearest end, 8 at most."""
    steps = np.full(lines.shape, 8)
    for step in range(8):
        steps[ends(lines)] = step
        lines = lines & ~ends(lines)
    return steps


def smooth(points, present):
    """Replace each point by the weighted mean of those near it, to be rid of the pixels' staircase."""
    distance = ((points[..., None] - points[..., None, :]) ** 2).sum(0)
    weight = np.exp(-distance / 2) * present[:, None] + 1e-9
    return (weight @ points[..., None])[..., 0] / weight.sum(2)


def centre(points, present):
    """Shift points (2, n, most) so that the present ones have mean 0, and put the others there."""
    return (
        points - (points * present).sum(2, keepdims=True) / present.sum(1, keepdims=True)
    ) * present


def upright(points):
    """Slant centred points (2, n, most) so that the line stands upright."""
    y, x = points
    return np.stack([y, x - (x * y).sum(1, keepdims=True) / (y * y).sum(1, keepdims=True) * y])


def is_straight(points, steps):
    """Whether each line is a single straight stroke."""
    return np.sqrt((upright(points)[1] ** 2).sum(1) / (steps >= 0).sum(1)) < 0.08


def turn(points, angle):
    """Turn points (2, n, most) by `angle` (n, 1) or (n, most), about (0, 0)."""
    y, x = points
    return np.stack([np.cos(angle) * y + np.sin(angle) * x, np.cos(angle) * x - np.sin(angle) * y])


def vary(points, steps, random):
    """Shorten, bend, twist, stretch, slant and turn the lines at random.

    Returns the moved points (2, n, most) and present (n, most), which of them are still in the line.
    """

    def normal(mean, spread, *shape):
        return random.normal(mean, spread, (*shape, len(steps), 1)).astype(np.float32)

    present = steps >= random.integers(0, 4, (len(steps), 1))
    for _ in range(3):
        wave = normal(0, 5, 2)
        height = np.sin((wave * points).sum(0) + normal(0, 10)) / np.sqrt(9 + (wave**2).sum(0))
        points = points + normal(0, 0.2, 2) * height
    for _ in range(5):
        hub = normal(0, 0.5, 2)
        nearness = np.exp(-4 * ((points - hub) ** 2).sum(0))
        points = hub + turn(points - hub, normal(0, 0.4) * nearness)
    y, x = upright(centre(points, present))
    x = x * np.exp(normal(0.25, 0.25)) - normal(0.12, 0.3) * y
    return turn(np.stack([y, x]), normal(0, 0.1)), present


def draw_lines(points, present, random):
    """Draw lines as MNIST frames them: in a box of 20x20, with their centre in that of 28x28.

    Returns images (n, 28, 28) uint8.
    """
    width = np.exp(random.normal(0.92, 0.27, (len(present), 1))).clip(1.8, 5).astype(np.float32)
    points = centre(points, present)
    scale = (20 - width) / np.ptp(points, axis=2).max(0)[:, None]
    y, x = 14 + scale * points
    pixels, pen = np.arange(28, dtype=np.float32), np.float32(0.7)
    down = np.exp(-(((pixels[:, None] - y[:, None]) / pen) ** 2) / 2) * present[:, None]
    across = np.exp(-(((pixels - x[..., None]) / pen) ** 2) / 2)
    points_per_pixel = 4 * SCALE / (1.1 * scale[..., None])
    density = down @ across / (points_per_pixel * np.float32(2.5) * pen)
    distance = pen * np.sqrt(2 * np.maximum(-np.log(density + 1e-9), 0))
    ink = 0.5 + (width[..., None] / 2 - distance) / 0.9
    return (255 * np.clip(ink, 0, 1)).astype(np.uint8)
