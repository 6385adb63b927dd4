# Prints a page with what stands between its two markers replaced by the file `table`. A page without them is an error.

/<!-- table: end -->/ { inside = 0 }
!inside
/<!-- table: begin -->/ {
    inside = found = 1
    while ((getline line <table) > 0) print line
}
END { if (!found) exit 1 }
