import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.DropoutApi;
import org.openapitools.client.model.ForwardQuestion;
import org.openapitools.client.model.Layer;
import org.openapitools.client.model.Loss;
import org.openapitools.client.model.MaskFormat;
import org.openapitools.client.model.MaskQuestion;
import org.openapitools.client.model.TrainStepQuestion;
import org.openapitools.client.model.VerifyQuestion;

/** Asks a server with the client that openapi-generator made for Java: Ask URL. A line for each question. */
public class Ask {
    private static final ObjectMapper JSON = ApiClient.createDefaultObjectMapper();

    public static void main(String[] arguments) throws Exception {
        ApiClient client = new ApiClient();
        client.updateBaseUri(arguments[0]);
        DropoutApi api = new DropoutApi(client);

        MaskQuestion mask =
                new MaskQuestion()
                        .shape(List.of(3L, 3L)).rate(0.5).seed("18446744073709551615").maskFormat(MaskFormat.BOOLEANS);
        tell("POST", "/mask", mask, api.mask(DropoutApi.APIMaskRequest.newBuilder().maskQuestion(mask).build()));

        ForwardQuestion forward = new ForwardQuestion().input(matrix(7, 13, 16, 31)).keepProb(0.8).seed(42);
        tell("POST", "/forward", forward, forward(api, forward));

        List<Layer> layers =
                List.of(new Layer().weights(matrix(1, 2, 3, 4)).rate(0.5), new Layer().weights(List.of(List.of(1, -1))));
        ForwardQuestion network = new ForwardQuestion().input(matrix(1, 2, 3, 4)).layers(layers).seed(7);
        tell("POST", "/forward", network, forward(api, network));

        TrainStepQuestion step =
                new TrainStepQuestion()
                        .layers(layers).input(matrix(1, 2, 3, 4)).target(List.of(List.of(1, 2))).loss(Loss.MSE)
                        .learningRate(0.1).seed(7);
        tell("POST", "/train-step", step,
                api.trainStep(DropoutApi.APITrainStepRequest.newBuilder().trainStepQuestion(step).build()));

        VerifyQuestion verify =
                new VerifyQuestion().input(List.of(7, 13, 16, 31)).output(List.of(7, 13, 0, 31)).keepProb(0.8);
        tell("POST", "/verify", verify,
                api.verify(DropoutApi.APIVerifyRequest.newBuilder().verifyQuestion(verify).build()));

        tell("GET", "/generators", null, api.generators(DropoutApi.APIGeneratorsRequest.newBuilder().build()));

        ForwardQuestion wrong = new ForwardQuestion().input(List.of(1, 2)).rate(0.5).noiseShape(List.of(3L));
        try {
            forward(api, wrong);
        } catch (ApiException refusal) {
            tell("POST", "/forward", wrong, JSON.readTree(refusal.getResponseBody()));
        }
    }

    private static Object forward(DropoutApi api, ForwardQuestion question) throws ApiException {
        return api.forward(DropoutApi.APIForwardRequest.newBuilder().forwardQuestion(question).build());
    }

    private static Object matrix(int a, int b, int c, int d) {
        return List.of(List.of(a, b), List.of(c, d));
    }

    private static void tell(String method, String target, Object question, Object answer) throws Exception {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("method", method);
        line.put("target", target);
        line.put("question", question);
        line.put("answer", answer);
        System.out.println(JSON.writeValueAsString(line));
    }
}
