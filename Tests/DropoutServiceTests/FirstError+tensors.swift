extension FirstError {
    /// Tensors, shapes, masks and layers.
    static let tensors: [FirstError] = [
        FirstError(
            "The shape is a text", "/mask", #"{"shape":"4x2","rate":0.5}"#,
            at: "/shape", #"a list of whole numbers expected, "4x2" found; write [4,2]"#),
        FirstError(
            "The shape is a text in a query", "/mask?shape=4x2&rate=0.5", nil,
            at: "/shape", #"a list of whole numbers expected, ["4x2"] found; write [4,2]"#),
        FirstError(
            "The shape is a single number", "/mask", #"{"shape":4,"rate":0.5}"#,
            at: "/shape", "a list of whole numbers expected, 4 found; write [4]"),
        FirstError(
            "The shape has numbers in quotation marks", "/mask", #"{"shape":["4","2"],"rate":0.5}"#,
            at: "/shape", #"a list of whole numbers expected, ["4", "2"] found; write [4,2]"#),
        FirstError(
            "The shape is a list in a list", "/mask", #"{"shape":[[4,2]],"rate":0.5}"#,
            at: "/shape", "a list of whole numbers expected, an array of shape [1, 2] found"),
        FirstError(
            "The shape has a negative dimension", "/mask", #"{"shape":[4,-1],"rate":0.5}"#,
            at: "/shape/1", "a whole number from 0 expected, -1 found"),
        FirstError(
            "The shape has a fraction", "/mask", #"{"shape":[4,2.5],"rate":0.5}"#,
            at: "/shape/1", "a whole number from 0 expected, 2.5 found"),
        FirstError(
            "The rows of the input are ragged", "/forward", #"{"input":[[1,2],[3]],"rate":0.5}"#,
            at: "/input/1", "1 value where the rows before have 2"),
        FirstError(
            "A number of the input is in quotation marks", "/forward", #"{"input":[1,"2"],"rate":0.5}"#,
            at: "/input/1", #"a number expected, "2" found; write 2 without quotation marks"#),
        FirstError(
            "A word is in the input", "/forward", #"{"input":[[1,2],[3,"x"]],"rate":0.5}"#,
            at: "/input/1/1", "a number expected, a string found"),
        FirstError(
            "The input is a text", "/forward", #"{"input":"1,2,3","rate":0.5}"#,
            at: "/input", #"a tensor expected, "1,2,3" found; write a list of numbers, such as [1, 2, 3]"#),
        FirstError(
            "The input is a list of nan in Python's spelling", "/forward", #"{"input":[1,"nan"],"rate":0.5}"#,
            at: "/input/1", #"a number expected, "nan" found; write "NaN""#),
        FirstError(
            "The mask has another shape", "/forward", #"{"input":[1,2],"rate":0.5,"mask":[1]}"#,
            at: "/mask", "the shape is [1]; [2] expected"),
        FirstError(
            "The mask has other numbers than 0 and 1", "/forward", #"{"input":[1,2],"rate":0.5,"mask":[1,2]}"#,
            at: "/mask", "0 or 1 expected, 2.0 found at element 1"),
        FirstError(
            "The layers are an object", "/forward", #"{"input":[[1]],"layers":{"weights":[[1]]}}"#,
            at: "/layers", #"a list of objects expected, an object with "weights" found; put it into a list: [{...}]"#),
        FirstError(
            "The layers are widths", "/forward", #"{"input":[[1]],"layers":[4,8]}"#,
            at: "/layers", "a list of objects expected, [4, 8] found"),
        FirstError(
            "Keras weights are not transposed, with rows", "/forward",
            #"{"input":[[1,2]],"layout":"rows","layers":[{"weights":[[1,2,3],[4,5,6]]}]}"#,
            at: "/layers/0/weights",
            "layer 0 takes 3 units and gets 2; weights [2, 3] are [units, inputs], the input is [1, 2]: transpose the weights, as those of Keras ([inputs, units])"
        ),
        FirstError(
            "Keras weights are not transposed, with columns", "/forward",
            #"{"input":[[1,2]],"layers":[{"weights":[[1,2,3],[4,5,6]]}]}"#,
            at: "/layers/0/weights",
            #"layer 0 takes 3 units and gets 1; weights [2, 3] are [units, inputs], the input is [1, 2]: transpose the weights, as those of Keras ([inputs, units]), and say "layout": "rows", one example a row"#
        ),
        FirstError(
            "The examples are rows and the layout says columns", "/forward",
            #"{"input":[[1,2]],"layers":[{"weights":[[1,2]]}]}"#,
            at: "/layers/0/weights",
            #"layer 0 takes 2 units and gets 1; weights [1, 2] are [units, inputs], the input is [1, 2]: say "layout": "rows", one example a row, or transpose the weights, as those of Keras ([inputs, units])"#
        ),
        FirstError(
            "What to include is a text", "/forward", #"{"input":[1],"rate":0.5,"include":"mask"}"#,
            at: "/include", #"a list of names expected, "mask" found; put it into a list: ["mask"]"#),
        FirstError(
            "The mask has probabilities", "/forward", #"{"input":[1,2],"rate":0.5,"mask":[0.3,0.7]}"#,
            at: "/mask",
            "0 or 1 expected, 0.3 found at element 0; random numbers from 0 and below 1 are given as `uniforms`"),
        FirstError(
            "The noise shape does not fit", "/forward", #"{"input":[[1,2]],"rate":0.5,"noise_shape":[2,2]}"#,
            at: "/noise_shape", "axis 0 of the noise shape is 2; 1 expected"),
        FirstError(
            "All numbers of a matrix are in quotation marks", "/forward",
            #"{"input":[["1","2"],["3","4"]],"rate":0.5}"#,
            at: "/input/0", #"a number expected, ["1", "2"] found; write the numbers without quotation marks"#),
        FirstError(
            "The input has booleans", "/forward", #"{"input":[true,false],"rate":0.5}"#,
            at: "/input", "numbers expected, booleans found; write 1 and 0"),
        FirstError(
            "The weights of the third layer are not transposed", "/forward",
            #"{"input":[[1],[2]],"layers":[{"weights":[[1,2]]},{"weights":[[1],[2],[3]]},{"weights":[[1,2,3,4],[1,2,3,4],[1,2,3,4]]}]}"#,
            at: "/layers/2/weights",
            "layer 2 takes 4 units and gets 3; weights [3, 4] are [units, inputs]: transpose the weights, as those of Keras ([inputs, units])"
        ),
        FirstError(
            "The flat data is a matrix", "/forward", #"{"input":{"shape":[2],"data":[[1,2]]},"rate":0.5}"#,
            at: "/input/data", "a flat list expected, an array of shape [1, 2] found"),
        FirstError(
            "A tensor is flat and in base64", "/forward",
            #"{"input":{"shape":[1],"data":[1],"base64":"AACAPw=="},"rate":0.5}"#,
            at: "/input", "give `data` or `base64`, not both"),
        FirstError(
            "A tensor has a shape and nothing else", "/forward", #"{"input":{"shape":[1]},"rate":0.5}"#,
            at: "/input", "a tensor as an object needs `data` or `base64` in addition to `shape`"),
        FirstError(
            "A tensor has its numbers without a shape", "/forward", #"{"input":{"data":[1]},"rate":0.5}"#,
            at: "/input", "a tensor as an object needs `shape`, and `data` or `base64`"),
        FirstError(
            "A class is no whole number", "/train-step",
            #"{"input":[[1]],"target":[0.5],"loss":"cross_entropy","learning_rate":1,"layers":[{"weights":[[1]]}]}"#,
            at: "/target/0", "a class index expected, 0.5 found"),
        FirstError(
            "A mask has too many elements", "/mask", #"{"shape":[5000,5000],"rate":0.5}"#,
            at: "/shape", "at most 16777216 elements expected, the limit of one request"),
        FirstError(
            "A variant that has its own noise shape is given another", "/forward",
            #"{"input":[[1,2]],"rate":0.5,"variant":"drop_block","block_size":1,"noise_shape":[1,1]}"#,
            at: "/noise_shape", "drop_block has its own noise shape; leave the field out"),
        FirstError(
            "The list of outputs is empty", "/verify", #"{"input":[1],"outputs":[]}"#,
            at: "/outputs", "a list of 1 to 64 outputs expected, an empty list found"),
    ]
}
