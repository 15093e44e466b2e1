set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(TARGET aarch64-w64-windows-gnu)
include(${CMAKE_CURRENT_LIST_DIR}/release.cmake)
