"""Keras and TensorFlow, imported without the page of log lines that TensorFlow writes when it starts.

    from helpers.quiet import keras, tf

Log level 3 silences everything that TensorFlow's C++ code writes once its logging is set up. The few
lines before that go straight to file descriptor 2, so the descriptor is turned away for the import
alone. Python's own warnings and errors do not pass through it and stay visible. On another backend of
Keras there is no `tf`.

TensorFlow also hears here to take a GPU's memory as it needs it. Otherwise the first notebook would take
all of it, hold it while it is open, and leave none for the second.
"""

import os

__all__ = ["keras", "tf"]

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")

_terminal = os.dup(2)
_nowhere = os.open(os.devnull, os.O_WRONLY)
os.dup2(_nowhere, 2)
try:
    import keras

    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf
finally:
    os.dup2(_terminal, 2)
    os.close(_terminal)
    os.close(_nowhere)
