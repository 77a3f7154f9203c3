import DropoutEngine
import Testing

@Suite struct PlacesTests {
    @Test("The box and the stride hold all elements")
    func example() throws {
        var places = Places(try Shape([2, 3]))
        for index in [1, 3, 5] { places.add(index) }
        #expect(places.count == 3 && places.first == 1 && places.last == 5)
        #expect(places.boxStart == [0, 0] && places.boxShape == [2, 3])
        #expect(places.stride == 2)
    }

    @Test("One element is a box of its own and has no stride")
    func one() throws {
        var places = Places(try Shape([4, 5]))
        places.add(13)
        #expect(places.boxStart == [2, 3] && places.boxShape == [1, 1] && places.stride == 0)
    }

    @Test("No element has an empty box")
    func none() throws {
        #expect(Places(try Shape([4, 5])).boxShape == [0, 0])
        #expect(Places(try Shape([])).boxShape == [])
    }
}
