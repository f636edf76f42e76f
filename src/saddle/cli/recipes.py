"""`saddle recipes`."""

from inspect import getdoc

from rich.console import Console

import saddle


def recipes() -> None:
    """List the recipes with their papers."""
    console = Console()
    for name, make in saddle.recipes.RECIPES.items():
        text = getdoc(make) or ""
        first, _, rest = text.partition("\n\n")
        reference = rest.partition("Reference: ")[2].replace("\n", " ")
        console.print(f"[bold]{name}[/bold]  {first}", highlight=False)
        console.print(f"    {reference}", highlight=False, style="dim")
    console.print("Your own: --recipe my_file.py:my_recipe, a function of the data's layout that returns a saddle.GAN.")
