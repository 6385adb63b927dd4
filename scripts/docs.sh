#!/usr/bin/env bash
# The header's documentation as pages, the manual in front: target/docs/html. A name without a comment is an error.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${CARGO_TARGET_DIR:-target}/docs
rm -rf "$out"
mkdir -p "$out"
# The header's opening words are for all of it. Links between documents are for those who read them where they lie.
cat >"$out/header.sed" <<'SED'
1s,.*,/** @file,
SED
cat >"$out/manual.sed" <<'SED'
:all
N
$!ball
s,\[\([^]]*\)\](\([a-zA-Z0-9./#-]*\)),\1,g
SED

doxygen - <<DOXYFILE
PROJECT_NAME           = ossup
PROJECT_NUMBER         = $(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
PROJECT_BRIEF          = "Resumable file upload to Alibaba Cloud OSS"
OUTPUT_DIRECTORY       = $out
INPUT                  = include/ossup.h docs/C-API.md docs/ABI.md
USE_MDFILE_AS_MAINPAGE = docs/C-API.md
FILTER_PATTERNS        = *.h="sed -f $out/header.sed" *.md="sed -f $out/manual.sed"
HAVE_DOT               = NO
OPTIMIZE_OUTPUT_FOR_C  = YES
# As C++ sees it, where an enum is its own type.
PREDEFINED             = __cplusplus _WIN32
JAVADOC_AUTOBRIEF      = YES
GENERATE_LATEX         = NO
QUIET                  = YES
WARN_IF_UNDOCUMENTED   = YES
WARN_IF_DOC_ERROR      = YES
WARN_AS_ERROR          = FAIL_ON_WARNINGS
DOXYFILE
echo "the pages are in $out/html"
