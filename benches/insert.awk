# Prints a page with what stands between its two markers replaced by the file `table`.

/<!-- table: end -->/ { inside = 0 }
!inside
/<!-- table: begin -->/ {
    inside = 1
    while ((getline line <table) > 0) print line
}
