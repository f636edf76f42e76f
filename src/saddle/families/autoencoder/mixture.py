"""A Gaussian mixture of the codes, from which an autoencoder without a law of its own is sampled."""

from collections.abc import Mapping
from warnings import catch_warnings, simplefilter

import numpy as np
import torch
from sklearn.decomposition import PCA
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture
from threadpoolctl import threadpool_limits
from torch import Tensor, nn

from saddle.core.noise import Draws, Noise
from saddle.core.sampling import Direct, Networks
from saddle.families.autoencoder.stack import decoded, encoded, layers_of, shown

CODES = 5_000
PRINCIPAL = 50  # axes at most, and fewer where these explain as much of the variance:
KEPT = 0.999
GAUSSIANS = 500  # in all, so that many classes do not fill the memory
STEPS = 30  # of expectation maximization
FLOOR = 1e-3  # added to variances, as a share of the mean variance along the principal axes


class Mixture(nn.Module):
    """Gaussians with full covariances in the principal axes of the codes, a mixture for each class.

    Args:
        units: numbers in a code; they are reduced to principal components, at most 50.
        components: Gaussians of a class, at most; there are fewer where few codes are at hand or classes are many.
        classes: 0 for data without labels.
    """

    def __init__(self, units: int, components: int, classes: int) -> None:
        super().__init__()
        rows, rank = max(1, classes), min(units, PRINCIPAL)
        components = min(components, max(1, GAUSSIANS // rows))
        for name, start in {
            "center": torch.zeros(units),
            "axes": torch.eye(rank, units),
            "weights": torch.full((rows, components), 1 / components),
            "means": torch.zeros(rows, components, rank),
            "factors": torch.eye(rank).repeat(rows, components, 1, 1),
        }.items():
            self.register_buffer(name, start)
        self.center: Tensor
        self.axes: Tensor
        self.weights: Tensor
        self.means: Tensor
        self.factors: Tensor

    def fit(self, codes: Tensor, y: Tensor | None) -> None:
        """Fit to codes (n, units) with the class indices (n,) or None; the same codes give the same mixture."""
        data = codes.double().cpu().numpy()
        # One thread, since with several the sums of k-means depend on who comes first.
        with threadpool_limits(1), np.errstate(invalid="ignore"):  # codes that are all alike have no shares of variance
            principal = PCA(min(len(self.axes), *data.shape), random_state=0).fit(data)
            axes, shares = np.asarray(principal.components_), np.asarray(principal.explained_variance_ratio_)
            rank = min(len(axes), 1 + int((shares.cumsum() < KEPT).sum()))
            z = torch.from_numpy(principal.transform(data)[:, :rank])
            self.center.copy_(torch.from_numpy(principal.mean_))
            self.axes.zero_()[:rank].copy_(torch.from_numpy(axes[:rank]))
            for label in range(len(self.weights)):
                own = z if y is None else z[(y == label).cpu()]
                self._fit_row(label, own if len(own) > 1 else z)

    def _fit_row(self, label: int, z: Tensor) -> None:
        count, rank = z.shape
        used = max(1, min(self.weights.shape[1], count // (rank + 1)))
        floor = FLOOR * float(z.var(0).mean()) + 1e-12
        with catch_warnings():
            simplefilter("ignore", ConvergenceWarning)  # a few steps are enough, and cheap
            found = GaussianMixture(used, reg_covar=floor, max_iter=STEPS, random_state=0).fit(z.numpy())
        self.weights[label].zero_()[:used].copy_(torch.from_numpy(found.weights_))
        self.means[label].zero_()[:used, :rank].copy_(torch.from_numpy(found.means_))
        factors = torch.linalg.cholesky(torch.from_numpy(found.covariances_))
        self.factors[label].zero_()[:used, :rank, :rank].copy_(factors)

    def drawn(self, uniform: Tensor, normal: Tensor, y: Tensor | None) -> Tensor:
        """Codes (n, units) from numbers in [0, 1), shape (n, 1), and normal ones, shape (n, rank)."""
        row = torch.zeros(len(uniform), dtype=torch.int64, device=uniform.device) if y is None else y
        edges = self.weights.cumsum(1)[row, :-1].contiguous()
        which = torch.searchsorted(edges, uniform, right=True).squeeze(1)
        z = self.means[row, which] + torch.einsum("nij,nj->ni", self.factors[row, which], normal)
        return self.center + z @ self.axes


def density_of(networks: Networks) -> Mixture:
    """The mixture of a model's codes."""
    found = networks["density"]
    assert isinstance(found, Mixture)
    return found


def settled(networks: Networks, x: Tensor, y: Tensor | None) -> None:
    """Fit the mixture to the codes of training examples in model units."""
    labels = None if y is None else y[:CODES]
    density_of(networks).fit(encoded(networks, x[:CODES], labels), labels)


def from_mixture(shape: tuple[int, ...], units: int) -> Direct:
    """Examples decoded from codes that the mixture draws, brought into the range that codes have."""

    def noise(count: int) -> Mapping[str, Noise]:
        return {"component": Noise("uniform", (count, 1)), "code": Noise("normal", (count, min(units, PRINCIPAL)))}

    def make(networks: Networks, noise: Draws, y: Tensor | None) -> Tensor:
        codes = density_of(networks).drawn(noise["component"], noise["code"], y)
        return shown(networks, decoded(networks, layers_of(networks)[-1].within_range(codes), y), shape)

    return Direct(noise, make)
