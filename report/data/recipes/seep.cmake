# Each test whose command is a target of this project runs under `seep run`: it fails with 23 when it
# leaks. Off with -DSEEP=OFF.
option(SEEP "Run the tests under Seep" ON)
if(SEEP)
  find_program(SEEP_COMMAND seep REQUIRED)
  set(seep_launcher ${SEEP_COMMAND} run --)
  if(CMAKE_VERSION VERSION_LESS 3.29)
    set(CMAKE_CROSSCOMPILING_EMULATOR ${seep_launcher}) # what a launcher was called before
  else()
    set(CMAKE_TEST_LAUNCHER ${seep_launcher})
  endif()
endif()
