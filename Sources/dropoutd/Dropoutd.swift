import ArgumentParser
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

@main struct Dropoutd { static func main() {} }
