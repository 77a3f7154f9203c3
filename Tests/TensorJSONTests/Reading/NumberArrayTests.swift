import TensorJSON
import Testing

/// Nested arrays of numbers: shapes, kinds of leaves and the first wrong place.
@Suite struct NumberArrayTests {
    @Test(
        "A rectangular array has its shape and its elements in row-major order",
        arguments: [
            ("[]", "[0: ]"), ("[ ]", "[0: ]"), ("[[]]", "[1x0: ]"), ("[[],[]]", "[2x0: ]"), ("[[[]]]", "[1x1x0: ]"),
            ("[[[],[]],[[],[]],[[],[]]]", "[3x2x0: ]"), ("[1]", "[1: 1.0]"), ("[[1]]", "[1x1: 1.0]"),
            ("[1,2,3]", "[3: 1.0 2.0 3.0]"), ("[[1,2,3],[4,5,6]]", "[2x3: 1.0 2.0 3.0 4.0 5.0 6.0]"),
            ("[[1],[2],[3]]", "[3x1: 1.0 2.0 3.0]"),
            ("[[[1,2],[3,4]],[[5,6],[7,8]]]", "[2x2x2: 1.0 2.0 3.0 4.0 5.0 6.0 7.0 8.0]"),
            (" [\n[ 1 ,\t2 ]\r\n, [ 3,4 ] ] ", "[2x2: 1.0 2.0 3.0 4.0]"), ("[[[[[[7]]]]]]", "[1x1x1x1x1x1: 7.0]"),
            ("[-0,0,-1.5,2e3,0.1E-2]", "[5: -0.0 0.0 -1.5 2000.0 0.001]"),
            (#"["NaN",1]"#, "[2: nan 1.0]"), (#"[1,"Infinity","-Infinity"]"#, "[3: 1.0 inf -inf]"),
            (#"[["NaN"],["Infinity"]]"#, "[2x1: nan inf]"), (#"["NaN"]"#, "[1: nan]"),
            ("[true]", "[booleans 1: 1.0]"), ("[[true,false],[false,true]]", "[booleans 2x2: 1.0 0.0 0.0 1.0]"),
        ])
    func rectangular(text: String, shown: String) throws {
        #expect(try parse(text).shown == shown)
        #expect(try parse(text, as: .float32).shown == shown)
        // Under a name and inside a list of values it is the same array.
        #expect(try parse(#"{"a": "# + text + "}").shown == "{a=\(shown)}")
        #expect(try parse(#"[{"a":"# + text + "}]").shown == "({a=\(shown)})")
    }

    /// The price of a request counts eight bytes for each byte pair of its text, and as much again while an array grows.
    @Test("The memory of an array is bounded by the bytes of its text", arguments: [1, 1000, 50_000])
    func memory(count: Int) throws {
        let text = "[" + Array(repeating: "1", count: count).joined(separator: ",") + "]"
        guard case .numbers(let array) = try parse(text), case .float64(let doubles) = array.storage else {
            Issue.record("the text is no array of float64")
            return
        }
        #expect(doubles.count == count)
        #expect(doubles.capacity <= text.utf8.count + 16)
    }

    @Test(
        "The first place that breaks the array is named by its indices",
        arguments: [
            ("[[1,2],[3]]", [1], "1 value where the rows before have 2"),
            ("[[1,2],[3,4,5]]", [1], "3 values where the rows before have 2"),
            ("[[1,2],[]]", [1], "0 values where the rows before have 2"),
            ("[[],[1]]", [1], "1 value where the rows before have 0"),
            ("[[[1],[2]],[[3]]]", [1], "1 value where the rows before have 2"),
            ("[[[1],[2]],[[3],[4,5]]]", [1, 1], "2 values where the rows before have 1"),
            ("[[[1,2]],[[3,4]],[[5]]]", [2, 0], "1 value where the rows before have 2"),
            ("[[[]],[[1]]]", [1, 0], "1 value where the rows before have 0"),
            ("[[],[[]]]", [1], "1 value where the rows before have 0"),
            ("[[[]],[]]", [1], "0 values where the rows before have 1"),
            ("[[1],2]", [1], "a list expected, a value found"), ("[[1],true]", [1], "a list expected, a value found"),
            (#"[[1],"NaN"]"#, [1], "a list expected, a value found"), ("[[],1]", [1], "a list expected, a value found"),
            ("[[1],[[2]]]", [1, 0], "a number expected, a list found"),
            ("[[1,[2]]]", [0, 1], "a number expected, a list found"),
            ("[[1],[null]]", [1, 0], "a number expected, null found"),
            ("[[1],null]", [1], "a number expected, null found"),
            (#"[[1,2],[3,"4"]]"#, [1, 1], "a number expected, a string found"),
            (#"[[1,2],[3,"nan"]]"#, [1, 1], "a number expected, a string found"),
            (#"[[1,2],[{},4]]"#, [1, 0], "a number expected, an object found"),
            ("[[1,2],[true,4]]", [1, 0], "a number expected, a boolean found"),
            ("[[true],[0]]", [1, 0], "a boolean expected, a number found"),
            (#"[[true],["NaN"]]"#, [1, 0], "a boolean expected, a number found"),
            ("[[1,2],[1e400,4]]", [1, 0], "the number is too large for float64"),
            ("[1,2,1e400]", [2], "the number is too large for float64"),
            ("[-1e999]", [0], "the number is too large for float64"),
            (#"[1e400,"a"]"#, [0], "the number is too large for float64"),
            (#"[[1,null],[2,"x",{}],[]]"#, [0, 1], "a number expected, null found"),
        ] as [(String, [Int], String)])
    func broken(text: String, path: [Int], detail: String) throws {
        #expect(try parse(text).shown == "<\(path) \(detail)>")
        #expect(try parse(#"{"a":"# + text + #","b":1}"#).shown == "{a=<\(path) \(detail)>,b=1}")
    }

    @Test(
        "A short list of several kinds is a list of values, written as it stands",
        arguments: [
            ("[1,null]", "(1,null)"), (#"[1,"a"]"#, "(1,'a')"), (#"["a",1]"#, "('a',1)"), ("[true,1]", "(true,1)"),
            ("[1,true]", "(1,true)"), ("[1,[2]]", "(1,[1: 2.0])"), ("[1,{}]", "(1,{})"), ("[null]", "(null)"),
            (#"["Nan"]"#, "('Nan')"), (#"["NaN","inf"]"#, "('NaN','inf')"),
            (#"[1.50,"18446744073709551616"]"#, "(1.50,'18446744073709551616')"),
            (#"[{"a":[1,2]},[3]]"#, "({a=[2: 1.0 2.0]},[1: 3.0])"),
            (#"[[1],{"a":1}]"#, "<[1] a number expected, an object found>"),
        ])
    func mixed(text: String, shown: String) throws {
        #expect(try parse(text).shown == shown)
    }

    @Test("A long list of several kinds is a broken array: its size says that a tensor was meant")
    func longMixed() throws {
        let numbers = String(repeating: "1,", count: 2100)
        #expect(try parse("[\(numbers)null,2]").shown == "<[2100] a number expected, null found>")
        let short = String(repeating: "1,", count: 2000)
        guard case .array(let items) = try parse("[\(short)null]") else {
            Issue.record("no list")
            return
        }
        #expect(items.count == 2001)
    }

    @Test(
        "What follows the first wrong place must still be JSON",
        arguments: [
            ("[[1],null,[01]]", 11), ("[[1],2,[3,]]", 10), (#"[[1],"a\q"]"#, 8), ("[[1],{\"a\":tru}]", 10),
            ("[[1],[2,3],[4}", 13),
            ("[[1],null,nul]", 10), ("[[1],null,{\"a\" 1}]", 15), ("[[1],null", 9), (#"[[1],{"a":1,"a":1}]"#, 12),
        ])
    func brokenText(text: String, offset: Int) {
        #expect(syntaxError(Array(text.utf8))?.byteOffset == offset)
    }

    @Test(
        "The millionth element is found wrong where it stands",
        arguments: [
            ("null", "a number expected, null found"), ("1e999", "the number is too large for float64"),
        ])
    func millionth(element: String, detail: String) throws {
        let row = "[" + String(repeating: "1,", count: 999) + "1]"
        let last = "[" + String(repeating: "1,", count: 999) + element + "]"
        let rows = String(repeating: row + ",", count: 999)
        let text = "{\"input\":[\(rows)\(last)]}"
        #expect(try parse(text).shown == "{input=<[999, 999] \(detail)>}")
    }

    @Test("Lists of up to 64 numbers keep their digits, so that whole numbers of 64 bits are exact")
    func literals() throws {
        let long = (0..<64).map { String(UInt64.max - UInt64($0)) }
        let array = try #require(try parse("[ \(long.joined(separator: " ,\n")) ]").numberArray)
        #expect(array.literals.map(\.text) == long)
        #expect(array.literals.map(\.unsigned) == (0..<64).map { UInt64.max - UInt64($0) })
        #expect(try parse("[\((long + ["1"]).joined(separator: ","))]").numberArray?.literals.isEmpty == true)
        #expect(try parse("[[1,2]]").numberArray?.literals.isEmpty == true)
        #expect(try parse("[true]").numberArray?.literals.isEmpty == true)
        #expect(try parse(#"[1,"NaN"]"#).numberArray?.literals.last?.signed == nil)
        #expect(try parse(#"[1,"NaN", 2e0 ]"#).numberArray?.literals.map(\.text) == ["1", "\"NaN\"", "2e0"])
    }

    @Test("An array knows where it stands in the text")
    func source() throws {
        guard case .object(let object) = try parse(#"{"a": [1, 2] ,"b":[[3]]}"#) else { return }
        #expect(object["a"]?.numberArray?.source == 6..<12)
        #expect(object["b"]?.numberArray?.source == 18..<23)
        #expect(object["c"]?.numberArray == nil)
    }

    @Test("A small array in a large text holds little memory", arguments: [ElementType.float64, .float32])
    func memory(elementType: ElementType) throws {
        let spaces = String(repeating: " ", count: 1_000_000)
        guard case .object(let object) = try parse(#"{"a":[1,2,3],"b":[]\#(spaces)}"#, as: elementType) else { return }
        #expect(object.members.count == 2)
        for member in object.members {
            switch try #require(member.value.numberArray).storage {
            case .float64(let elements): #expect(elements.capacity <= 16)
            case .float32(let elements): #expect(elements.capacity <= 16)
            }
        }
    }
}
