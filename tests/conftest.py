"""What several test files share."""

import pytest
from faulty_server import running_server


@pytest.fixture
def own_home(tmp_path, monkeypatch):
    """A machine with an empty home, empty caches, no mirror and no proxy, also for subprocesses.

    Returns the home; the cache of the data is `own_home / "Ein Ordner für Ziffern"`.
    """
    home = tmp_path / "home"
    (home / "work").mkdir(parents=True)
    for name in ("HOME", "USERPROFILE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.setenv("KERAS_HOME", str(home / ".keras"))
    monkeypatch.setenv("SCIKIT_LEARN_DATA", str(home / "scikit_learn_data"))
    monkeypatch.setenv("MNIST_DATA_DIR", str(home / "Ein Ordner für Ziffern"))
    for name in ("MNIST_MIRROR", "REQUIRE_MNIST", "KERAS_BACKEND"):
        monkeypatch.delenv(name, raising=False)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(home / "work")
    return home


@pytest.fixture
def toy_cache(own_home):
    """The cache folder of the toy data set, which is not there yet."""
    return own_home / "Ein Ordner für Ziffern" / "toy"


@pytest.fixture
def server():
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def quick_network():
    """The quick network of lesson 07 after one epoch, to read what somebody has drawn."""
    from helpers.loading import load
    from helpers.networks import build_quick
    from helpers.quiet import keras
    from helpers.training import train

    data = load("mnist")
    keras.utils.set_random_seed(0)
    network = build_quick()
    train(network, data.train_images, data.train_labels, epochs=1)
    return network
