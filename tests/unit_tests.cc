// The entry point of all unit tests; the cases stand in the *_test.cc files, in the folders they test.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
