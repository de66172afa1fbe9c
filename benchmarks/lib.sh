# What the benchmarks' scripts share; they source it.

# One order of names and one language of tar, everywhere.
export LC_ALL=C

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
yardstick=$root/benchmarks/yardstick/target/release/yardstick
testkit=$root/worker-rs/target/$(rustc -vV | sed -n 's/^host: //p')/release/rustpipe-testkit

# parse_options NAMES ARGS...: sets the variable of each --NAME VALUE; calls the script's own usage.
parse_options() {
  local names=" $1 "
  shift
  while (($#)); do
    [[ $1 != --help ]] || { usage; exit; }
    [[ $1 == --* && $names == *" ${1#--} "* ]] || { echo "unknown option $1" >&2; usage >&2; exit 2; }
    (($# > 1)) || { echo "option $1 needs a value" >&2; exit 2; }
    printf -v "${1#--}" %s "$2"
    shift 2
  done
}

# Worker, yardstick and server, in release mode. A build alone downloads only what this platform needs.
build_programs() {
  (cd "$root/worker-rs" && cargo fetch --locked --quiet && cargo build --release --locked --quiet)
  (cd "$root/benchmarks/yardstick" && cargo build --release --locked --quiet)
}

# The worker's dependencies as cargo has downloaded them: the same tarballs on every machine.
list_crates() {
  local cache=${CARGO_HOME:-$HOME/.cargo}/registry/cache
  awk '/^name = / { name = $3 } /^version = / { version = $3 } /^source = "registry/ { gsub(/"/, "", name); gsub(/"/, "", version); print name "-" version ".crate" }' \
    "$root/worker-rs/Cargo.lock" | while read -r crate; do
    find "$cache" -name "$crate" -print -quit | grep . || { echo "$crate is not in cargo's cache" >&2; exit 1; }
  done
}

# serve DIR LATENCY: starts the server and sets base_url. It ends when its standard input does, hence at the latest with the script.
serve() {
  coproc server { exec "$testkit" serve --dir "$1" --latency "$2"; }
  local line
  if ! read -r line <&"${server[0]}" || [[ $line != "listening on "* ]]; then
    echo "the server did not start: ${line:-it said nothing}" >&2
    exit 1
  fi
  base_url=${line#listening on }
}

# run_java CLASS: runs a class of this module with the environment that it reads.
run_java() {
  cd "$root" && mvn --quiet --batch-mode --projects benchmarks --also-make --activate-profiles run \
    -DskipTests -Dbenchmark.class="$1" verify
}
