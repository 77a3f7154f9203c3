extension FirstError {
    /// Fields with a wrong name, or in a wrong place.
    static let fields: [FirstError] = [
        FirstError(
            "The probability is called keep", "/forward", #"{"input":[1,2],"keep":0.8}"#,
            at: "/keep", "unknown field; did you mean keep_prob, the probability to keep?"),
        FirstError(
            "The probability is called p", "/forward", #"{"input":[1,2],"p":0.2}"#,
            at: "/p", "unknown field; did you mean rate, the probability to drop?"),
        FirstError(
            "The probability is called dropout", "/forward", #"{"input":[1,2],"dropout":0.2}"#,
            at: "/dropout", "unknown field; did you mean rate, the probability to drop?"),
        FirstError(
            "The probability is called dropout_rate", "/forward", #"{"input":[1,2],"dropout_rate":0.2}"#,
            at: "/dropout_rate", "unknown field; did you mean rate, the probability to drop?"),
        FirstError(
            "The probability is called prob", "/forward", #"{"input":[1,2],"prob":0.8}"#,
            at: "/prob",
            "unknown field; did you mean keep_prob, the probability to keep, or rate, the probability to drop?"),
        FirstError(
            "The probability is called keep_prop", "/forward", #"{"input":[1,2],"keep_prop":0.8}"#,
            at: "/keep_prop", "unknown field; did you mean keep_prob?"),
        FirstError(
            "The probability is called keep_probability", "/forward", #"{"input":[1,2],"keep_probability":0.8}"#,
            at: "/keep_probability", "unknown field; did you mean keep_prob, the probability to keep?"),
        FirstError(
            "The probability is called Rate", "/forward", #"{"input":[1,2],"Rate":0.2}"#,
            at: "/Rate", "unknown field; did you mean rate?"),
        FirstError(
            "The input is called x", "/forward", #"{"x":[1,2],"rate":0.5}"#,
            at: "/x", "unknown field; did you mean input?"),
        FirstError(
            "The input is called inputs", "/forward", #"{"inputs":[1,2],"rate":0.5}"#,
            at: "/inputs", "unknown field; did you mean input?"),
        FirstError(
            "The input is called X", "/forward", #"{"X":[1,2],"rate":0.5}"#,
            at: "/X", "unknown field; did you mean input?"),
        FirstError(
            "The input is called data", "/forward", #"{"data":[1,2],"rate":0.5}"#,
            at: "/data", "unknown field; did you mean input?"),
        FirstError(
            "The weights of a layer are called W", "/forward", #"{"input":[[1]],"layers":[{"W":[[1]]}]}"#,
            at: "/layers/0/W", "unknown field; did you mean weights, a matrix [units, inputs]?"),
        FirstError(
            "The bias of a layer is called b", "/forward", #"{"input":[[1]],"layers":[{"weights":[[1]],"b":[1]}]}"#,
            at: "/layers/0/b", "unknown field; did you mean bias?"),
        FirstError(
            "The weights are given beside the input", "/forward", #"{"input":[[1]],"W":[[1]],"rate":0.5}"#,
            at: "/W", "unknown field; weights belongs to an entry of `layers`"),
        FirstError(
            "A bias is given beside the layers", "/forward",
            #"{"input":[[1]],"bias":[1],"layers":[{"weights":[[1]]}]}"#,
            at: "/bias", "unknown field; bias belongs to an entry of `layers`"),
        FirstError(
            "A layer has a mode", "/forward", #"{"input":[[1]],"layers":[{"weights":[[1]],"mode":"eval"}]}"#,
            at: "/layers/0/mode", "unknown field; mode belongs to the question, beside `layers`"),
        FirstError(
            "A mask is asked for with a variant", "/mask", #"{"shape":[2],"rate":0.5,"variant":"alpha"}"#,
            at: "/variant", "unknown field; variant is a field of /forward"),
        FirstError(
            "A mask is asked for by its size", "/mask", #"{"size":[2],"rate":0.5}"#,
            at: "/size", "unknown field; did you mean shape?"),
        FirstError(
            "The seed is called random_state", "/forward", #"{"input":[1],"rate":0.5,"random_state":1}"#,
            at: "/random_state", "unknown field; did you mean seed?"),
        FirstError(
            "The learning rate is called lr", "/train-step",
            #"{"input":[[1]],"target":[[1]],"loss":"mse","lr":1,"layers":[{"weights":[[1]]}]}"#,
            at: "/lr", "unknown field; did you mean learning_rate?"),
        FirstError(
            "No probability is given", "/forward", #"{"input":[1]}"#,
            at: "", "keep_prob (the probability to keep) or rate (to drop) is required"),
        FirstError(
            "The input is missing", "/forward", #"{"rate":0.5}"#,
            at: "", "input is required: a list of numbers such as [1, 2, 3]"),
        FirstError(
            "The shape of a mask is missing", "/mask", #"{"rate":0.5}"#,
            at: "", "shape is required: a list of whole numbers such as [4, 2]"),
        FirstError(
            "A rate is given beside the layers", "/forward",
            #"{"input":[[1]],"rate":0.5,"layers":[{"weights":[[1]]}]}"#,
            at: "/rate", "with `layers`, this field belongs to each layer"),
        FirstError(
            "A training step has its rate beside the layers", "/train-step",
            #"{"input":[[1]],"target":[[1]],"loss":"mse","learning_rate":1,"rate":0.5,"layers":[{"weights":[[1]]}]}"#,
            at: "/rate", "unknown field; rate belongs to an entry of `layers`"),
        FirstError(
            "A flat tensor has values", "/forward", #"{"input":{"shape":[2],"values":[1,2]},"rate":0.5}"#,
            at: "/input/values", "unknown field; did you mean data?"),
        FirstError(
            "The output to verify is called y", "/verify", #"{"input":[1],"y":[2],"rate":0.5}"#,
            at: "/y", "unknown field; did you mean output?"),
        FirstError(
            "A training step has nothing", "/train-step", "{}",
            at: "", "learning_rate is required: a number such as 0.01"),
        FirstError(
            "The variant is called dropout2d", "/forward", #"{"input":[1,2],"rate":0.5,"variant":"dropout2d"}"#,
            at: "/variant",
            #"one of dropout, alpha, gaussian, spatial, drop_path, drop_block, drop_connect, variational, concrete, zoneout expected, "dropout2d" found; did you mean spatial?"#
        ),
        FirstError(
            "A noise shape and a granularity are given", "/forward",
            #"{"input":[[1]],"rate":0.5,"granularity":"unit","noise_shape":[1,1]}"#,
            at: "/noise_shape", "give `granularity` or `noise_shape`, not both"),
        FirstError(
            "A mask and uniforms are given", "/forward",
            #"{"input":[1],"rate":0.5,"mask":[1],"uniforms":[0.5]}"#,
            at: "/uniforms", "give `mask` or `uniforms`, not both"),
        FirstError(
            "One output and several are given", "/verify",
            #"{"input":[1],"output":[1],"outputs":[[1]]}"#,
            at: "/outputs", "give `output` or `outputs`, not both"),
        FirstError(
            "No output is given", "/verify", #"{"input":[1]}"#,
            at: "", "`output`, or `outputs` of several passes, is required"),
        FirstError(
            "A given mask has samples", "/forward", #"{"input":[1],"rate":0.5,"mask":[1],"samples":2}"#,
            at: "/samples", "a given mask or given uniforms are the same in every pass; leave `samples` out"),
        FirstError(
            "A field is in the query twice", "/mask?shape=2&rate=0.5&rate=0.2", nil,
            at: "/rate", "the field is in the query twice; give it once"),
        FirstError(
            "A network has an offset", "/forward", #"{"input":[[1]],"offset":4,"layers":[{"weights":[[1]]}]}"#,
            at: "/offset", "with `layers` the offset must be 0, 4 found"),
    ]
}
