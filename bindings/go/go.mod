module ossup

go 1.24
