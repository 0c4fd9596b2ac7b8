"""Ten digits as a hand draws them, for tests: strokes of points (x, y) in a square from 0 to 28."""

import math

import numpy as np


def bow(x, y, width, height, start, end):
    """Points on an ellipse about (x, y): hours of a clock, from `start` to `end`, growing clockwise."""
    hours = np.linspace(start, end, 20)
    return [
        [
            x + width / 2 * math.sin(math.pi * hour / 6),
            y - height / 2 * math.cos(math.pi * hour / 6),
        ]
        for hour in hours
    ]


TEN_DIGITS = [
    [bow(14, 14, 12, 20, 0.5, -11.5)],
    [[[15.5, 4], [14.5, 12], [13, 24]]],
    [[*bow(13, 9, 11, 10, 9, 15.5), [8, 22.5], [13, 21.5], [21, 22.5]]],
    [[*bow(13, 9, 10, 9, 10, 17), *bow(13, 18.5, 12, 10, 0, 9)]],
    [[[10, 4], [7.5, 14.5], [20, 14]], [[17.5, 5], [15.5, 24]]],
    [[[10, 5], [9.5, 12], *bow(13, 17.5, 12, 12, 10.5, 20)], [[10, 5], [20, 4.5]]],
    [[[17, 4], [12, 10], *bow(13.5, 18, 10, 11, 9, -3.5)]],
    [[[7, 6], [20, 5.5], [16, 13], [12.5, 24]]],
    [[*bow(14, 9, 9, 9, 2, -6), *bow(14, 18.5, 11, 10, 0, 12), *bow(14, 9, 9, 9, 6, 2)]],
    [[*bow(13, 9.5, 10, 10, 2, -9.5), [18, 9], [17.5, 15], [16, 24]]],
]


def jittered(random):
    """Return the ten digits, each a little stretched, slanted and turned, its points a little displaced."""
    drawings = []
    for strokes in TEN_DIGITS:
        change = np.eye(2) + random.normal(0, 0.1, (2, 2))
        drawings.append(
            [
                (np.array(points) - 14) @ change + 14 + random.normal(0, 0.2, (len(points), 2))
                for points in strokes
            ]
        )
    return drawings
