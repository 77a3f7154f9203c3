"""A client of dropout-service, which computes dropout forward passes.

from dropout_service import serve

with serve() as client:
    output = client.forward(x, rate=0.5, seed=7).output
"""

from .answers import (
    Answer,
    Check,
    Finding,
    Forward,
    Generator,
    LayerPass,
    Mask,
    MonteCarlo,
    Sample,
    TrainStep,
    Verdict,
)
from .async_client import AsyncClient, AsyncSampleStream
from .client import Client, SampleStream
from .errors import (
    Busy,
    CutAnswer,
    DropoutServiceError,
    MissingPart,
    Mistake,
    Refusal,
    TooExpensive,
    TooSlow,
    Unanswerable,
    Unauthenticated,
    Unreachable,
)
from .judging import assert_dropout
from .networks import Network, UnknownModule, layers_from
from .running import Server, ServerFailed, serve

__all__ = [
    "Answer",
    "AsyncClient",
    "AsyncSampleStream",
    "Busy",
    "Check",
    "Client",
    "CutAnswer",
    "DropoutServiceError",
    "Finding",
    "Forward",
    "Generator",
    "LayerPass",
    "Mask",
    "MissingPart",
    "Mistake",
    "MonteCarlo",
    "Network",
    "Refusal",
    "Sample",
    "SampleStream",
    "Server",
    "ServerFailed",
    "TooExpensive",
    "TooSlow",
    "TrainStep",
    "Unanswerable",
    "Unauthenticated",
    "UnknownModule",
    "Unreachable",
    "Verdict",
    "assert_dropout",
    "layers_from",
    "serve",
]
