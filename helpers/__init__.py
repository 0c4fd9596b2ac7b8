"""Small modules that the lessons share: loading, plotting, claims and the checks of the exercises."""
