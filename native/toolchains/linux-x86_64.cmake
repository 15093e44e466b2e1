set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(TARGET x86_64-linux-gnu)
include(${CMAKE_CURRENT_LIST_DIR}/release.cmake)
