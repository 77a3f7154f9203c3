// Asks a server with the client that openapi-generator made for TypeScript: ask URL. A line for each question.
import {
    Configuration, DropoutApi, ForwardAnswerToJSON, ForwardQuestion, ForwardQuestionToJSON, Generator, GeneratorListToJSON,
    MaskAnswerToJSON, MaskFormat, MaskQuestion, MaskQuestionToJSON, ResponseError, VerifyAnswerToJSON, VerifyQuestion,
    VerifyQuestionToJSON,
} from "./index";

declare const process: { argv: string[] };

// Tensors are flat: the generator knows no union of a list and an object.
const flat = (shape: number[], data: number[]): any => ({ shape, data });

function tell(method: string, target: string, question: any, answer: any) {
    console.log(JSON.stringify({ method, target, question, answer }));
}

async function main() {
    const api = new DropoutApi(new Configuration({ basePath: process.argv[2] }));
    const drawn = await api.maskByQuery({ shape: [4, 2], keepProb: 0.8, seed: 42, generator: Generator.NumpyPcg64 });
    tell("GET", "/mask?shape=4,2&keep_prob=0.8&seed=42&generator=numpy-pcg64", null, MaskAnswerToJSON(drawn));

    const mask: MaskQuestion = { shape: [3, 3], rate: 0.5, seed: "18446744073709551615", maskFormat: MaskFormat.Booleans };
    tell("POST", "/mask", MaskQuestionToJSON(mask), MaskAnswerToJSON(await api.mask({ maskQuestion: mask })));

    const forward: ForwardQuestion = { input: flat([2, 2], [7, 13, 16, 31]), keepProb: 0.8, seed: 42 };
    const passed = await api.forward({ forwardQuestion: forward });
    tell("POST", "/forward", ForwardQuestionToJSON(forward), ForwardAnswerToJSON(passed));

    const verify: VerifyQuestion = { input: flat([4], [7, 13, 16, 31]), output: flat([4], [7, 13, 0, 31]), keepProb: 0.8 };
    const judged = await api.verify({ verifyQuestion: verify });
    tell("POST", "/verify", VerifyQuestionToJSON(verify), VerifyAnswerToJSON(judged));

    tell("GET", "/generators", null, GeneratorListToJSON(await api.generators()));

    const wrong: ForwardQuestion = { input: flat([2], [1, 2]), rate: 0.5, noiseShape: [3] };
    try {
        await api.forward({ forwardQuestion: wrong });
    } catch (error) {
        if (error instanceof ResponseError) tell("POST", "/forward", ForwardQuestionToJSON(wrong), await error.response.json());
    }
}

main();
