NOTICE = "practice"
SOURCE = "practice digits"


def files():
    raise NotImplementedError
