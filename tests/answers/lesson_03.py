"""Answers to lesson 03, "Beat a baseline"."""

from collections import Counter
from fractions import Fraction

import numpy as np

from answers import Tried

DETECTOR_LABELS = np.array([5, 5, *range(5), *range(6, 10)] + [1] * 21)


def vote(neighbour_labels):
    winners = []
    for labels in neighbour_labels:
        votes = np.bincount(labels, minlength=10)
        winners.append(labels[votes[labels].argmax()])
    return np.array(winners)


def elect(neighbour_labels, rank):
    """The winner of each row: a digit with the most votes, of those the one `rank` puts first."""
    winners = []
    for labels in neighbour_labels.tolist():
        most = max(labels.count(label) for label in labels)
        winners.append(
            min((d for d in labels if labels.count(d) == most), key=lambda d: rank(labels, d))
        )
    return winners


def by_last_place(labels, digit):
    return labels[::-1].index(digit)


def clear_votes_only(neighbour_labels):
    """Break a tie of two voters, and no other."""
    if neighbour_labels.shape[1] == 2:
        return neighbour_labels[:, 0]
    return elect(neighbour_labels, lambda labels, d: d)


def vote_by_equal_pairs(neighbour_labels):
    votes = (neighbour_labels[:, :, np.newaxis] == neighbour_labels[:, np.newaxis]).sum(axis=2)
    return neighbour_labels[np.arange(len(votes)), votes.argmax(axis=1)]


def nearest_in_any_tie(neighbour_labels):
    """Take the nearest voter, even if its digit is not among the winners."""
    winners = []
    for labels in neighbour_labels.tolist():
        (digit, most), *others = Counter(labels).most_common()
        is_tie = bool(others) and others[0][1] == most
        winners.append(labels[0] if is_tie else digit)
    return winners


def drop_the_farthest(neighbour_labels):
    """Ask fewer and fewer neighbours until there is no tie."""
    winners = []
    for labels in neighbour_labels.tolist():
        while [*Counter(labels).values()].count(max(Counter(labels).values())) > 1:
            labels = labels[:-1]
        winners.append(max(labels, key=labels.count))
    return winners


def weigh_by_place(neighbour_labels):
    votes = np.zeros((len(neighbour_labels), 10))
    for place, labels in enumerate(neighbour_labels.T):
        votes[np.arange(len(votes)), labels] += 1 - place / 1000
    return votes.argmax(axis=1)


def vote_among_sorted(neighbour_labels):
    neighbour_labels.sort(axis=1)
    return vote(neighbour_labels)


def vote_in_place(neighbour_labels):
    for labels in neighbour_labels:
        labels[0] = max(labels.tolist(), key=labels.tolist().count)
    return neighbour_labels[:, 0]


def luck(first, second, labels):
    wins = np.sum((second == labels) & (first != labels))
    losses = np.sum((first == labels) & (second != labels))
    return (wins - losses) / np.sqrt(wins + losses)


def luck_in_place(first, second, labels):
    first -= labels
    second -= labels
    wins, losses = np.sum((second == 0) & (first != 0)), np.sum((first == 0) & (second != 0))
    return float((wins - losses) / np.sqrt(wins + losses))


def wins_and_losses(first, second, labels):
    pairs = list(zip(first == labels, second == labels, strict=True))
    return pairs.count((False, True)), pairs.count((True, False))


def luck_by_pairs(first, second, labels):
    wins, losses = wins_and_losses(first, second, labels)
    return (wins - losses) * (wins + losses) ** -0.5


def luck_by_signs(first, second, labels):
    signs = (second == labels).astype(int) - (first == labels)
    return signs.sum() / np.linalg.norm(signs)


def luck_by_errors(first, second, labels):
    errors = np.sum(first != labels), np.sum(second != labels)
    return (errors[0] - errors[1]) / np.sqrt(sum(errors))


def luck_of_two_scores(first, second, labels):
    shares = np.mean(first == labels), np.mean(second == labels)
    spread = sum(share * (1 - share) for share in shares)
    return (shares[1] - shares[0]) / np.sqrt(spread / len(labels))


def lead(first, second, labels):
    return int(np.sum(second == labels)) - int(np.sum(first == labels))


def scale(fit_rows, new_rows):
    return (new_rows - fit_rows.mean(axis=0)) / (fit_rows.std(axis=0) + 0.1)


def standardise(rows, like_mean, like_spread):
    return (rows - np.mean(like_mean, 0)) / (np.std(like_spread, 0) + 0.1)


def scale_in_place(fit_rows, new_rows):
    new_rows -= fit_rows.mean(axis=0)
    new_rows /= fit_rows.std(axis=0) + 0.1
    return new_rows


def scale_a_list(fit_rows, new_rows):
    return scale(fit_rows, new_rows).tolist()


def scale_all_in_place(fit_rows, new_rows):
    mean, spread = fit_rows.mean(axis=0), fit_rows.std(axis=0)
    for rows in (fit_rows, new_rows):
        rows -= mean
        rows /= spread + 0.1
    return new_rows


def scale_by_changed_rows(fit_rows, new_rows):
    fit_rows -= fit_rows.mean(axis=0)
    return scale(fit_rows, new_rows)


def scale_one_only(fit_rows, new_rows):
    return scale(fit_rows, new_rows[:1])


TRIED = {
    "always_no": Tried(
        given=(DETECTOR_LABELS,),
        right=[
            100 * np.mean(DETECTOR_LABELS != 5),
            93.75,
            100 - 100 * (DETECTOR_LABELS == 5).sum() / 32,
            100 * (1 - 2 / 32),
            np.array(93.75),
            Fraction(100 * 30, 32),
        ],
        wrong=[
            (6.25, "share of fives, all of which"),
            (0.9375, "fraction of 1"),
            (0.0625, "as a fraction"),
            (30, "counts the right answers"),
            (2, "counts the fives"),
            (0, "finds none of the fives"),
            (10, "guessing among ten"),
            (50, "not equally frequent"),
            (90, "exactly a tenth"),
            (90.0, "do not round"),
            (77, "what share of the labels"),
            (93.8, "do not round"),
            (94, "do not round"),
            (93, "do not round"),
            (90.97, "what share of the labels"),
            (95, "what share of the labels"),
            (-93.75, "what share of the labels"),
            (100, "what share of the labels"),
            ("94 %", "text ('94 %') cannot be compared"),
            (None, "your answer is None"),
            ([93.75], "an array of shape (1,) came, not one number"),
            (DETECTOR_LABELS != 5, "an array of shape (32,) came, not one number"),
            (np.mean, "cannot be compared"),
        ],
    ),
    "vote": Tried(
        right=[
            vote,
            lambda n: elect(n, lambda labels, d: labels.index(d)),
            lambda n: [max(row, key=row.count) for row in n.tolist()],
            lambda n: [Counter(row.tolist()).most_common(1)[0][0] for row in n],
            vote_by_equal_pairs,
            lambda n: vote(n).astype(object),
            lambda n: np.array([max(row, key=row.count) for row in n.tolist()], dtype=float),
        ],
        in_place=[vote_in_place],
        wrong=[
            (lambda n: elect(n, lambda labels, d: d), "smaller digit"),
            (lambda n: [np.bincount(row).argmax() for row in n], "smaller digit"),
            (lambda n: elect(n, lambda labels, d: -d), "larger digit"),
            (lambda n: elect(n, by_last_place), "farther neighbour"),
            (lambda n: [row[0] for row in n], "nearest neighbour alone"),
            (lambda n: n.mean(axis=1).round(), "averaged"),
            (lambda n: np.median(n, axis=1), "middle label"),
            (lambda n: [max(np.bincount(row)) for row in n], "how many votes"),
            (lambda n: [np.bincount(row)[row].argmax() for row in n], "where in the row"),
            (lambda n: np.bincount(n.flatten()).argmax(), "one winner for all"),
            (nearest_in_any_tie, "sometimes right"),
            (drop_the_farthest, "sometimes right"),
            (weigh_by_place, "sometimes right"),
            (vote_among_sorted, "smaller digit"),
            (lambda n: vote(n).astype(str), "an array of type str_ cannot be compared"),
            (clear_votes_only, "count the votes of each row"),
            (lambda n: n[:, -1], "count the votes of each row"),
            (lambda n: np.zeros(len(n)), "count the votes of each row"),
            (lambda n: [7, 4, 8, 6], "wanted is one digit for each row"),
            (lambda n: vote(n)[:, np.newaxis], "an array of shape (4, 1) came"),
            (lambda n: n, "an array of shape (4, 5) came"),
            (lambda n: vote(n)[0], "one number came"),
            (lambda n: [str(d) for d in vote(n)], "cannot be compared"),
            (lambda n: (d for d in vote(n)), "type generator cannot be compared"),
            (lambda n: print(vote(n)), "prints its result"),
            (lambda n: vote(n) if len(n) > 2 else None, "a `return` is missing"),
            (lambda n: n[:, 1], "stopped with IndexError"),
            (lambda n: np.bincount(n), "stopped with ValueError"),
        ],
    ),
    "luck": Tried(
        right=[
            luck,
            luck_by_pairs,
            luck_by_signs,
            lambda a, b, y: np.array(luck(a, b, y)),
            lambda a, b, y: np.float32(luck(a, b, y)),
        ],
        in_place=[luck_in_place],
        wrong=[
            (lambda a, b, y: luck(b, a, y), "sign is turned"),
            (lambda a, b, y: abs(luck(a, b, y)), "sign is lost"),
            (lambda a, b, y: luck(a, b, y) ** 2, "lead is squared"),
            (lambda a, b, y: lead(a, b, y) / sum(wins_and_losses(a, b, y)), "root is missing"),
            (lead, "wins lead"),
            (lambda a, b, y: lead(a, b, y) / np.sqrt(len(y)), "not all"),
            (lambda a, b, y: lead(a, b, y) / np.sqrt((a != b).sum()), "both read wrong"),
            (
                lambda a, b, y: wins_and_losses(a, b, y)[0] / sum(wins_and_losses(a, b, y)),
                "share of wins",
            ),
            (lambda a, b, y: 100 * np.mean(b == y) - 100 * np.mean(a == y), "difference in points"),
            (luck_by_errors, "sometimes right"),
            (luck_of_two_scores, "sometimes right"),
            (
                lambda a, b, y: (abs(lead(a, b, y)) - 1) / sum(wins_and_losses(a, b, y)) ** 0.5,
                "else",
            ),
            (lambda a, b, y: luck(a == y, b, y), "nothing else"),
            (lambda a, b, y: int(luck(a, b, y)), "sometimes right"),
            (lambda a, b, y: ((b == y) - (a == y)).sum(), "stopped with TypeError"),
            (lambda a, b, y: 12345, "nothing else"),
            (lambda a, b, y: round(luck(a, b, y), 2), "do not round"),
            (lambda a, b, y: 0, "nothing else"),
            (lambda a, b, y: lead(a, b, y) / np.sqrt(200), "nothing else"),
            (lambda a, b, y: max(luck(a, b, y), 0), "nothing else"),
            (lambda a, b, y: luck(a[:60], b[:60], y[:60]), "sometimes right"),
            (lambda a, b, y: np.array([luck(a, b, y)]), "an array of shape (1,) came"),
            (lambda a, b, y: wins_and_losses(a, b, y), "an array of shape (2,) came"),
            (lambda a, b, y: a, "not one number"),
            (lambda a, b, y: f"{luck(a, b, y):.2f}", "text ("),
            (lambda a, b, y: {luck(a, b, y)}, "type set cannot be compared"),
            (lambda a, b, y: print(luck(a, b, y)), "prints its result"),
            (lambda a, b, y: luck(a, b, y) if lead(a, b, y) > 0 else None, "a `return` is missing"),
            (lambda a, b: luck(a, b, b), "stopped with TypeError"),
        ],
    ),
    "scale": Tried(
        right=[
            scale,
            lambda old, new: standardise(new, old, old),
            scale_a_list,
            lambda old, new: np.matrix(scale(old, new)),
            lambda old, new: scale(old, new).astype(np.float32),
            lambda old, new: scale(old, new).astype(object),
            lambda old, new: [scale(old, row) for row in new],
        ],
        in_place=[scale_in_place, scale_all_in_place],
        wrong=[
            (lambda old, new: standardise(new, new, new), "published way"),
            (lambda old, new: standardise(new, old, new), "deviation still"),
            (lambda old, new: standardise(new, new, old), "mean still"),
            (
                lambda old, new: standardise(new, np.vstack([old, new]), np.vstack([old, new])),
                "both sets together",
            ),
            (lambda old, new: (new - old.mean()) / (old.std() + 0.1), "one mean for all pixels"),
            (lambda old, new: standardise(old, old, old), "returned the training images"),
            (lambda old, new: (new - old.mean(0)) / old.std(0), "0.1 is missing"),
            (lambda old, new: (new - old.mean(0)) / old.std(0) + 0.1, "in one pair of parentheses"),
            (
                lambda old, new: (new - old.mean(0)) / (old.std(0) ** 2 + 0.1),
                "divides by the variance",
            ),
            (lambda old, new: (new - old.mean(0)) / (old.std(0, ddof=1) + 0.1), "by n - 1"),
            (lambda old, new: (new - old.mean(0)) / np.sqrt(old.var(0) + 0.1), "plus 0.1"),
            (lambda old, new: (new - old.mean(0)) / np.maximum(old.std(0), 0.1), "plus 0.1"),
            (lambda old, new: (new - np.median(old, 0)) / (old.std(0) + 0.1), "pixel by pixel"),
            (lambda old, new: (new - old.mean(0)) / (old.std() + 0.1), "pixel by pixel"),
            (lambda old, new: new - old.mean(0) / (old.std(0) + 0.1), "pixel by pixel"),
            (lambda old, new: new - old.mean(0), "pixel by pixel"),
            (lambda old, new: new, "pixel by pixel"),
            (lambda old, new: scale(old, new).round(2), "do not round"),
            (lambda old, new: old, "came, not an array of shape (4, 6)"),
            (lambda old, new: np.zeros_like(new), "pixel by pixel"),
            (lambda old, new: (new - old.mean(0)) / (old.std(0) + 1e-7), "pixel by pixel"),
            (lambda old, new: scale(new, old), "came, not an array of shape (4, 6)"),
            (scale_by_changed_rows, "pixel by pixel"),
            (scale_one_only, "an array of shape (1, 6) came"),
            (lambda old, new: (scale(old, old), scale(old, new)), "cannot be compared"),
            (lambda old, new: scale(old, new).astype(str), "cannot be compared"),
            (lambda old, new: scale(old, new)[0], "an array of shape (6,) came"),
            (lambda old, new: print(scale(old, new)), "prints its result"),
            (lambda old, new: scale(old, new) if len(new) > 1 else None, "a `return` is missing"),
            (lambda old, new: (new - old.mean(1)) / old.std(1), "stopped with ValueError"),
        ],
    ),
}
