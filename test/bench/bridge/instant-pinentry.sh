#!/bin/sh
# Stands for a person who confirms at once: a pinentry that shows nothing and answers TRIEN_BENCH_PIN. A shell, for it
# starts in a millisecond, so that what is measured is the bridge.
printf 'OK\n'
while IFS= read -r line; do
  case $line in
    GETPIN*) printf 'D %s\nOK\n' "$TRIEN_BENCH_PIN" ;;
    BYE*) printf 'OK\n' && exit 0 ;;
    *) printf 'OK\n' ;;
  esac
done
