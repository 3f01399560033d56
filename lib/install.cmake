# Headers, both libraries, nmfimg-config.cmake and nmfimg.pc.
include(CMakePackageConfigHelpers)

install(TARGETS nmfimg nmfimg_static EXPORT nmfimg-targets
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/nmfimg DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT nmfimg-targets NAMESPACE nmfimg::
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/nmfimg)

configure_package_config_file(cmake/nmfimg-config.cmake.in
    "${CMAKE_CURRENT_BINARY_DIR}/nmfimg-config.cmake"
    INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/nmfimg)
write_basic_package_version_file(
    "${CMAKE_CURRENT_BINARY_DIR}/nmfimg-config-version.cmake"
    COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/nmfimg-config.cmake"
    "${CMAKE_CURRENT_BINARY_DIR}/nmfimg-config-version.cmake"
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/nmfimg)

# The way from nmfimg.pc up to the prefix, so that a moved tree still works.
file(RELATIVE_PATH NMFIMG_PC_PREFIX
    "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
# LAPACK brings no .pc file of one name everywhere: the libraries as found,
# paths or flags.
string(JOIN " " NMFIMG_PC_LAPACK ${LAPACK_LIBRARIES} ${BLAS_LIBRARIES})
configure_file(cmake/nmfimg.pc.in nmfimg.pc @ONLY)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/nmfimg.pc"
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
