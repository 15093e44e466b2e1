# A release compiles the kernels of a processor once, for Linux, and puts the same bytes into the libraries of all its
# systems; see "Releasing" in CONTRIBUTING.md. SOFTGRAD_KERNEL_IMAGE is the directory that the build for Linux leaves
# the image in and those for other systems take it from.
set(SOFTGRAD_KERNEL_IMAGE "${CMAKE_CURRENT_BINARY_DIR}/kernels" CACHE PATH "Directory of the image of the kernels")
set(IMAGE_FILES "${SOFTGRAD_KERNEL_IMAGE}/kernels.bin" "${SOFTGRAD_KERNEL_IMAGE}/kernels.inc")

if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
    # Windows keeps nothing below the stack pointer, and grows a stack by the one page below what was touched. Windows
    # and macOS keep register x18 for themselves.
    set(FLAGS_x86_64 -mno-red-zone)
    set(FLAGS_aarch64 -ffixed-x18)
    foreach(tier IN LISTS TIERS)
        target_compile_options(softgrad_${tier} PRIVATE -fstack-clash-protection ${FLAGS_${PLATFORM_ARCHITECTURE}})
    endforeach()

    set(SCRIPT "${CMAKE_CURRENT_LIST_DIR}/kernels.lds")
    add_library(softgrad_kernels SHARED EXCLUDE_FROM_ALL ${KERNELS} src/memory.c)
    target_link_libraries(softgrad_kernels PRIVATE softgrad_flags)
    target_link_options(softgrad_kernels PRIVATE
        -nostdlib -Wl,-z,defs -Wl,-z,text -Wl,--icf=all "-Wl,--script=${SCRIPT}")
    set_target_properties(softgrad_kernels PROPERTIES LINK_DEPENDS "${SCRIPT}")
    add_custom_command(OUTPUT ${IMAGE_FILES}
        COMMAND bash "${CMAKE_CURRENT_LIST_DIR}/kernels.sh" "$<TARGET_FILE:softgrad_kernels>" "${SOFTGRAD_KERNEL_IMAGE}"
        DEPENDS softgrad_kernels "${CMAKE_CURRENT_LIST_DIR}/kernels.sh"
        VERBATIM)
elseif(NOT EXISTS "${SOFTGRAD_KERNEL_IMAGE}/kernels.bin")
    message(FATAL_ERROR "There are no kernels in ${SOFTGRAD_KERNEL_IMAGE}: build the library for Linux first, "
        "as native/release/build.sh does")
endif()

set(KERNELS src/kernel_image.c)
set_source_files_properties(src/kernel_image.c PROPERTIES
    OBJECT_DEPENDS "${IMAGE_FILES}" COMPILE_OPTIONS "-Wa,-I${SOFTGRAD_KERNEL_IMAGE}")
target_compile_definitions(softgrad PRIVATE SOFTGRAD_KERNEL_IMAGE)
