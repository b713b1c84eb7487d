module sandbox/world

go 1.26
