import Stopping

extension StopFlag {
    /// Asks the flag, for loops that end early instead of throwing: false if it is set.
    var goesOn: Bool {
        do {
            try check()
            return true
        } catch {
            return false
        }
    }
}
