"""Which reader a path belongs to."""

from pathlib import Path

from saddle.core.errors import InputError
from saddle.data.dataset import Dataset
from saddle.data.idx import is_idx_folder, open_idx
from saddle.data.numpy_files import open_npy, open_npz
from saddle.data.options import Options
from saddle.data.pictures import open_pictures
from saddle.data.table_files import open_csv, open_parquet

READERS = {
    ".npy": open_npy,
    ".npz": open_npz,
    ".csv": open_csv,
    ".tsv": open_csv,
    ".txt": open_csv,
    ".data": open_csv,
    ".parquet": open_parquet,
    ".pq": open_parquet,
}


def open_path(path: Path, options: Options) -> Dataset:
    """The data of a file or folder that exists, read by its suffix or by what the folder holds.

    Raises:
        InputError: when there is no reader for it or the content is not usable.
    """
    if not path.is_dir():
        suffix = path.suffix.lower()
        reader = READERS.get(Path(path.stem).suffix.lower() if suffix == ".gz" else suffix)
        if reader is None or (suffix == ".gz" and reader is not open_csv):
            raise InputError(
                f"{path} must be a folder of pictures or of idx files, or a file of type {', '.join(READERS)}; "
                f"found {suffix or 'no suffix'}."
            )
        return reader(path, options)
    try:
        if is_idx_folder(path):
            return open_idx(path, options)
    except PermissionError:
        raise InputError(f"{path} must be readable; found no permission.") from None
    return open_pictures(path, options)
