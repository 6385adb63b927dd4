# How large the library is, and what fills it.
begin size

library=$target/release/libossup.so
strip -o "$work/stripped.so" "$library"
printf 'Stripped: %d bytes.\n\n' "$(stat -c %s "$work/stripped.so")" >>"$page"
size -A -d "$work/stripped.so" | awk -f benches/sections.awk >>"$page"
nm --size-sort --radix=d --demangle "$library" | awk -f benches/crates.awk >>"$page"
finish
