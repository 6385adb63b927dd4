module examples

go 1.24

require ossup v0.0.0

replace ossup => ../../bindings/go
