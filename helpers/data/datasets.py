"""What exists: the data sets, their files, where they can be had, and what is known about them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class File:
    """One file of a data set: its published name (gzipped), and size and SHA-256 of its *content*.

    The sum is of the decompressed content, so a mirror's .gz, a decompressed copy and the original
    are all as good as each other. Where only the sum of the published .gz is known, `sum_is_of_gz`
    says so.
    """

    name: str
    size: int
    sha256: str
    sum_is_of_gz: bool = False


@dataclass(frozen=True)
class Dataset:
    """A data set in IDX files, with its public mirrors in the order in which they are tried.

    One without images says more about those of another one. A mirror is the URL of a folder, or of a
    zip archive. `first_label` is the number of the first class in the files; `is_transposed` says that
    the files hold the images column by column.
    """

    name: str
    title: str
    train_images: File | None
    train_labels: File
    test_images: File | None
    test_labels: File
    mirrors: tuple[str, ...]
    class_names: tuple[str, ...]
    licence: str
    citation: str
    first_label: int = 0
    is_transposed: bool = False

    @property
    def files(self) -> tuple[File, ...]:
        four = (self.train_images, self.train_labels, self.test_images, self.test_labels)
        return tuple(file for file in four if file)


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

FASHION_MNIST = Dataset(
    name="fashion-mnist",
    title="Fashion-MNIST",
    train_images=File(
        "train-images-idx3-ubyte.gz",
        47_040_016,
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    ),
    train_labels=File(
        "train-labels-idx1-ubyte.gz",
        60_008,
        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    ),
    test_images=File(
        "t10k-images-idx3-ubyte.gz",
        7_840_016,
        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    ),
    test_labels=File(
        "t10k-labels-idx1-ubyte.gz",
        10_008,
        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    ),
    mirrors=(
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
    ),
    class_names=(
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ),
    licence="MIT",
    citation="H. Xiao, K. Rasul, R. Vollgraf: Fashion-MNIST (2017), arXiv:1708.07747",
)

KMNIST = Dataset(
    name="kmnist",
    title="KMNIST",
    train_images=File(
        "train-images-idx3-ubyte.gz",
        47_040_016,
        "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4",
        sum_is_of_gz=True,
    ),
    train_labels=File(
        "train-labels-idx1-ubyte.gz",
        60_008,
        "2a16eeae62da984b8bd24fa32e31d47291f01dac3fe84d5594f304f71e7d374b",
    ),
    test_images=File(
        "t10k-images-idx3-ubyte.gz",
        7_840_016,
        "76fbd229ce87db80dd281af5e6670de4ad0e42fb30a7bd643972994c47c1f42e",
    ),
    test_labels=File(
        "t10k-labels-idx1-ubyte.gz",
        10_008,
        "a11dc742be8e781a40a92f53d6a4957e7b7d36df2faa097659131ebfd8fd60c6",
    ),
    mirrors=("http://codh.rois.ac.jp/kmnist/dataset/kmnist/",),
    class_names=("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
    licence="CC BY-SA 4.0",
    citation="T. Clanuwat et al.: Deep Learning for Classical Japanese Literature (2018), arXiv:1812.01718",
)

EMNIST = Dataset(
    name="emnist",
    title="EMNIST letters",
    train_images=File(
        "emnist-letters-train-images-idx3-ubyte.gz",
        97_843_216,
        "7a786db773b2096a7b9a3f3275388a27711f4451548c3ca8be96f09ae94371ae",
    ),
    train_labels=File(
        "emnist-letters-train-labels-idx1-ubyte.gz",
        124_808,
        "e8e94c3f4353d5532fd9604b939cb4c76e7847945b9b0d9ff7884d881dead6bc",
    ),
    test_images=File(
        "emnist-letters-test-images-idx3-ubyte.gz",
        16_307_216,
        "d5895e82d14765b22a84342337bc5c25f1affd61cc97d3821d4e65504bbf8dbc",
    ),
    test_labels=File(
        "emnist-letters-test-labels-idx1-ubyte.gz",
        20_808,
        "22dbcde0a929a7f166bdac863b9195b2994d840a1e082f8f6daaeac5606376a6",
    ),
    mirrors=("https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip",),
    class_names=tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    licence="NIST Special Database 19, no restrictions stated; cite the article",
    citation="G. Cohen, S. Afshar, J. Tapson, A. van Schaik: EMNIST (2017), arXiv:1702.05373",
    first_label=1,
    is_transposed=True,
)

QMNIST = Dataset(
    name="qmnist",
    title="QMNIST's writers",
    train_images=None,
    train_labels=File(
        "qmnist-train-labels-idx2-int.gz",
        1_920_012,
        "bb1b6e1ec7b04fd5696f1ed50b5f58f8ef195118edd5c93c81783df9740b8ac5",
    ),
    test_images=None,
    test_labels=File(
        "qmnist-test-labels-idx2-int.gz",
        1_920_012,
        "92d0ccb8c25f9c6534270fb4be7e1d24a1c6d315edfc8a638bfbd31c70f362dd",
    ),
    mirrors=("https://raw.githubusercontent.com/facebookresearch/qmnist/master/",),
    class_names=tuple("0123456789"),
    licence="BSD 3-clause, Facebook",
    citation="C. Yadav, L. Bottou: Cold Case: The Lost MNIST Digits (2019), arXiv:1905.10498",
)

DATASETS = {dataset.name: dataset for dataset in (MNIST, FASHION_MNIST, KMNIST, EMNIST, QMNIST)}
