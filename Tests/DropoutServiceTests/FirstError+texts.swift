extension FirstError {
    /// Numbers and flags.
    static let numbers: [FirstError] = [
        FirstError(
            "The rate is in quotation marks", "/forward", #"{"input":[1],"rate":"0.2"}"#,
            at: "/rate", #"a probability from 0 to 1 expected, "0.2" found; write 0.2 without quotation marks"#),
        FirstError(
            "The rate has no digit before the point in a query", "/mask?shape=2&rate=.2", nil,
            at: "/rate", #"a probability from 0 to 1 expected, ".2" found; write 0.2"#),
        FirstError(
            "The rate has a percent sign", "/forward", #"{"input":[1],"rate":"20%"}"#,
            at: "/rate", #"a probability from 0 to 1 expected, "20%" found; write 0.2"#),
        FirstError(
            "The rate has a decimal comma", "/forward", #"{"input":[1],"rate":"0,2"}"#,
            at: "/rate", #"a probability from 0 to 1 expected, "0,2" found; write 0.2"#),
        FirstError(
            "The probability to keep is a percentage", "/forward", #"{"input":[1],"keep_prob":80}"#,
            at: "/keep_prob", "a probability from 0 to 1 expected, 80 found; if 80 percent is meant, write 0.8"),
        FirstError(
            "The rate is negative", "/forward", #"{"input":[1],"rate":-0.1}"#,
            at: "/rate", "a probability from 0 to 1 expected, -0.1 found"),
        FirstError(
            "The rate is a list", "/forward", #"{"input":[1],"rate":[0.1,0.2]}"#,
            at: "/rate", "a probability from 0 to 1 expected, [0.1, 0.2] found"),
        FirstError(
            "Both probabilities disagree", "/forward", #"{"input":[1],"rate":0.2,"keep_prob":0.7}"#,
            at: "/rate", "keep_prob 0.7 and rate 0.2 disagree: give one of them alone"),
        FirstError(
            "The samples are in quotation marks", "/forward", #"{"input":[1],"rate":0.5,"samples":"10"}"#,
            at: "/samples",
            #"a whole number from 1 to 4294967295 expected, "10" found; write 10 without quotation marks"#),
        FirstError(
            "A flag is a number", "/forward", #"{"input":[1],"rate":0.5,"exact":1}"#,
            at: "/exact", "true or false expected, 1 found; write true"),
        FirstError(
            "A flag is in quotation marks", "/forward", #"{"input":[1],"rate":0.5,"exact":"true"}"#,
            at: "/exact", #"true or false expected, "true" found; write true without quotation marks"#),
        FirstError(
            "The samples are a fraction", "/forward", #"{"input":[1],"rate":0.5,"samples":1.5}"#,
            at: "/samples", "a whole number from 1 to 4294967295 expected, 1.5 found"),
        FirstError(
            "The rate has a decimal comma in a query", "/mask?shape=4,2&rate=0,5", nil,
            at: "/rate", #"a probability from 0 to 1 expected, "0,5" found; write 0.5"#),
    ]

    /// Texts that are no question.
    static let texts: [FirstError] = [
        FirstError(
            "The rate has a percent sign in a query", "/mask?shape=2&rate=20%", nil, 400,
            at: "", "the query has a % that is not followed by two hexadecimal digits; write %25 for a %"),
        FirstError(
            "NumPy printed the array", "/forward", #"{"input":[1 2 3],"rate":0.5}"#, 400,
            at: "",
            "byte 12: ',' or ']' expected, '2' found; put commas between the items, as json.dumps(array.tolist()) does"),
        FirstError(
            "NumPy printed the array with points", "/forward", #"{"input":[1. 2. 3.],"rate":0.5}"#, 400,
            at: "",
            "byte 12: a digit after the point expected, byte 32 found; write a digit after the point, as json.dumps(array.tolist()) does"
        ),
        FirstError(
            "NumPy printed the rows", "/forward", "{\"input\":[[1, 2]\n [3, 4]],\"rate\":0.5}", 400,
            at: "",
            "byte 18: ',' or ']' expected, '[' found; put commas between the items, as json.dumps(array.tolist()) does"),
        FirstError(
            "NumPy's repr is sent", "/forward", #"{"input":array([1, 2]),"rate":0.5}"#, 400,
            at: "", "byte 9: a value expected, 'a' found; send json.dumps(array.tolist())"),
        FirstError(
            "Python printed True", "/forward", #"{"input":[1],"rate":0.5,"exact":True}"#, 400,
            at: "", "byte 32: a value expected, 'T' found; JSON writes true"),
        FirstError(
            "Python printed None", "/forward", #"{"input":[1],"rate":0.5,"seed":None}"#, 400,
            at: "", "byte 31: a value expected, 'N' found; JSON writes null"),
        FirstError(
            "Python printed single quotation marks", "/forward", "{'input':[1],'rate':0.5}", 400,
            at: "", #"byte 1: a name in quotation marks expected, ''' found; JSON has the quotation marks " alone"#),
        FirstError(
            "Python printed a tuple", "/mask", #"{"shape":(4, 2),"rate":0.5}"#, 400,
            at: "", "byte 9: a value expected, '(' found; JSON writes a tuple as a list: [ ]"),
        FirstError(
            "A bare NaN is sent", "/forward", #"{"input":[NaN],"rate":0.5}"#, 400,
            at: "", #"byte 10: a value expected, 'N' found; write "NaN" in quotation marks"#),
        FirstError(
            "A bare -Infinity is sent", "/forward", #"{"input":[-Infinity],"rate":0.5}"#, 400,
            at: "", #"byte 11: a digit expected, 'I' found; write "Infinity" or "-Infinity" in quotation marks"#),
        FirstError(
            "A list ends with a comma", "/forward", #"{"input":[1,2,],"rate":0.5}"#, 400,
            at: "", "byte 14: a value expected, ']' found; delete the comma before it"),
        FirstError(
            "An object ends with a comma", "/forward", #"{"input":[1,2],"rate":0.5,}"#, 400,
            at: "", "byte 26: a name in quotation marks expected, '}' found; delete the comma before it"),
        FirstError(
            "An object ends with a comma and a line end of Windows", "/forward",
            "{\"input\":[1,2],\"rate\":0.5,\r\n}", 400,
            at: "", "byte 28: a name in quotation marks expected, '}' found; delete the comma before it"),
        FirstError(
            "A comment is in the text", "/forward", "{\"input\":[1], // the input\n\"rate\":0.5}", 400,
            at: "", "byte 14: a name in quotation marks expected, '/' found; JSON has no comments"),
        FirstError(
            "A number begins with a point", "/forward", #"{"input":[1],"rate":.5}"#, 400,
            at: "", "byte 20: a value expected, '.' found; write a digit before the point, such as 0.5"),
        FirstError(
            "A name has no quotation marks", "/forward", #"{input:[1],"rate":0.5}"#, 400,
            at: "", "byte 1: a name in quotation marks expected, 'i' found; put names and texts in quotation marks"),
        FirstError(
            "A text has no quotation marks", "/forward", #"{"input":[1],"rate":0.5,"mode":eval}"#, 400,
            at: "", "byte 31: a value expected, 'e' found; put names and texts in quotation marks"),
        FirstError(
            "The body is empty", "/forward", "", 400,
            at: "", "byte 0: a value expected, the text ends; the body is empty: send the question as a JSON object"),
        FirstError(
            "The body is a form", "/forward", "rate=0.5&input=1", contentType: "application/x-www-form-urlencoded", 400,
            at: "",
            #"byte 0: a value expected, 'r' found; the body is name=value: send the question as a JSON object, such as {"rate": 0.5}"#
        ),
        FirstError(
            "The body is a list", "/forward", "[1,2,3]",
            at: "", "an object expected, [1, 2, 3] found"),
        FirstError(
            "The text is cut", "/forward", #"{"input":[1,2"#, 400,
            at: "", "byte 13: ',' or ']' expected, the text ends"),
        FirstError(
            "The route is called dropout", "/dropout", #"{"input":[1],"rate":0.5}"#, 404,
            at: "", "no route /dropout; GET / lists the routes"),
        FirstError(
            "The body is a=1", "/forward", "a=1", contentType: "application/x-www-form-urlencoded", 400,
            at: "",
            #"byte 0: a value expected, 'a' found; the body is name=value: send the question as a JSON object, such as {"rate": 0.5}"#
        ),
    ]
}
