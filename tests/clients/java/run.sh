#!/usr/bin/env bash
# aliyun-sdk-oss (the seed) and alibabacloud-oss-v2, at the versions in pom.xml.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
built=$CLIENTS_DIR/java

mvn --batch-mode --quiet --file "$here/pom.xml" -Dbuilt="$built" compile dependency:build-classpath
java -Djdk.net.hosts.file="$here/hosts" -cp "$built/classes:$(cat "$built/classpath")" clients.Main "$@"
