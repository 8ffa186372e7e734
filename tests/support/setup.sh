# Functions of tests/run and samples/run, for POSIX sh: install what is missing, and build.
# The caller has set `root`, the folder of the checkout.

# Names of the packages among the arguments that are not installed.
missing_packages() {
    for package in "$@"; do
        status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || status=none
        [ "$status" = installed ] || printf '%s ' "$package"
    done
}

# Runs a command as root: as it is, or by sudo.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo "$@"
    else
        echo "not root, and no sudo" >&2
        return 1
    fi
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
        -o Dpkg::Use-Pty=0 "$@" >&2
}

# Installs those of the arguments that are missing. Names a package that cannot be installed.
install_packages() {
    # shellcheck disable=SC2046  # one word a package is what we want
    set -- $(missing_packages "$@")
    [ $# -gt 0 ] || return 0
    echo "installing: $*" >&2
    apt_install "$@" && return 0
    as_root apt-get update -q >&2 || echo "apt-get update failed" >&2
    apt_install "$@" && return 0
    for package in "$@"; do
        apt_install "$package" >/dev/null 2>&1 || echo "cannot install the package $package" >&2
    done
    # shellcheck disable=SC2046
    set -- $(missing_packages "$@")
    [ $# -eq 0 ]
}

# build_with FOLDER CC CXX [OPTION...]: sets the folder up once, with those options of meson, and
# builds.
build_with() {
    folder=$root/$1 cc=$2 cxx=$3
    shift 3
    if [ ! -f "$folder/build.ninja" ]; then
        CC=$cc CXX=$cxx meson setup "$folder" "$root" "$@" >&2 || return 1
    fi
    ninja -C "$folder" >&2
}

# What it takes to build and to run samples.
build_packages="meson ninja-build pkg-config gcc g++ libc6-dev libunwind-dev uthash-dev check \
    libdw-dev libelf-dev libjansson-dev libxml2-dev libiberty-dev zlib1g-dev perl python3"
