"""Every source of data, opened by one function."""

from saddle.data.builtin import builtin_names
from saddle.data.dataset import Dataset
from saddle.data.law import Law
from saddle.data.layout import Column, Layout
from saddle.data.opening import open, open_given

__all__ = ["Column", "Dataset", "Law", "Layout", "builtin_names", "open", "open_given"]
