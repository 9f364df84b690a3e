#!/bin/bash
# Cross-build numpy for Pyodide with Debian's clang and lld: build.sh PYODIDE_FOLDER OUT. See README.md.
set -euo pipefail

numpy=2.4.6
numpy_sha256=f3a3570c4a2a16746ac2c31a7c7c7b0c186b95ce902e33db6f28094ed7387dda
cython=3.1.4
ninja=1.13.0

here=$(cd "$(dirname "$0")" && pwd)
pyodide=$(cd "$1" && pwd)
mkdir -p "$2"
out=$(cd "$2" && pwd)
mirror=${DEBIAN_MIRROR:?the base address of a Debian mirror}
: "${SIMPLE_INDEX:?the address of a simple package index}"
cd "$out"

read -r python platform abi < <(python3 - "$pyodide/pyodide-lock.json" <<'PYTHON'
import json, sys
info = json.load(open(sys.argv[1]))["info"]
print(".".join(info["python"].split(".")[:2]), info["platform"].replace("emscripten_", "").replace("_", "."), info["abi_version"])
PYTHON
)

# fetch SUITE ARCHITECTURE PACKAGE FILE: a package of another Debian than this one
fetch() {
  [ -f "Packages.$1.$2" ] || curl -fsS "$mirror/dists/$1/main/binary-$2/Packages.xz" | xz -dc > "Packages.$1.$2"
  local pool
  pool=$(awk -v name="$3" '/^Package: /{found=($2==name)} found && /^Filename: /{print $2; exit}' "Packages.$1.$2")
  curl -fsS -o "$4" "$mirror/${pool:?no $3 in $1}"
}

# 1. emscripten's headers and position-independent runtime
if [ ! -d sysroot ]; then
  fetch trixie all emscripten emscripten.deb
  root=./usr/share/emscripten/cache/sysroot
  libraries=$root/lib/wasm32-emscripten
  mkdir -p unpacked
  dpkg-deb --fsys-tarfile emscripten.deb | tar x -C unpacked --wildcards \
    "$root/include/*" "$libraries/libc.a" "$libraries/pic/libcompiler_rt.a" "$libraries/pic/libc++*.a"
  mv "unpacked/$root" sysroot
fi

# 2. Python's headers, as Pyodide has them
if [ ! -d cross ]; then
  fetch sid amd64 "libpython$python-dev" python.deb
  mkdir -p python
  dpkg-deb --fsys-tarfile python.deb | tar x -C python --wildcards './usr/include/*'
  cp "python/usr/include/x86_64-linux-gnu/python$python/pyconfig.h" "python/usr/include/python$python/"
  python3 "$here/headers.py" "$pyodide" "python/usr/include/python$python" cross
  cat > cross/sitecustomize.py <<'PYTHON'
import os, sysconfig

include = os.path.join(os.path.dirname(os.path.abspath(__file__)), "include")
paths, path = sysconfig.get_paths, sysconfig.get_path
sysconfig.get_paths = lambda *a, **k: {**paths(*a, **k), "include": include, "platinclude": include}
sysconfig.get_path = lambda name, *a, **k: include if name in ("include", "platinclude") else path(name, *a, **k)
sysconfig.get_config_vars().update(INCLUDEPY=include, CONFINCLUDEPY=include, LIBDIR="/nonexistent", Py_ENABLE_SHARED=0)
PYTHON
fi

# 3. the tools
[ -d venv ] || python3 -m venv venv
venv/bin/pip install --quiet "cython==$cython" "ninja==$ninja"
export WSYSROOT=$out/sysroot WLLVM=/usr/lib/llvm-19/bin PATH=$out/venv/bin:$PATH
cp "$here/compiler.py" cross/compiler.py
chmod +x cross/compiler.py
ln -sf compiler.py cross/wcc
ln -sf compiler.py cross/wc++
cat > cross/python <<SHELL
#!/bin/sh
export _PYTHON_HOST_PLATFORM=emscripten-$platform-wasm32 PYTHONPATH=$out/cross
export _PYTHON_SYSCONFIGDATA_NAME=_sysconfigdata__emscripten_wasm32-emscripten
exec $out/venv/bin/python "\$@"
SHELL
chmod +x cross/python
cat > cross/meson.ini <<INI
[binaries]
c = '$out/cross/wcc'
cpp = '$out/cross/wc++'
ar = '$WLLVM/llvm-ar'
ranlib = '$WLLVM/llvm-ranlib'
strip = '/bin/true'
pkgconfig = 'false'
python = '$out/cross/python'
cython = '$out/venv/bin/cython'
exe_wrapper = 'false'
[properties]
needs_exe_wrapper = true
skip_sanity_check = true
longdouble_format = 'IEEE_QUAD_LE'
[host_machine]
system = 'emscripten'
cpu_family = 'wasm32'
cpu = 'wasm32'
endian = 'little'
INI

# 4. numpy, by its own meson
[ -f "numpy-$numpy.tar.gz" ] || python3 - "$numpy" <<'PYTHON'
import json, os, sys, urllib.parse, urllib.request

# pip would build numpy for this machine just to read its metadata; the index says where the file is.
index = os.environ["SIMPLE_INDEX"].rstrip("/") + "/numpy/"
accept = {"Accept": "application/vnd.pypi.simple.v1+json"}
with urllib.request.urlopen(urllib.request.Request(index, headers=accept)) as answer:
    files = json.load(answer)["files"]
name = f"numpy-{sys.argv[1]}.tar.gz"
url = next(file["url"] for file in files if file["filename"] == name)
urllib.request.urlretrieve(urllib.parse.urljoin(index, url), name)
PYTHON
echo "$numpy_sha256  numpy-$numpy.tar.gz" | sha256sum --check --quiet
[ -d "numpy-$numpy" ] || tar xzf "numpy-$numpy.tar.gz"
cd "numpy-$numpy"
meson=vendored-meson/meson/meson.py
rm -rf build installed
python3 "$meson" setup build --cross-file ../cross/meson.ini --prefix="$PWD/installed" --buildtype release \
  -Dallow-noblas=true -Dblas=none -Dlapack=none -Db_ndebug=if-release > ../setup.log
ninja -C build > ../ninja.log
python3 "$meson" install -C build --no-rebuild --tags runtime,python-runtime,devel > ../install.log

# 5. a wheel
packages=$(find installed -type d -name site-packages | head -n 1)
mkdir -p "$packages/numpy-$numpy.dist-info"
cp PKG-INFO "$packages/numpy-$numpy.dist-info/METADATA"
tag=cp${python/./}
python3 "$here/wheel.py" "$packages" "$numpy" "$tag-$tag-pyemscripten_${abi}_wasm32" "$out"
