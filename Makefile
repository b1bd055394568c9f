# make              installs what the build needs, builds, runs the suite, and judges the recorded dumps
# make test         every test of the repository
# make test-shared  the recordings and manifests in full: make test-shared SHARED=PATH
# make sanitize     the tests under AddressSanitizer and UndefinedBehaviorSanitizer
# make bench        the benchmarks, each beside a naive baseline
BUILD := build/release
PLUMBLINE := $(BUILD)/plumbline

.PHONY: all install build suite recorded test test-shared sanitize bench
all: build suite recorded

install:
	@sh tools/install-packages.sh

build: install
	@cmake --preset release $(CMAKE_FLAGS) >/dev/null
	@cmake --build $(BUILD)

suite: build
	@$(PLUMBLINE) run scenarios/ --profile all

# Exit code 1 is the finding itself: every version of Istio differs from the documentation somewhere, and the recordings of faults
# show what is not in force. Which clauses, and that each version conforms to its own profile but for those faults, the tests say;
# whatever else comes out is a failure.
recorded: build
	@$(PLUMBLINE) run scenarios/recorded --against golden/recorded --allow-not-modelled; [ $$? = 1 ]
	@$(PLUMBLINE) run scenarios/recorded --against golden/recorded --profile auto --allow-not-modelled; [ $$? = 1 ]
	@$(BUILD)/tests/unit_tests '[recorded]'

test: build
	@ctest --test-dir $(BUILD) --output-on-failure -j2
	@echo "The recordings and manifests in full were not run: make test-shared SHARED=PATH"

test-shared: build
	@test -d "$(SHARED)/recordings" -a -d "$(SHARED)/manifests" || \
	  { echo "test-shared: no recordings and manifests in SHARED='$(SHARED)'; name the folder that holds them" >&2; exit 1; }
	@PLUMBLINE_SHARED="$(abspath $(SHARED))" $(BUILD)/tests/unit_tests '[.shared]'

sanitize: install
	@cmake --preset asan-ubsan >/dev/null
	@cmake --build build/asan-ubsan --target unit_tests plumbline
	@build/asan-ubsan/tests/unit_tests

bench: install
	@cmake --preset release >/dev/null
	@cmake --build $(BUILD) --target plumbline_bench
	@$(BUILD)/bench/plumbline_bench
