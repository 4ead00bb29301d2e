# trend.gp - relative time against the runs, a panel per kernel and data type. Arrays have one entry per panel
# (PANEL, FIRST, LAST, YMIN, YMAX, NMARKS, NPALE) or per curve (LABEL, COLOUR, SHAPE), counted through all panels.
# Files: curve-N.dat (run, percent, low, high), level-N.dat (run, percent), pale-P.dat, marks-P.dat (run, percent, number;
# 0: a step that is not spelt out, -1: not a step yet).

set xrange [XMIN:XMAX]
set xlabel '' textcolor rgb INK
set rmargin at screen across(WIDTH - 300)
set key at screen across(WIDTH - 292), graph 1 left top vertical Left reverse samplen 2.5 maxrows 10 spacing 1.15
set multiplot
do for [p=1:NPANELS] {
    top = 84 + (p - 1) * PANEL_HEIGHT
    set tmargin at screen down(top + 30)
    set bmargin at screen down(top + PANEL_HEIGHT - 34)
    if (p == 2) { unset label } # title, notes and footer stand once
    set label 40 PANEL[p] at screen across(92), screen down(top + 14) left font BOLD textcolor rgb INK
    set yrange [YMIN[p]:YMAX[p]]
    unset logscale y
    set ytics autofreq
    if (YMAX[p] > 3 * YMIN[p]) {
        set logscale y
        set ytics (1, 2, 5, 10, 25, 50, 75, 100, 150, 200, 300, 400, 600, 800, 1600, 3200, 6400, 12800, 25600)
    }
    set format y '%g %%'
    set ylabel 'relative time' textcolor rgb INK
    if (p < NPANELS) {
        set xlabel ''
    } else {
        set xlabel 'runs, by the date of their start' textcolor rgb INK
    }
    plot 100 with lines linecolor rgb PALE linewidth 1 dashtype 3 notitle, \
         for [g=1:(NPALE[p] > 0)] sprintf('pale-%d.dat', p) using 1:2 with lines linecolor rgb '#C4C4C4' linewidth 1 \
             title sprintf('%d without a change', NPALE[p]), \
         for [i=FIRST[p]:LAST[p]] sprintf('level-%d.dat', i) using 1:2 with lines linecolor rgb COLOUR[i] linewidth 3.5 notitle, \
         for [i=FIRST[p]:LAST[p]] sprintf('curve-%d.dat', i) using 1:2:3:4 with yerrorbars \
             linecolor rgb COLOUR[i] linewidth 0.8 pointtype 0 notitle, \
         for [i=FIRST[p]:LAST[p]] sprintf('curve-%d.dat', i) using 1:2 with linespoints \
             linecolor rgb COLOUR[i] linewidth 1 dashtype 3 pointtype SHAPE[i] pointsize 0.8 title LABEL[i], \
         for [m=1:(NMARKS[p] > 0)] sprintf('marks-%d.dat', p) using 1:2 with points pointtype 7 pointsize 2.4 \
             linecolor rgb '#ffffff' notitle, \
         for [m=1:(NMARKS[p] > 0)] sprintf('marks-%d.dat', p) using 1:2 with points pointtype 6 pointsize 2.4 linewidth 1.5 \
             linecolor rgb INK notitle, \
         for [m=1:(NMARKS[p] > 0)] sprintf('marks-%d.dat', p) using 1:2:($3 > 0 ? sprintf('%d', $3) : $3 < 0 ? '?' : '') with labels center font BOLD \
             textcolor rgb INK notitle
}
unset multiplot
