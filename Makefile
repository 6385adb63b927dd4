# What a stranger and CI type. Each target is one command; what is longer than that lives in scripts/.

# Scripts begin in the folder above their own.
unexport CDPATH

.PHONY: all install uninstall demo test endurance torture model check header freeze sanitize docs examples test-clients conformance test-windows test-cross test-live bench fuzz dist deny advisories

all:
	@scripts/install.sh build

# make install PREFIX=/usr LIBDIR=/usr/lib64 DESTDIR=/tmp/package
install:
	@scripts/install.sh install

uninstall:
	@scripts/install.sh uninstall

demo:
	@scripts/demo.sh

test:
	@scripts/test.sh

# make endurance N=100000
endurance:
	OSSUP_TEST_UPLOADS=$(or $(N),10000) cargo test --test crowd thousands -- --nocapture

torture:
	cargo test --test torture -- kills=$(or $(N),1000) power=$(or $(POWER),200) seed=$(SEED) round=$(ROUND)

model:
	LOOM_MAX_PREEMPTIONS=3 cargo test --test models

check:
	@scripts/check.sh

deny:
	@scripts/deny.sh rules

# Asks for the list of known vulnerabilities: not a part of any other target.
advisories:
	@scripts/deny.sh advisories

header:
	OSSUP_UPDATE=1 cargo test --test header --test library_facts
	OSSUP_UPDATE=1 cargo test --test manual the_table_of_stops
	OSSUP_UPDATE=1 cargo test --test abi listed

# The interface of this version, as it is released.
freeze:
	OSSUP_FREEZE=1 cargo test --test abi a_release_is_what_its_header_says

# The C programs under clang's sanitizers; the library, too, under those for memory and for threads.
sanitize:
	scripts/sanitize.sh programs clang
	scripts/sanitize.sh address
	scripts/sanitize.sh thread

docs:
	@scripts/docs.sh

examples:
	@scripts/examples.sh

test-clients:
	tests/clients/run.sh

conformance:
	@scripts/conformance.sh

test-windows:
	@scripts/test-windows.sh

dist:
	@scripts/dist.sh

test-cross:
	@scripts/test-cross.sh

test-live:
	cargo test --test live -- --nocapture

bench:
	benches/run.sh

# make fuzz SECONDS=60
fuzz: SECONDS ?= 1800
fuzz:
	@scripts/fuzz.sh $(SECONDS)
