"""Small modules that the lessons share: loading, plotting, claims and the checks of the exercises."""

from helpers.alt_text import register

register()
