#!/bin/sh
# One PUT of the whole file to a presigned address: what people do who have no client. Over TLS with the cipher that ossup
# takes, TLS_AES_256_GCM_SHA384.
# Usage: curl.sh PRESIGN ENDPOINT BUCKET KEY FILE PART_SIZE TASK_NUM CHECKPOINT_FOLDER [CA_FILE]
set -eu
address=$("$1" "$2" "$3" "$4")
exec curl --fail --silent --show-error --output /dev/null ${9:+--cacert "$9" --tlsv1.3 --tls13-ciphers TLS_AES_256_GCM_SHA384} \
    --upload-file "$5" "$address"
