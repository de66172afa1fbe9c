#!/usr/bin/env bash
# A program for the protocol `lines`: for each line that comes in, a JSON object with its counts goes out.
set -euo pipefail
# Characters are counted, not bytes.
export LC_ALL=C.UTF-8

# A last line without its line feed is a line as well.
while IFS= read -r line || [[ -n $line ]]; do
  read -ra words <<<"$line"
  longest=0
  for word in "${words[@]}"; do
    ((longest >= ${#word})) || longest=${#word}
  done
  printf '{"words":%d,"characters":%d,"longest":%d}\n' "${#words[@]}" "${#line}" "$longest"
done
