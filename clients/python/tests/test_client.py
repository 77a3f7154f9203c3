"""The methods against a real server. NumPy's own draws and plain HTTP are the truth."""

import json
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from dropout_service import (
    Busy,
    Client,
    CutAnswer,
    MissingPart,
    Network,
    Refusal,
    Server,
    TooExpensive,
    Unanswerable,
    Unauthenticated,
    Unreachable,
    Verdict,
    serve,
)
from dropout_service.calls import PassReader
from dropout_service.running import find_program

ARTICLE = np.array([[7, 13], [7, 13], [16, 31], [16, 31]], np.float64)
LAYERS: list[dict[str, Any]] = [
    {"weights": [[1, 2, 3], [1, 2, 3], [4, 5, 6], [4, 5, 6]], "bias": 1, "activation": "relu", "rate": 0.2},
    {"weights": [[0.1, 0.2, 0.3, 0.4]], "bias": 0.5},
]
EXAMPLES = np.array([[1.0, 2.0]] * 3)


def asked(server: Server, path: str, question: dict[str, Any]) -> Any:
    """The answer to a question in JSON, by plain HTTP."""
    request = urllib.request.Request(server.url + path, json.dumps(question).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as reply:
        return json.load(reply)


class TestForward:
    @pytest.mark.parametrize("seed", [0, 42])
    def test_the_mask_is_that_of_numpy(self, client: Client, seed: int) -> None:
        np.random.seed(seed)
        kept = np.random.rand(4, 2) < 0.8
        answer = client.forward(ARTICLE, keep_prob=0.8, seed=seed, generator="numpy-legacy", include=["output", "mask"])
        assert np.array_equal(answer.mask, kept)
        assert np.array_equal(answer.output, np.where(kept, ARTICLE / 0.8, 0))

    @pytest.mark.parametrize("dtype", ["float16", "float32", "float64", ml_dtypes.bfloat16])
    def test_the_type_is_kept_in_both_forms(self, client: Client, dtype: Any) -> None:
        x = np.linspace(-3, 3, 20).reshape(4, 5).astype(dtype)
        fast = client.forward(x, rate=0.3, seed=7)
        slow = client.forward(x, rate=0.3, seed=7, include=["output", "echo"])
        assert fast.output.dtype == slow.output.dtype == x.dtype
        assert fast.output.tobytes() == slow.output.tobytes()

    def test_integers_are_answered_in_float64(self, client: Client) -> None:
        assert client.forward([1, 2, 3, 4], rate=0.5, seed=7).output.dtype == np.float64

    @pytest.mark.parametrize(
        "fields",
        [
            {"noise_shape": [4, 1]},
            {"seed": [1, 2], "generator": "numpy-legacy"},
            {"full_shape": (8, 2), "start": (4, 0)},
            {"granularity": "unit"},
            {"offset": np.int64(12)},
            {"step": None, "generator": "jax", "fold_in": [1, 2]},
        ],
    )
    def test_the_query_says_what_json_says(self, client: Client, server: Server, fields: dict[str, Any]) -> None:
        sent = {name: np.asarray(value).tolist() for name, value in fields.items() if value is not None}
        expected = asked(server, "/forward", {"input": ARTICLE.tolist(), "rate": 0.5, "seed": 3, **sent})["output"]
        assert client.forward(ARTICLE, **{"rate": 0.5, "seed": 3, **fields}).output.tolist() == expected

    def test_a_given_mask_and_given_uniforms_are_sent(self, client: Client) -> None:
        mask = np.array([[1, 1], [1, 1], [1, 0], [1, 0]])
        assert np.array_equal(client.forward(ARTICLE, keep_prob=0.8, mask=mask).output, mask * ARTICLE / 0.8)
        uniforms = np.random.default_rng(1).random((4, 2))
        assert np.array_equal(client.forward(ARTICLE, keep_prob=0.8, uniforms=uniforms).output, (uniforms < 0.8) * ARTICLE / 0.8)

    def test_a_made_up_seed_is_told_and_gives_the_same_again(self, client: Client) -> None:
        x = np.ones(64)
        first = client.forward(x, rate=0.5)
        assert first.seed is not None
        assert np.array_equal(client.forward(x, rate=0.5, seed=first.seed).output, first.output)

    def test_the_check_and_what_follows(self, client: Client) -> None:
        answer = client.forward(ARTICLE, keep_prob=0.8, seed=42, exact=True, include=["check", "next", "exact"])
        assert answer.check.expected_sum == 134
        assert answer.next == {"step": 1}
        assert answer.exact.count == 256
        assert np.allclose(answer.exact.mean, ARTICLE)
        with pytest.raises(MissingPart, match="no output; name it in `include`"):
            _ = answer.output

    def test_numbers_that_are_not_finite_go_both_ways(self, client: Client) -> None:
        x = np.array([np.nan, np.inf, -np.inf, -0.0])
        for include in (["output"], ["output", "mask"]):
            output = client.forward(x, rate=0, seed=1, include=include).output
            assert output.tobytes() == x.tobytes()

    def test_a_network_gives_every_layer(self, client: Client, server: Server) -> None:
        plain = asked(server, "/forward", {"input": EXAMPLES.tolist(), "layers": LAYERS, "seed": 42})
        answer = client.forward(EXAMPLES, layers=LAYERS, seed=42, include=["output", "layers"])
        assert answer.output.tolist() == plain["output"]
        first, second = answer.layers
        assert first.mask is not None and first.mask.astype(int).tolist() == plain["layers"][0]["mask"]
        assert first.pre_activation.tolist() == plain["layers"][0]["pre_activation"]
        assert first.check is not None and first.check.kept == plain["layers"][0]["check"]["kept"]
        assert second.mask is None and second.check is None

    @pytest.mark.parametrize(("granularity", "shape"), [("batch", (4, 3)), ("sample", (2, 4, 3))])
    def test_the_mask_of_weights_has_their_shape(self, client: Client, granularity: str, shape: tuple[int, ...]) -> None:
        layer = {**LAYERS[0], "variant": "drop_connect", "granularity": granularity}
        mask = client.forward(EXAMPLES, layers=[layer], seed=1, include=["layers"]).layers[0].mask
        assert mask is not None and mask.shape == shape and mask.dtype == np.bool_


class TestMask:
    @pytest.mark.parametrize("shape", [(4, 2), (3, 5, 7), (1,)])
    def test_the_mask_is_that_of_numpy(self, client: Client, shape: tuple[int, ...]) -> None:
        drawn = np.random.Generator(np.random.PCG64(11)).random(shape) < 0.7
        answer = client.mask(shape, keep_prob=0.7, seed=11, generator="numpy-pcg64")
        assert np.array_equal(answer.mask, drawn)
        assert answer.kept == drawn.sum()
        assert answer["keep_prob"] == 0.7

    def test_the_fingerprint_alone(self, client: Client) -> None:
        answer = client.mask((4, 2), keep_prob=0.8, seed=42, include=["statistics"])
        assert answer.fingerprint.startswith("50868f20")
        with pytest.raises(MissingPart):
            _ = answer.mask


class TestTraining:
    @pytest.mark.parametrize("layout", ["columns", "rows"])
    def test_steps_go_on_where_the_last_one_ended(self, client: Client, layout: str) -> None:
        x, y = (EXAMPLES, [[20.0, 10.0]]) if layout == "columns" else (EXAMPLES.T, [[20.0], [10.0]])
        fields: dict[str, Any] = {"loss": "mse", "learning_rate": 0.01, "optimizer": "adam", "seed": 5, "layout": layout}
        two = client.train_step(LAYERS, x, y, steps=2, **fields)
        one = client.train_step(LAYERS, x, y, **fields)
        one = client.train_step(one.layers, x, y, step=one.next_step, optimizer_state=one.optimizer_state, **fields)
        assert one.next_step == 2
        assert all(np.array_equal(a["weights"], b["weights"]) for a, b in zip(one.layers, two.layers, strict=True))
        assert one.gradients[1]["weights"].shape == (1, 4)
        first, second = one.masks
        assert first is not None and first.shape == ((4, 2) if layout == "columns" else (2, 4))
        assert second is None

    def test_a_network_carries_its_layout(self, client: Client) -> None:
        network = Network(LAYERS)
        rows = client.train_step(network, EXAMPLES.T, [[20.0], [10.0]], loss="mse", learning_rate=0.1, seed=1)
        columns = client.train_step(LAYERS, EXAMPLES.T, [[20.0], [10.0]], loss="mse", learning_rate=0.1, seed=1, layout="rows")
        assert rows.loss == columns.loss
        assert rows.masks[0] is not None and rows.masks[0].shape == (2, 4)

    def test_classes_are_indices(self, client: Client) -> None:
        layers = [{"weights": np.eye(3)}]
        answer = client.train_step(layers, np.eye(3), np.array([0, 1, 2]), loss="cross_entropy", learning_rate=0)
        assert answer.loss["train"] == pytest.approx(-np.log(np.e / (np.e + 2)))


class TestPasses:
    def test_the_passes_are_those_of_single_requests(self, client: Client) -> None:
        x = np.arange(1.0, 9.0)
        passes = client.samples(x, 5, rate=0.5, seed=3)
        outputs = [one.output for one in passes]
        assert all(
            np.array_equal(output, client.forward(x, rate=0.5, seed=3, step=step).output) for step, output in enumerate(outputs)
        )
        assert np.allclose(passes.summary.mean, np.mean(outputs, axis=0))
        assert np.allclose(passes.summary.standard_deviation, np.std(outputs, axis=0, ddof=1))

    def test_the_passes_bring_their_masks(self, client: Client) -> None:
        x = np.arange(1.0, 9.0)
        for one in client.samples(x, 5, rate=0.5, seed=3, masks=True):
            assert one.mask is not None and np.array_equal(one.output, x * one.mask / 0.5)
        for one in client.samples(EXAMPLES, 5, layers=LAYERS, seed=3, masks=True):
            assert one.masks is not None
            first, second = one.masks
            expected = client.forward(EXAMPLES, layers=LAYERS, seed=3, step=one.index, include=["layers"]).layers[0].mask
            assert expected is not None and first is not None and np.array_equal(first, expected)
            assert second is None

    def test_monte_carlo_is_the_same_with_a_bar(self, client: Client, capsys: pytest.CaptureFixture[str]) -> None:
        layers = [*LAYERS[:1], {"weights": [[1, 2, 3, 4], [4, 3, 2, 1]], "activation": "softmax"}]
        quiet = client.mc(EXAMPLES, layers, 20, seed=3, progress=False)
        assert capsys.readouterr().err == ""
        shown = client.mc(EXAMPLES, layers, 20, seed=3, progress=True)
        assert "20/20" in capsys.readouterr().err
        assert np.array_equal(quiet.mean, shown.mean)
        # The entropy of the mean, as its definition says.
        assert quiet.predictive_entropy is not None and quiet.expected_entropy is not None
        assert np.allclose(quiet.predictive_entropy, -np.sum(quiet.mean * np.log(quiet.mean), axis=0))
        assert (quiet.expected_entropy <= quiet.predictive_entropy).all()

    def test_a_stream_may_be_left(self, client: Client) -> None:
        with client.samples(np.ones(1000), 100_000, rate=0.5, seed=3) as passes:
            assert next(passes).index == 0
        with pytest.raises(CutAnswer):
            _ = passes.summary
        assert client.forward([1.0], rate=0, seed=1).output.tolist() == [1]

    def test_a_refused_stream_says_why(self, client: Client) -> None:
        with pytest.raises(Unanswerable, match="/samples"):
            next(client.samples([1.0], 0, rate=0.5))

    @pytest.mark.parametrize("size", [1, 7, 1000])
    def test_lines_are_joined_however_they_are_cut(self, size: int) -> None:
        text = b'{"sample":0,"output":[1,2]}\n{"sample":1,"output":[3,4]}\n{"samples":{"count":2,"mean":[2,3]}}\n'
        text = text.replace(b"[1,2]", b'{"shape":[2],"data":[1,2]}').replace(b"[3,4]", b'{"shape":[2],"data":[3,4]}')
        reader = PassReader()
        found = [one for start in range(0, len(text), size) for one in reader.samples(text[start : start + size])]
        assert [one.output.tolist() for one in found] == [[1, 2], [3, 4]]
        assert reader.end().mean.tolist() == [2, 3]

    def test_a_problem_in_place_of_a_line_is_raised(self) -> None:
        with pytest.raises(Refusal, match="503: stopping"):
            PassReader().samples(b'{"problem":{"status":503,"detail":"stopping"}}\n')


class TestVerification:
    def test_a_right_output_is_right(self, client: Client) -> None:
        np.random.seed(9)
        x = np.random.rand(64, 48)
        np.random.seed(9)
        y = np.where(np.random.rand(64, 48) < 0.5, x / 0.5, 0)
        verdict = client.verify(x, y, rate=0.5, seed=9, generator="numpy-legacy")
        assert verdict.is_dropout
        assert verdict.findings == ()
        assert verdict.generator is not None and verdict.generator["matches"]

    def test_several_outputs_name_the_wrong_one(self, client: Client) -> None:
        x = np.ones((8, 8), np.float32)
        right = client.forward(x, rate=0.5, seed=1).output
        verdict = client.verify(x, outputs=[right, right / 2], rate=0.5)
        first = verdict.findings[0]
        assert (first.mistake, first.output) == ("not_scaled", 1)


class TestManyVerdicts:
    X = np.random.default_rng(1).random((6, 5))

    def cases(self) -> list[dict[str, Any]]:
        right = np.where(np.arange(30).reshape(6, 5) % 2, self.X * 2, 0)
        return [
            {"input": self.X, "output": right, "rate": 0.5},
            {"input": self.X, "output": self.X, "rate": 0.5},
            {"input": self.X, "output": right[:2], "rate": 0.5},
            {"input": self.X, "outputs": [right, right / 2], "keep_prob": 0.5, "granularity": None},
        ]

    def test_each_case_has_the_verdict_of_its_own_request(self, client: Client) -> None:
        found = client.verify_many(self.cases())
        for case, verdict in zip(self.cases(), found, strict=True):
            try:
                expected = client.verify(**case)
            except Unanswerable as refusal:
                assert isinstance(verdict, Unanswerable)
                assert verdict.pointers == refusal.pointers == ("/output",)
            else:
                assert isinstance(verdict, Verdict)
                assert (verdict.verdict, verdict.findings) == (expected.verdict, expected.findings)

    def test_more_cases_than_one_request_takes(self, client: Client) -> None:
        cases = [{"input": [1.0], "output": [2.0 if index % 3 else 1.0], "rate": 0.5} for index in range(2100)]
        found = client.verify_many(iter(cases))
        assert [isinstance(verdict, Verdict) and verdict.is_dropout for verdict in found] == [
            index % 3 > 0 for index in range(2100)
        ]

    def test_no_case_is_no_request(self) -> None:
        assert Client("http://127.0.0.1:1").verify_many([]) == []

    def test_a_case_needs_an_input(self, client: Client) -> None:
        with pytest.raises(TypeError, match="`input`"):
            client.verify_many([{"output": [1.0]}])


def test_every_generator_has_a_record(client: Client, server: Server) -> None:
    with urllib.request.urlopen(f"{server.url}/generators") as reply:
        names = [record["name"] for record in json.load(reply)["generators"]]
    assert [generator.name for generator in client.generators()] == names
    assert all(generator.draws and generator.fields["verified"] for generator in client.generators())


class TestRefusals:
    def test_every_mistake_has_its_pointer(self, client: Client) -> None:
        for include in (["output"], ["output", "mask"]):
            with pytest.raises(Unanswerable) as raised:
                client.forward([1.0], keep_prop=0.8, rate=3, include=include)
            assert raised.value.status == 422
            assert raised.value.kind == "unanswerable"
            assert raised.value.pointers == ("/keep_prop", "/rate")
            assert "did you mean keep_prob?" in str(raised.value)
            assert raised.value.request_id

    def test_the_price_is_told(self, client: Client) -> None:
        with pytest.raises(TooExpensive) as raised:
            client.mc([1.0], n=4_000_000_000, rate=0.5, seed=1)
        assert raised.value.price_seconds is not None and raised.value.limit_seconds == 10
        assert raised.value.price_seconds > 10

    def test_nobody_listens(self) -> None:
        with Client("http://127.0.0.1:1") as nobody, pytest.raises(Unreachable, match=r"127\.0\.0\.1:1: "):
            nobody.generators()

    def test_a_key_is_wanted(self, tmp_path: Path) -> None:
        made = subprocess.run([find_program(), "hash-key", "alice"], capture_output=True, text=True, check=True)
        (tmp_path / "keys").write_text(made.stdout)
        with serve("--api-keys", str(tmp_path / "keys"), token=made.stderr.strip()) as keyed:
            assert keyed.forward([1.0], rate=0, seed=1).output.tolist() == [1]
            with Client(keyed.url) as stranger, pytest.raises(Unauthenticated):
                stranger.forward([1.0], rate=0, seed=1)

    def test_a_used_up_rate_is_busy(self) -> None:
        with serve("--rate-limit", "1/h") as limited:
            limited.forward([1.0], rate=0, seed=1)
            with Client(limited.url, retries=0) as other, pytest.raises(Busy) as raised:
                other.forward([1.0], rate=0, seed=1)
            assert raised.value.status == 429
            assert raised.value.retry_after is not None and 0 < raised.value.retry_after <= 3600
