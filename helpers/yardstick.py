"""The yardstick of lesson 09: is a recipe better than another, or cannot one tell?"""


def gain_and_luck(first, second):
    """Return the second recipe's gain in points, and how far luck makes that wander.

    The luck is a standard deviation: of other images, and of seeds that are good or bad on all images.

    Args:
        first, second: which images each network of a recipe reads, True or False, (seeds, images); the same
            images, and at least two seeds.
    """
    differences = second.mean(axis=0) - first.mean(axis=0)
    variance = differences.var() / len(differences)
    for recipe in (first, second):
        on_single_images = recipe.var(axis=0, ddof=1).mean() / recipe.shape[1]
        of_scores = recipe.mean(axis=1).var(ddof=1)
        variance += max(0, of_scores - on_single_images) / len(recipe)
    return 100 * differences.mean(), 100 * variance**0.5


def compare(name, first, second):
    """Print whether the second recipe is better than the first, worse, or cannot be told; return both.

    A gain counts if it is beyond two lucks. Arguments and what is returned: as `gain_and_luck`.
    """
    gain, luck = gain_and_luck(first, second)
    verdict = "better" if gain > 2 * luck else "worse" if gain < -2 * luck else "cannot tell"
    print(f"{name:17s} {gain:+.2f} points, give or take {luck:.2f}: {verdict}")
    return gain, luck
