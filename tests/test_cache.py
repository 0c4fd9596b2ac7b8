"""The cache: which source is asked when, and what is kept. What goes wrong is in test_faults.py."""

import gzip
import io
import os
import time
import zipfile

import pytest
from faulty_server import CONTENTS, archive, toy_dataset, wanted, zipped

from helpers.data import cache
from helpers.data.datasets import DATASETS

pytestmark = pytest.mark.usefixtures("own_home")


def test_files_arrive_verified_and_then_need_no_network(server, toy_cache):
    assert cache.fetch(toy_dataset(server.url)) == wanted()
    assert len(server.requests) == 4
    assert cache.fetch(toy_dataset(server.url)) == wanted()
    assert len(server.requests) == 4
    assert sorted(path.name for path in toy_cache.iterdir()) == [".lock", *sorted(CONTENTS)]


def test_a_sum_of_the_published_gz_will_do(server, toy_cache):
    dataset = toy_dataset(server.url, sums_are_of_gz=True)
    assert cache.fetch(dataset) == wanted()
    assert cache.fetch(dataset) == wanted()
    assert len(server.requests) == 4
    assert (toy_cache / "train-images.gz").read_bytes() == zipped("train-images")
    (toy_cache / "train-images.gz").write_bytes(gzip.compress(CONTENTS["train-images"], 1))
    cache.fetch(dataset)
    assert len(server.requests) == 5  # the same content in another .gz cannot be verified


def test_the_cache_says_what_it_holds(server, toy_cache):
    dataset = toy_dataset(server.url)
    assert set(cache.states(dataset).values()) == {"missing"}
    cache.fetch(dataset)
    (toy_cache / "test-labels").write_bytes(b"?")
    assert cache.states(dataset) == dict.fromkeys(wanted(), "verified") | {
        "test-labels.gz": "damaged"
    }


# Mirrors


def fill(folder, how):
    folder.mkdir(parents=True)
    if how == "archive":
        (folder / "all.zip").write_bytes(archive())
        return
    for name, content in CONTENTS.items():
        is_zipped = how == "zipped"
        (folder / (f"{name}.gz" if is_zipped else name)).write_bytes(
            zipped(name) if is_zipped else content
        )


@pytest.mark.parametrize("how", ["zipped", "not zipped", "archive"])
def test_a_folder_serves_as_a_mirror(tmp_path, monkeypatch, how):
    fill(tmp_path / "stick" / "toy", how)
    monkeypatch.setenv("MNIST_MIRROR", str(tmp_path / "stick"))
    assert cache.fetch(toy_dataset()) == wanted()


def test_a_damaged_archive_in_a_folder_is_named(tmp_path, monkeypatch):
    (tmp_path / "stick" / "toy").mkdir(parents=True)
    (tmp_path / "stick" / "toy" / "all.zip").write_bytes(archive()[:1000])
    monkeypatch.setenv("MNIST_MIRROR", str(tmp_path / "stick"))
    with pytest.raises(cache.DataNotReached, match="a damaged zip archive"):
        cache.fetch(toy_dataset())


def test_a_url_serves_as_a_mirror_before_the_public_ones(server, monkeypatch):
    monkeypatch.setenv("MNIST_MIRROR", server.url + "class")
    assert cache.fetch(toy_dataset(server.url + "public/")) == wanted()
    assert all(path.startswith("/class/toy/") for path in server.requests)


def test_the_second_archive_in_a_folder_is_tried_too(tmp_path, monkeypatch):
    fill(tmp_path / "stick" / "toy", "archive")
    with zipfile.ZipFile(tmp_path / "stick" / "toy" / "a first one.zip", "w") as first:
        first.writestr("something else.txt", b"")
    (tmp_path / "stick" / "toy" / "a damaged one.zip").write_bytes(archive()[:1000])
    monkeypatch.setenv("MNIST_MIRROR", str(tmp_path / "stick"))
    assert cache.fetch(toy_dataset()) == wanted()


def test_a_mirror_may_lie_in_the_home_folder(own_home, monkeypatch):
    fill(own_home / "stick" / "toy", "zipped")
    monkeypatch.setenv("MNIST_MIRROR", "~/stick")
    assert cache.fetch(toy_dataset()) == wanted()
    assert cache.first_mirror(toy_dataset()) == f"{(own_home / 'stick').as_uri()}/toy/"


@pytest.mark.parametrize("change", [str, lambda url: url.replace("file:", "FILE:")])
def test_a_mirror_may_be_a_file_url(tmp_path, monkeypatch, change):
    fill(tmp_path / "a stick" / "toy", "zipped")
    monkeypatch.setenv("MNIST_MIRROR", change((tmp_path / "a stick").as_uri()))
    assert cache.fetch(toy_dataset()) == wanted()
    assert cache.first_mirror(toy_dataset()) == f"{(tmp_path / 'a stick').as_uri()}/toy/"


def test_a_url_in_capitals_is_a_url(server, monkeypatch):
    monkeypatch.setenv("MNIST_MIRROR", server.url.replace("http", "HTTP"))
    assert cache.fetch(toy_dataset()) == wanted()


def test_the_password_of_a_mirror_is_not_shown(server, monkeypatch):
    server.faults = ["HTTP 404", "reset at once"]
    for _ in range(2):
        monkeypatch.setenv("MNIST_MIRROR", server.url.replace("//", "//ann:secret@"))
        with pytest.raises(cache.DataNotReached, match=r"ann:\*\*\*@127") as caught:
            cache.fetch(toy_dataset())
        assert "secret" not in str(caught.value)


@pytest.mark.parametrize("place", ["ann:sec@ret@127.0.0.1:1", "ann:secret@[no-host"])
def test_no_part_of_a_password_is_shown(place, monkeypatch):
    monkeypatch.setenv("MNIST_MIRROR", f"http://{place}/")
    with pytest.raises(cache.DataNotReached) as caught:
        cache.fetch(toy_dataset())
    assert "ret" not in str(caught.value).replace("REQUIRE", "")


def test_a_mirror_folder_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setenv("MNIST_MIRROR", "/no/such/stick")
    with pytest.raises(cache.DataNotReached, match="from /no/such/stick/toy/: no such folder"):
        cache.fetch(toy_dataset())


def test_of_a_remote_archive_only_the_parts_are_fetched(server):
    assert cache.fetch(toy_dataset(server.url + "gzip.zip")) == wanted()
    assert server.bytes_sent < len(archive()) / 2


def test_a_remote_archive_without_parts_is_refused_with_the_way_out(server):
    server.faults = ["no ranges"]
    with pytest.raises(cache.DataNotReached, match="sends no parts of its zip archive; download"):
        cache.fetch(toy_dataset(server.url + "gzip.zip"))


def test_a_remote_archive_that_lacks_a_file_is_named(server, monkeypatch):
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as zip_file:
        zip_file.writestr("gzip/other.gz", b"")
    monkeypatch.setattr("faulty_server.archive", whole.getvalue)
    with pytest.raises(cache.DataNotReached, match="no such file in the zip archive"):
        cache.fetch(toy_dataset(server.url + "gzip.zip"))


@pytest.mark.parametrize("sums_are_of_gz", [False, True])
def test_a_copy_for_a_class_serves_as_a_mirror(server, tmp_path, monkeypatch, sums_are_of_gz):
    dataset = toy_dataset(server.url, sums_are_of_gz=sums_are_of_gz)
    cache.copy_to(dataset, tmp_path / "stick")
    assert sorted(path.name for path in (tmp_path / "stick" / "toy").iterdir()) == sorted(wanted())
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "stick" / "toy").iterdir()}
    cache.copy_to(dataset, tmp_path / "stick")
    assert before == {path: path.stat().st_mtime_ns for path in before}  # repeating changes nothing

    monkeypatch.setenv("MNIST_DATA_DIR", str(tmp_path / "another cache"))
    monkeypatch.setenv("MNIST_MIRROR", str(tmp_path / "stick"))
    assert cache.fetch(toy_dataset(sums_are_of_gz=sums_are_of_gz)) == wanted()


def test_a_damaged_copy_for_a_class_is_mended(server, tmp_path):
    cache.copy_to(toy_dataset(server.url), tmp_path / "stick")
    damaged = tmp_path / "stick" / "toy" / "train-images.gz"
    damaged.write_bytes(damaged.read_bytes()[:-30])
    cache.copy_to(toy_dataset(), tmp_path / "stick")
    assert gzip.decompress(damaged.read_bytes()) == CONTENTS["train-images"]


# The note that spares others the wait


def test_without_an_answer_a_note_spares_the_next_kernel_the_wait(server):
    with pytest.raises(cache.DataNotReached, match="could not be reached"):
        cache.fetch(toy_dataset("http://127.0.0.1:9/"))
    with pytest.raises(cache.DataNotReached, match="not asked, since none answered"):
        cache.fetch(toy_dataset(server.url))
    assert server.requests == []
    assert cache.fetch(toy_dataset(server.url), ignore_note=True) == wanted()


def test_the_note_expires(server, toy_cache):
    with pytest.raises(cache.DataNotReached):
        cache.fetch(toy_dataset("http://127.0.0.1:9/"))
    old = time.time() - 60 * cache.NOTE_MINUTES - 1
    os.utime(toy_cache / "no-answer", (old, old))
    assert cache.fetch(toy_dataset(server.url)) == wanted()


@pytest.mark.parametrize("mirrors", [[], ["the server"]])
def test_a_mirror_that_answers_leaves_no_note(server, toy_cache, mirrors):
    server.faults = ["HTTP 404"]
    with pytest.raises(cache.DataNotReached):
        cache.fetch(toy_dataset(*[server.url for _ in mirrors]))
    assert not (toy_cache / "no-answer").exists()


def test_one_silent_mirror_of_two_leaves_no_note(server, toy_cache):
    server.faults = ["HTTP 404"]
    with pytest.raises(cache.DataNotReached):
        cache.fetch(toy_dataset("http://127.0.0.1:9/", server.url))
    assert not (toy_cache / "no-answer").exists()


# The progress bar


def test_a_download_shows_a_bar_where_people_look(server, monkeypatch, capsys):
    monkeypatch.delenv("CI", raising=False)
    cache.fetch(toy_dataset(server.url))
    shown = capsys.readouterr()
    assert shown.err == ""
    for name in wanted():
        assert f"{name}: 100%" in shown.out


def test_a_test_run_shows_none(server, monkeypatch, capsys):
    monkeypatch.setenv("CI", "1")
    cache.fetch(toy_dataset(server.url))
    assert capsys.readouterr() == ("", "")


# The data sets themselves


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=DATASETS)
def test_every_data_set_is_described(dataset):
    assert dataset.licence
    assert dataset.citation
    assert dataset.mirrors
    assert len(set(dataset.class_names)) == len(dataset.class_names)
    for file in dataset.files:
        assert file.name.endswith(".gz")
        assert len(bytes.fromhex(file.sha256)) == 32
    images, labels = dataset.train_images, dataset.train_labels
    if images:
        assert images.size - 16 == (labels.size - 8) * 28 * 28
