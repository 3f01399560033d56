# Warnings and sanitizers, for our own targets only:
#     target_link_libraries(x PRIVATE $<BUILD_INTERFACE:nmfimg_flags>)
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "Release, Debug ..." FORCE)
endif()

set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_library(nmfimg_flags INTERFACE)
target_compile_definitions(nmfimg_flags INTERFACE _POSIX_C_SOURCE=200809L)
target_compile_options(nmfimg_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wvla
    $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes>
    $<$<COMPILE_LANGUAGE:C>:-Wmissing-prototypes>
    # '#pragma omp simd' is a wish; clang warns where it cannot grant it.
    $<$<C_COMPILER_ID:Clang>:-Wno-pass-failed>
    $<$<BOOL:${NMFIMG_WERROR}>:-Werror>)

if(NMFIMG_SANITIZE)
    list(JOIN NMFIMG_SANITIZE "," sanitizers)
    target_compile_options(nmfimg_flags INTERFACE
        -fsanitize=${sanitizers} -fno-omit-frame-pointer -g)
    if("undefined" IN_LIST NMFIMG_SANITIZE)
        target_compile_options(nmfimg_flags INTERFACE
            -fno-sanitize-recover=undefined)
    endif()
    target_link_options(nmfimg_flags INTERFACE -fsanitize=${sanitizers})
endif()

# Every object counts its branches, so that libFuzzer sees into the library; the
# fuzz targets alone bring the main() (tests/fuzz/CMakeLists.txt).
if(NMFIMG_BUILD_FUZZERS)
    if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
        message(FATAL_ERROR "NMFIMG_BUILD_FUZZERS needs clang: try "
            "cmake --preset fuzz")
    endif()
    target_compile_options(nmfimg_flags INTERFACE -fsanitize=fuzzer-no-link)
    target_link_options(nmfimg_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
