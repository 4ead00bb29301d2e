# phases.gp - one row per curve: each bar is one n, stacked by phase, as shares of the all-in time, which is measured
# on its own and stands above the bar. Columns: position, n, all-in time, 0, ends of the four phases in percent.

array PHASE[4]
PHASE[1] = 'data in'
PHASE[2] = 'launch'
PHASE[3] = 'compute'
PHASE[4] = 'data out'
array FILL[4]
FILL[1] = '#56B4E9'
FILL[2] = '#F0E442'
FILL[3] = '#4D4D4D'
FILL[4] = '#0072B2'

set multiplot
set xrange [0.4:NBARS + 0.6]
set yrange [0:YMAX]
set format y '%g %%'
STEP = YMAX > 150 ? 50 : 25
set ytics STEP
set ylabel 'share of all-in time' textcolor rgb INK
set grid noxtics ytics
set arrow 1 from graph 0, first 100 to graph 1, first 100 nohead linecolor rgb INK linewidth 1.5 dashtype 2 front
set rmargin at screen across(WIDTH - 190)
set label 5 'above each bar:' at screen across(WIDTH - 172), screen down(262) left font SMALL textcolor rgb PALE
set label 6 'its all-in time,' at screen across(WIDTH - 172), screen down(280) left font SMALL textcolor rgb PALE
set label 7 'measured as a whole' at screen across(WIDTH - 172), screen down(298) left font SMALL textcolor rgb PALE
set label 8 '(= 100 %)' at screen across(WIDTH - 172), screen down(316) left font SMALL textcolor rgb PALE
do for [k=1:NCURVES] {
    top = 84 + (k - 1) * ROW_HEIGHT
    set tmargin at screen down(top + 44)
    set bmargin at screen down(top + ROW_HEIGHT - 34)
    set label 20 LABEL[k] at screen across(92), screen down(top + 6) left font BOLD textcolor rgb COLOUR[k]
    set xtics nomirror
    set x2tics scale 0 offset 0,-0.4 font SMALL textcolor rgb PALE
    unset key
    if (k == 1) { set key outside right top vertical Left reverse samplen 1.4 spacing 1.35 textcolor rgb INK invert }
    plot for [f=1:4] sprintf('curve-%d.dat', k) using 1:(column(4 + f)):($1 - 0.36):($1 + 0.36):(column(3 + f)):(column(4 + f)):xtic(2):x2tic(3) \
        with boxxyerror fillstyle solid 1 noborder linecolor rgb FILL[f] title PHASE[f]
    unset label
}
unset multiplot
