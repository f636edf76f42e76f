"""Networks: plain modules for points, tables and pictures, and the architectures that build them.

`ARCHITECTURES` lists the architectures under the names that configurations and the command line use.
"""

from saddle.networks.architecture import Architecture, Coder, Featured
from saddle.networks.conditional_maxout import ConditionalMaxout
from saddle.networks.convolutional import Convolutional
from saddle.networks.dropout import Dropout
from saddle.networks.maxout import Maxout
from saddle.networks.mlp import MLP
from saddle.networks.reconstruction import Reconstruction

ARCHITECTURES: dict[str, type] = {
    "mlp": MLP,
    "convolutional": Convolutional,
    "maxout": Maxout,
    "conditional-maxout": ConditionalMaxout,
    "reconstruction": Reconstruction,
}

__all__ = [
    "ARCHITECTURES",
    "MLP",
    "Architecture",
    "Coder",
    "ConditionalMaxout",
    "Convolutional",
    "Dropout",
    "Featured",
    "Maxout",
    "Reconstruction",
]
