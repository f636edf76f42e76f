"""The table of 2014: every family and every GAN objective on MNIST, by the Parzen protocol of the first GAN paper.

    SADDLE_DATA=folder python benchmarks/mnist_2014.py [--rows gan,vae] [--seeds 1] [--out docs/results]
    python benchmarks/mnist_2014.py --quick          # small models on 8 x 8 digits, a minute or two
    python benchmarks/mnist_2014.py --list

Each row trains a model, keeps its run folder under --work and resumes it there if it was stopped, then measures it:
Parzen log-likelihood (10,000 samples; the window's width chosen on the first 1,000 of the training set's last 10,000
pictures; all 10,000 test pictures; pixels in [0, 1]), Fréchet distance and coverage in the features of a classifier
trained on the training set's labels, and, for families that have one, their own likelihood. A record goes into
mnist-2014.json as soon as it is there, and the table mnist-2014.md is written anew; rows that have a record are not
run again unless --again is given. A picture of samples of every family is drawn beside the table, and left as it is
where the run folders of some that have a record are not there.
"""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from records import Records
from year_2014.curves import write_curves
from year_2014.measuring import Protocol, protocol
from year_2014.picture import write_picture
from year_2014.rendering import write_page
from year_2014.rows import REFERENCES, ROWS, Row
from year_2014.running import measured_reference, trained_and_measured


def main() -> None:
    """Run the rows that have no record yet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", default="", help="names, separated by commas; all without")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--seeds", type=int, default=1, help="seeds 0, 1, ... of each row")
    which.add_argument("--seed", type=int, help="this seed alone")
    parser.add_argument("--device", default="", help="where rows train, such as cuda; each row's own without")
    parser.add_argument("--out", type=Path, help="where records and table go; docs/results without")
    parser.add_argument("--work", type=Path, help="where run folders go; runs/mnist-2014 without")
    parser.add_argument("--again", action="store_true", help="measure rows that have a record again")
    parser.add_argument("--quick", action="store_true", help="small models on digits; kept where --out and --work say")
    parser.add_argument("--list", action="store_true", help="list the rows")
    options = parser.parse_args()
    if options.list:
        for name, row in {**REFERENCES, **ROWS}.items():
            print(f"{name:28} {row.label}")
        return
    chosen = [name for name in options.rows.split(",") if name]
    unknown = [name for name in chosen if name not in ROWS and name not in REFERENCES]
    if unknown:
        sys.exit(f"There is no row {unknown[0]!r}; --list names them.")
    if options.quick:
        with TemporaryDirectory() as folder:
            records = Records(options.out or Path(folder), "digits-2014")
            run(chosen, protocol(quick=True), records, options.work or Path(folder) / "runs", options)
        return
    records = Records(options.out or Path("docs/results"), "mnist-2014")
    run(chosen, protocol(quick=False), records, options.work or Path("runs/mnist-2014"), options)


def run(chosen: list[str], rules: Protocol, records: Records, work: Path, options: argparse.Namespace) -> None:
    """The references, then the rows, each with every seed."""
    for name in REFERENCES:
        if (not chosen or name in chosen) and (options.again or not records.has(name, 0)):
            say(records.add(measured_reference(name, rules)))
    for seed in range(options.seeds) if options.seed is None else [options.seed]:
        for name, row in ROWS.items():
            if (not chosen or name in chosen) and (options.again or not records.has(name, seed)):
                say(records.add(one(name, row, seed, rules, work, options.device)))
                write_page(records, rules)
    picture = write_picture(records, work)
    write_curves(records)
    write_page(records, rules)
    print(f"Table: {records.page}" + (f"; picture: {picture}" if picture else ""))


def one(name: str, row: Row, seed: int, rules: Protocol, work: Path, device: str) -> dict:
    """A row's record for one seed."""
    print(f"{name}, seed {seed}: training", flush=True)
    return trained_and_measured(name, row, seed, rules, work, device)


def say(record: dict) -> None:
    """A record in one line."""
    parzen = record["parzen"]
    more = "".join(f", {key} {one['value']:.2f}" for key, one in record.get("likelihood", {}).items())
    print(
        f"{record['row']}, seed {record['seed']}: Parzen {parzen['value']:.1f} ± {parzen['error']:.1f} at sigma "
        f"{record['sigma']:.4f}{more}, {record['cost']['seconds']:.0f} s of training",
        flush=True,
    )


if __name__ == "__main__":
    main()
