# The linker wants Apple's system library, of which a stub of seven lines is enough, as nothing of it is called. It signs
# what it links by itself ("ad hoc"), without which no Mac loads a library.
set(CMAKE_INSTALL_NAME_TOOL llvm-install-name-tool-19)
string(APPEND CMAKE_SHARED_LINKER_FLAGS_INIT " -nostdlib -mlinker-version=711 ${CMAKE_CURRENT_LIST_DIR}/libSystem.tbd -Wl,-adhoc_codesign")
