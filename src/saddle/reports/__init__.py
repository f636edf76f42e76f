"""Reports: what a run holds, as one page of HTML that opens with no network, and samples on one picture."""

from saddle.reports.build import build
from saddle.reports.contents import Landscape, NearestExamples, ReportContents
from saddle.reports.course import course, summary
from saddle.reports.evidence import evidence_sheet
from saddle.reports.of_run import contents_of, write_report
from saddle.reports.sample_files import require_writable, write_samples
from saddle.reports.sheet import marginals_sheet, picture_sheet, png_bytes, scatter_sheet

__all__ = [
    "Landscape",
    "NearestExamples",
    "ReportContents",
    "build",
    "contents_of",
    "course",
    "evidence_sheet",
    "marginals_sheet",
    "picture_sheet",
    "png_bytes",
    "require_writable",
    "scatter_sheet",
    "summary",
    "write_report",
    "write_samples",
]
