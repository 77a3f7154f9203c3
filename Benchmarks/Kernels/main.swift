/// The kernels by themselves, on one core: `make bench`.
try GeneratorTable.run()
