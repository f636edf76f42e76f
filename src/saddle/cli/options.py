"""The options and arguments of the commands, each explained once."""

from pathlib import Path
from typing import Annotated

import typer

Run = Annotated[Path, typer.Argument(metavar="RUN", help="The folder of a run.")]
Member = Annotated[int, typer.Option(metavar="I", help="Which model of a run with --seeds, counted from 0.")]
Checkpoint = Annotated[
    int | None,
    typer.Option("--round", metavar="N", help="Take the checkpoint of this round.", show_default="the last"),
]
Target = Annotated[str | None, typer.Option(metavar="COLUMN", help="The column of a table that holds the labels.")]
Size = Annotated[
    str | None,
    typer.Option(
        metavar="HxW",
        help="Bring the pictures of a folder to this height and width, such as 64x48, without distortion.",
        show_default="chosen from the pictures",
    ),
]

Source = Annotated[
    str | None,
    typer.Argument(
        metavar="SOURCE",
        help="A file, a folder or a built-in set; without it, the built-in sets are listed.",
        show_default=False,
    ),
]

Data = Annotated[
    str | None,
    typer.Argument(
        metavar="DATA", help="A file, a folder or a built-in set (`saddle data` lists them).", show_default="digits"
    ),
]
Recipe = Annotated[
    str | None,
    typer.Option(
        metavar="NAME", help="A recipe (`saddle recipes` lists them) or my_file.py:my_recipe.", show_default="default"
    ),
]
RecipeName = Annotated[
    str | None,
    typer.Argument(
        metavar="NAME",
        help="A recipe, or one of your own as my_file.py:my_recipe; without it, the recipes are listed.",
        show_default=False,
    ),
]
RecipeData = Annotated[
    str | None,
    typer.Argument(
        metavar="DATA",
        help="The data to show its settings for: a file, a folder or a built-in set.",
        show_default="ring, and digits where it is for pictures",
    ),
]
Rounds = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        help="How many rounds to train; schedules and warm-ups of the recipe become as much longer or shorter. With "
        "--resume, counted from the beginning of the run.",
        show_default="the recipe's",
    ),
]
Minutes = Annotated[
    float | None,
    typer.Option(
        metavar="M", help="Stop after so many minutes of training; the rounds reached are written to run.toml."
    ),
]
TrainingSeed = Annotated[
    int | None,
    typer.Option(metavar="S", help="The same seed and data give the same model.", show_default="0"),
]
Seeds = Annotated[
    int | None,
    typer.Option(
        metavar="K", help="Train K models at once, from the seeds S to S + K - 1, to see how much they differ."
    ),
]
Labels = Annotated[
    bool,
    typer.Option(help="Where the data have labels, learn to draw samples of a given label, or ignore the labels."),
]
Device = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Where to compute: cpu, cuda, ...", show_default="a GPU where there is one"),
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Change a setting of the recipe; may be given several times."),
]
RunOut = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="The folder to keep the run in; it must not exist yet.",
        show_default="runs/DATA-RECIPE-NNN",
    ),
]
Resume = Annotated[
    Path | None,
    typer.Option(metavar="RUN", help="Go on with a run that was stopped; all else is taken from its folder."),
]

Start = Annotated[
    Path | None,
    typer.Option(
        metavar="RUN",
        help="Begin with the networks of this run instead of random ones, as to fine-tune them on other data; recipe "
        "and data are the run's unless others are given.",
        show_default="random networks",
    ),
]

Samples = Annotated[int, typer.Option("-n", metavar="N", help="How many samples to draw.")]
SampleLabel = Annotated[
    str | None,
    typer.Option(
        metavar="LABEL", help="Draw this label only, where the data had labels.", show_default="as often as in the data"
    ),
]
SampleSeed = Annotated[
    int | None,
    typer.Option(
        metavar="S",
        help="With a seed, sample i is the same every time, however many are drawn.",
        show_default="different every time",
    ),
]
Interpolate = Annotated[
    bool, typer.Option("--interpolate", help="Walk from one sample to the next; of a Markov chain, step by step.")
]
SamplesOut = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Where to write: a .png sheet, a .csv, .parquet, .npy or .npz file, or a folder of pictures.",
        show_default="RUN/samples-NNN.png, or .csv for a table",
    ),
]
FirstSource = Annotated[
    str | None, typer.Argument(metavar="A", help="The data: a file, a folder or a built-in set.", show_default=False)
]
SecondSource = Annotated[
    str | None, typer.Argument(metavar="B", help="What is compared with them, of the same form.", show_default=False)
]
OtherData = Annotated[
    str | None,
    typer.Argument(
        metavar="DATA",
        help="Other data of the same form, such as a test set, all of which are compared with.",
        show_default="what was held out of the run's own",
    ),
]
ComparedData = Annotated[
    str | None,
    typer.Argument(
        metavar="DATA", help="A file, a folder or a built-in set (`saddle data` lists them).", show_default=False
    ),
]
ComparedRecipes = Annotated[
    str | None,
    typer.Option(
        "--recipes",
        metavar="A,B,...",
        help="At least two recipes (`saddle recipes` lists them) or my_file.py:my_recipe, with commas between.",
        show_default=False,
    ),
]
ComparedSeeds = Annotated[
    int,
    typer.Option(
        "--seeds", metavar="K", min=1, help="Train every recipe on K seeds; from one or two nothing is said of chance."
    ),
]
ComparedRounds = Annotated[
    int | None,
    typer.Option("--rounds", metavar="N", help="How many rounds to train every recipe.", show_default="each recipe's"),
]
ComparedMinutes = Annotated[
    float | None,
    typer.Option("--minutes", metavar="M", help="Train every recipe for so many minutes, all its seeds together."),
]
ComparisonOut = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="DIR",
        help="Where to keep runs, page and record; finished runs that are there are not trained again, and stopped "
        "ones go on.",
        show_default="runs/DATA-comparison-NNN",
    ),
]

Of = Annotated[
    str | None,
    typer.Option(
        "--of",
        metavar="NAMES",
        help="Measures, with commas between, or `all`; `saddle measure` alone lists them.",
        show_default="those that suit the data",
    ),
]
Features = Annotated[
    str | None,
    typer.Option(
        metavar="F",
        help="Compare in these instead of pixels: `classifier` (trained on the labels), the file of a network (.pt or "
        ".pt2, such as Inception's; it is given bytes of shape n x 3 x H x W), or my_file.py:my_function.",
        show_default="pixels",
    ),
]
Split = Annotated[
    str | None, typer.Option(metavar="NAME", help="Of a folder of idx files: train or test.", show_default="train")
]
Examples = Annotated[int, typer.Option("-n", metavar="N", help="At most how many examples of each side.")]
MeasureSeed = Annotated[int, typer.Option("--seed", metavar="S", help="Which examples are taken.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the numbers as JSON instead of as a table.")]

ClaimName = Annotated[
    str | None,
    typer.Argument(
        metavar="NAME",
        help="A claim, or one of your own as my_file.py:my_claim; without it, the claims are listed.",
        show_default=False,
    ),
]
AllClaims = Annotated[bool, typer.Option("--all", help="Run every claim, and write one page for all with --out.")]
Budget = Annotated[
    str, typer.Option(metavar="quick|full", help="How much an experiment may spend; both are judged alike.")
]
ClaimSeeds = Annotated[
    int,
    typer.Option(
        metavar="K",
        min=1,
        help="Run each experiment on the seeds 0 to K - 1 and judge all of them; means over seeds need two.",
    ),
]
ClaimOut = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Write a page with formulas and pictures here, and the records it is made of; goes on where one stopped.",
    ),
]
Again = Annotated[bool, typer.Option(help="Run anew what the folder already holds.")]
Jobs = Annotated[
    int | None,
    typer.Option(metavar="N", min=1, help="How many claims run at once.", show_default="one for each core"),
]
