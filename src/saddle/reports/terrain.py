"""The critic's landscape: colors, contour lines, and the points that it was trained to tell apart."""

import numpy as np
from markupsafe import Markup

from saddle.reports.contents import Landscape
from saddle.reports.embedding import data_uri
from saddle.reports.scatter import Layer, Window, plot_axes, scatter
from saddle.reports.sheet import png_bytes

HIGH, LOW = (47, 111, 222), (228, 87, 46)
SIDE = 520.0
LEVELS = 9


def terrain(landscape: Landscape, data: np.ndarray, samples: np.ndarray) -> Markup:
    """The landscape with data and samples on it.

    Color tells the side of the middle score (the undecided one where there is one) and its strength the distance from
    it, up to where 98 % of the plane lie; near the middle the page shows through, in the light and in the dark.
    """
    xs, ys, scores = landscape.xs, landscape.ys, landscape.scores
    window = Window((float(xs[0]), float(xs[-1])), (float(ys[0]), float(ys[-1])))
    middle = landscape.undecided if landscape.undecided is not None else float(np.nanmedian(scores))
    reach = float(np.nanquantile(np.abs(scores - middle), 0.98)) or 1.0
    strength = np.clip((scores - middle) / reach, -1, 1)
    x, y = plot_axes(window, SIDE)
    image = Markup('<image href="{}" x="{:.1f}" y="{:.1f}" width="{}" height="{}" preserveAspectRatio="none"/>')
    picture = image.format(data_uri(_picture(strength)), x.start, y.end, SIDE, SIDE)
    under = picture + _contours(landscape, middle, reach)
    # A halo in the page's color keeps points apart from a ground of their own color.
    layers = [Layer(data, "halo"), Layer(data, "data"), Layer(samples, "halo"), Layer(samples, "made")]
    return scatter(layers, window, label="the critic's scores over the plane", side=SIDE, under=under)


def _picture(strength: np.ndarray) -> bytes:
    from PIL import Image

    pixels = np.zeros((*strength.shape, 4), np.uint8)
    pixels[..., :3] = np.where(strength[..., None] > 0, HIGH, LOW)
    pixels[..., 3] = np.rint(np.abs(np.nan_to_num(strength)) * 150)
    return png_bytes(Image.fromarray(pixels[::-1].copy()))


def _contours(landscape: Landscape, middle: float, reach: float) -> Markup:
    from contourpy import contour_generator

    window = Window((landscape.xs[0], landscape.xs[-1]), (landscape.ys[0], landscape.ys[-1]))
    x, y = plot_axes(window, SIDE)
    lines = contour_generator(landscape.xs, landscape.ys, landscape.scores)
    parts = []
    for level in np.linspace(middle - reach, middle + reach, LEVELS):
        style = "contour zero" if level == middle and landscape.undecided is not None else "contour"
        for line in lines.lines(float(level)):
            line = np.asarray(line)
            places = zip(x.place(line[:, 0]), y.place(line[:, 1]), strict=True)
            text = "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in places)
            parts.append(Markup('<path class="{}" d="{}"/>').format(style, text))
    return Markup("").join(parts)
