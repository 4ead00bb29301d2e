# time.gp - time per call against n, both logarithmic. Marks (marks.dat: n, time, number) stand where one curve
# overtakes another; the band is the folk rule for when a GPU pays.

set logscale xy
set xrange [XMIN:XMAX]
set yrange [YMIN:YMAX]
set xlabel 'problem size n' textcolor rgb INK
set ylabel 'time per call (lower is better)' textcolor rgb INK offset 0,0

if (RULE_HIGH > YMIN && RULE_LOW < YMAX) {
    set object 1 rectangle from graph 0, first (RULE_LOW > YMIN ? RULE_LOW : YMIN) \
        to graph 1, first (RULE_HIGH < YMAX ? RULE_HIGH : YMAX) fillcolor rgb '#F0E442' fillstyle solid 0.30 noborder behind
    set label 4 'folk rule for GPUs: 50–100 µs' at graph 0.01, first sqrt(RULE_LOW * RULE_HIGH) left font SMALL textcolor rgb PALE
}

if (HAS_MARKS) {
    plot for [i=1:NCURVES] sprintf('curve-%d.dat', i) using 1:2:3:4 with yerrorbars \
             linecolor rgb COLOUR[i] linewidth 1.2 dashtype 1 pointtype 0 notitle, \
         'marks.dat' using 1:2:(0):(YMIN - $2) with vectors nohead linecolor rgb PALE linewidth 1 dashtype 3 notitle, \
         for [i=1:NCURVES] sprintf('curve-%d.dat', i) using 1:2 with linespoints \
             linecolor rgb COLOUR[i] linewidth 2 dashtype DASH[i] pointtype SHAPE[i] pointsize 0.9 title LABEL[i], \
         'marks.dat' using 1:2 with points pointtype 7 pointsize 2.4 linecolor rgb '#ffffff' notitle, \
         'marks.dat' using 1:2 with points pointtype 6 pointsize 2.4 linewidth 1.5 linecolor rgb INK notitle, \
         'marks.dat' using 1:2:(sprintf('%d', $3)) with labels center font BOLD textcolor rgb INK notitle
} else {
    plot for [i=1:NCURVES] sprintf('curve-%d.dat', i) using 1:2:3:4 with yerrorbars \
             linecolor rgb COLOUR[i] linewidth 1.2 dashtype 1 pointtype 0 notitle, \
         for [i=1:NCURVES] sprintf('curve-%d.dat', i) using 1:2 with linespoints \
             linecolor rgb COLOUR[i] linewidth 2 dashtype DASH[i] pointtype SHAPE[i] pointsize 0.9 title LABEL[i]
}
