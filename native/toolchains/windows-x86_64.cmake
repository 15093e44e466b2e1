set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(TARGET x86_64-w64-windows-gnu)
include(${CMAKE_CURRENT_LIST_DIR}/release.cmake)
