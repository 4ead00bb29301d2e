# map.gp - rows of cells: who is the fastest at which size. cells.dat: from, to, top, bottom, colour of a certain winner;
# equals.dat: the same for each of those that may be it, drawn pale; marks.dat: n, low, high, top, bottom, place of the
# interval's bar.
# Rows count from the top; ROWS is where the last one ends.

set logscale x
set xrange [XMIN:XMAX]
set yrange [ROWS:0]
set xlabel 'problem size n' textcolor rgb INK
set lmargin at screen across(190)
set rmargin at screen across(WIDTH - 200)
set border 1
unset ytics
set grid noytics xtics
unset ylabel
set key at screen across(WIDTH - 182), screen down(84) left top vertical Left reverse samplen 1.4 spacing 1.35
do for [i=1:NHEADINGS] {
    set label 200+i HEADING[i] at screen across(24), first HEADING_AT[i] left font BOLD textcolor rgb INK
}
do for [i=1:NROWS] {
    set label 400+i ROW[i] at screen across(180), first ROW_AT[i] right textcolor rgb INK
}
do for [i=1:NNAMES] {
    set label 1000+i NAME[i] at first NAME_N[i], first NAME_AT[i] center front font SMALL textcolor rgb NAME_INK[i]
}
do for [i=1:NMARKS] {
    set label 2000+i MARK[i] at first MARK_N[i], first MARK_AT[i] center front font SMALL textcolor rgb INK
}

plot for [b=1:HAS_CELLS] 'cells.dat' using (sqrt($1*$2)):($3):1:2:3:4:5 with boxxyerror \
         fillstyle solid 1 noborder linecolor rgb variable notitle, \
     for [b=1:HAS_EQUALS] 'equals.dat' using (sqrt($1*$2)):($3):1:2:3:4:5 with boxxyerror \
         fillstyle transparent solid 0.4 noborder linecolor rgb variable notitle, \
     for [m=1:HAS_MARKS] 'marks.dat' using 2:6:($3 - $2):(0) with vectors heads size screen 0.004,90 \
         linecolor rgb INK linewidth 1.5 notitle, \
     for [m=1:HAS_MARKS] 'marks.dat' using 1:4:(0):($5 - $4) with vectors nohead \
         linecolor rgb INK linewidth 2.5 notitle, \
     for [i=1:NCURVES] NaN with boxes fillstyle solid 1 noborder linecolor rgb COLOUR[i] title LABEL[i], \
     for [b=1:HAS_EQUALS] NaN with boxes fillstyle transparent solid 0.4 noborder linecolor rgb PALE title 'pale: either', \
     for [m=1:HAS_MARKS] NaN with lines linecolor rgb INK linewidth 2.5 title 'crossing'
