module libmxsel.test/mxsel

go 1.19
