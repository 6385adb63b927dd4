# Prints a page with what stands between the two markers of `name` replaced by the file `page`. A page without them is an
# error.

$0 == "<!-- " name ": end -->" { inside = 0 }
!inside
$0 == "<!-- " name ": begin -->" {
    inside = found = 1
    while ((getline line <page) > 0) print line
}
END { if (!found) exit 1 }
