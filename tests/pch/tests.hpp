// As src/pch/library.hpp, for the tests.

#include <doctest/doctest.h>

#include "../../src/pch/library.hpp"
