"""Asks a server with the client that openapi-generator made for Python: FOLDER URL. Prints a line for each question."""

import json
import sys

sys.path.insert(0, sys.argv[1])
import openapi_client as service
from openapi_client.exceptions import ApiException


def main():
    api = service.DropoutApi(service.ApiClient(service.Configuration(host=sys.argv[2])))
    answer = api.mask_by_query(shape=[4, 2], keep_prob=0.8, seed=service.Seed(42), generator=service.Generator.NUMPY_MINUS_PCG64)
    tell("GET", "/mask?shape=4,2&keep_prob=0.8&seed=42&generator=numpy-pcg64", None, answer.to_json())
    question = service.MaskQuestion(
        shape=[3, 3], rate=0.5, seed=service.Seed("18446744073709551615"), mask_format=service.MaskFormat.BOOLEANS
    )
    ask(api.mask, "/mask", question)
    question = service.ForwardQuestion(input=service.Tensor([[7, 13], [16, 31]]), keep_prob=0.8, seed=service.Seed(42))
    ask(api.forward, "/forward", question)
    layers = [service.Layer(weights=service.Tensor([[1, 2], [3, 4]]), rate=0.5), service.Layer(weights=service.Tensor([[1, -1]]))]
    ask(
        api.forward,
        "/forward",
        service.ForwardQuestion(input=service.Tensor([[1, 2], [3, 4]]), layers=layers, seed=service.Seed(7)),
    )
    tensors = {name: service.Tensor(values) for name, values in {"input": [7, 13, 16, 31], "output": [7, 13, 0, 31]}.items()}
    ask(api.verify, "/verify", service.VerifyQuestion(keep_prob=0.8, **tensors))
    tell("GET", "/generators", None, api.generators().to_json())
    question = service.ForwardQuestion(input=service.Tensor([1, 2]), rate=0.5, noise_shape=[3])
    try:
        api.forward(question)
    except ApiException as error:
        tell("POST", "/forward", question.to_json(), error.body)


def ask(operation, target, question):
    tell("POST", target, question.to_json(), operation(question).to_json())


def tell(method, target, question, answer):
    line = {"method": method, "target": target, "question": question and json.loads(question), "answer": json.loads(answer)}
    print(json.dumps(line))


main()
