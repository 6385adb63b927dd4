# Going on: all parts were there and in the record, and the server has lost one of them.
begin resume
part_size=$((100 << 10))
# One is missing.
parts=1

random_file $((small_parts * part_size))
# A file that has just been written may still change unseen, and would be read again.
until [ $(($(date +%s) - $(stat -c %Z "$file"))) -gt 3 ]; do sleep 0.1; done

# Sends all parts and is refused at the end; then the server loses one of them.
leave_all_but_one() {
    local uploads
    forget_records
    while ask /-/uploads >"$work/uploads" && [ "$(cat "$work/uploads")" != '[]' ]; do
        ask "/-/upload?id=$(upload_id)" DELETE
    done
    ask /-/faults POST '{"when":{"operation":"CompleteMultipartUpload"},"then":{"kind":"deny"}}'
    choose_upload "$1"
    if "${command[@]}" 2>"$work/errors"; then fail "$1 was not refused"; fi
    ask /-/faults DELETE
    ask /-/uploads >"$work/uploads"
    ask "/-/part?id=$(upload_id)&number=$((small_parts / 2))" DELETE
}

upload_id() { sed 's/.*"upload_id":"\([^"]*\)".*/\1/' "$work/uploads"; }

choose_resume() {
    choose_upload "$1"
    if [ "$1" = raw ]; then
        command=("$programs/raw-resume" "$endpoint" bench file.bin "$file" "$part_size" "$(upload_id)")
    fi
}

prepare=leave_all_but_one
choose=choose_resume
compare "1 of $small_parts parts" raw ossup
table raw wall wall/ each each/ rss requests
plot wall "Seconds to go on with $small_parts parts of which one is missing"
finish
