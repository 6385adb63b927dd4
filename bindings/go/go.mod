module ossup

go 1.22
