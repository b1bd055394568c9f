# Fails if a folder includes one that it may not know. The lists are the architecture: each folder may
# include itself and the folders named after it; model may use nothing but the standard library and
# Boost.Graph. Run with -DROOT=the checkout.
set(may_model "model")
set(may_reports "reports|model")
set(may_harness "harness|reports|model")
set(may_tests "tests|harness|reports|model")
set(may_bench "bench|harness|reports|model")

set(found 0)
foreach(folder model reports harness tests bench)
  file(GLOB_RECURSE sources ${ROOT}/${folder}/*.h ${ROOT}/${folder}/*.cc)
  foreach(source ${sources})
    file(STRINGS ${source} includes REGEX "^#include ")
    foreach(include ${includes})
      math(EXPR found "${found} + 1")
      if(include MATCHES "^#include \"" AND NOT include MATCHES "^#include \"(${may_${folder}})/")
        message(SEND_ERROR "${source}: ${folder} may not include ${include}")
      endif()
      if(folder STREQUAL "model" AND include MATCHES "^#include <.*[/.]"
         AND NOT include MATCHES "^#include <boost/graph/")
        message(SEND_ERROR "${source}: model may use the standard library and Boost.Graph only, not ${include}")
      endif()
    endforeach()
  endforeach()
endforeach()
if(found LESS 100)
  message(SEND_ERROR "only ${found} includes seen: this test looks at the wrong folder (${ROOT})")
endif()
