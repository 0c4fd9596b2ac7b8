"""What exists: the data sets, their files, where they can be had, and what is known about them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class File:
    """One file of a data set: its published name (gzipped), and size and SHA-256 of its *content*.

    The sum is of the decompressed content, so a mirror's .gz, a decompressed copy and the original
    are all as good as each other.
    """

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Dataset:
    """A data set in four IDX files, with its public mirrors in the order in which they are tried."""

    name: str
    title: str
    train_images: File
    train_labels: File
    test_images: File
    test_labels: File
    mirrors: tuple[str, ...]
    class_names: tuple[str, ...]
    licence: str
    citation: str

    @property
    def files(self) -> tuple[File, ...]:
        return (self.train_images, self.train_labels, self.test_images, self.test_labels)


MNIST = Dataset(
    name="mnist",
    title="MNIST",
    train_images=File(
        "train-images-idx3-ubyte.gz",
        47_040_016,
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    ),
    train_labels=File(
        "train-labels-idx1-ubyte.gz",
        60_008,
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    ),
    test_images=File(
        "t10k-images-idx3-ubyte.gz",
        7_840_016,
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    ),
    test_labels=File(
        "t10k-labels-idx1-ubyte.gz",
        10_008,
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ),
    mirrors=(
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        "http://yann.lecun.com/exdb/mnist/",
    ),
    class_names=tuple("0123456789"),
    licence="CC BY-SA 3.0",
    citation="Y. LeCun, C. Cortes, C. J. C. Burges: The MNIST database of handwritten digits (1998)",
)

DATASETS = {dataset.name: dataset for dataset in (MNIST,)}
