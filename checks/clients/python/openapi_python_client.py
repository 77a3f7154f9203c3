"""Asks a server with the client that openapi-python-client made: FOLDER URL. Prints a line for each question."""

import json
import sys

sys.path.insert(0, sys.argv[1])
from dropout_service_client import Client
from dropout_service_client.api.dropout import forward, generators, mask, mask_by_query, train_step, verify
from dropout_service_client.models import (
    Activation,
    ForwardPart,
    ForwardQuestion,
    Generator,
    Layer,
    Loss,
    MaskFormat,
    MaskQuestion,
    TrainStepQuestion,
    VerifyQuestion,
)

LAYERS = [Layer(weights=[[1, 2], [3, 4]], bias=[0.5, -0.5], activation=Activation.RELU, rate=0.5), Layer(weights=[[1, -1]])]


def main():
    client = Client(base_url=sys.argv[2])
    answer = mask_by_query.sync(client=client, shape=[4, 2], keep_prob=0.8, seed=42, generator=Generator.NUMPY_PCG64)
    tell("GET", "/mask?shape=4,2&keep_prob=0.8&seed=42&generator=numpy-pcg64", None, answer)
    ask(client, mask, "/mask", MaskQuestion(shape=[3, 3], rate=0.5, seed="18446744073709551615", mask_format=MaskFormat.BOOLEANS))
    parts = [ForwardPart.OUTPUT, ForwardPart.MASK, ForwardPart.ECHO]
    ask(client, forward, "/forward", ForwardQuestion(input_=[[7, 13], [16, 31]], keep_prob=0.8, seed=42, include=parts))
    ask(client, forward, "/forward", ForwardQuestion(input_=[[1, 2], [3, 4]], layers=LAYERS, seed=7))
    question = TrainStepQuestion(
        layers=LAYERS, input_=[[1, 2], [3, 4]], target=[[1, 2]], learning_rate=0.1, loss=Loss.MSE, optimizer="adam", seed=7
    )
    ask(client, train_step, "/train-step", question)
    ask(client, verify, "/verify", VerifyQuestion(input_=[7, 13, 16, 31], output=[7, 13, 0, 31], keep_prob=0.8))
    tell("GET", "/generators", None, generators.sync(client=client))
    # A refusal is a problem, with the place of the error.
    ask(client, forward, "/forward", ForwardQuestion(input_=[1, 2], rate=0.5, noise_shape=[3]))


def ask(client, operation, target, question):
    tell("POST", target, question.to_dict(), operation.sync(client=client, body=question))


def tell(method, target, question, answer):
    print(json.dumps({"method": method, "target": target, "question": question, "answer": answer.to_dict()}))


main()
