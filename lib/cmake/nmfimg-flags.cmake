# Warnings and sanitizers, for our own targets only:
#     target_link_libraries(x PRIVATE $<BUILD_INTERFACE:nmfimg_flags>)
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "Release, Debug ..." FORCE)
endif()

set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_library(nmfimg_flags INTERFACE)
target_compile_definitions(nmfimg_flags INTERFACE _POSIX_C_SOURCE=200809L)
target_compile_options(nmfimg_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes
    -Wmissing-prototypes -Wvla
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
