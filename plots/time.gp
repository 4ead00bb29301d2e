# time.gp - time per call against n, both logarithmic. Marks (marks.dat: n, time, number) stand where one curve
# overtakes another; the band is the folk rule for when a GPU pays.

set logscale xy
set xrange [XMIN:XMAX]
set yrange [YMIN:YMAX]
set xlabel 'problem size n' textcolor rgb INK
set ylabel 'time per call (lower is better)' textcolor rgb INK offset 0,0

# The band is cut at the figure's edges; outside them it does not exist, and neither does its legend entry.
within(y) = y < YMIN ? YMIN : (y > YMAX ? YMAX : y)
HAS_BAND = RULE_HIGH > YMIN && RULE_LOW < YMAX
set style fill solid 0.35 noborder

plot for [b=1:HAS_BAND] 'edges.dat' using 1:(within(RULE_LOW)):(within(RULE_HIGH)) with filledcurves \
         linecolor rgb '#F0E442' notitle, \
     for [i=1:NCURVES] sprintf('curve-%d.dat', i) using 1:2:3:4 with yerrorbars \
         linecolor rgb COLOUR[i] linewidth 1.2 dashtype 1 pointtype 0 notitle, \
     for [m=1:HAS_MARKS] 'marks.dat' using 1:2:(0):(YMIN - $2) with vectors nohead \
         linecolor rgb PALE linewidth 1 dashtype 3 notitle, \
     for [i=1:NCURVES] sprintf('curve-%d.dat', i) using 1:2 with linespoints \
         linecolor rgb COLOUR[i] linewidth 2 dashtype DASH[i] pointtype SHAPE[i] pointsize 0.9 title LABEL[i], \
     for [m=1:HAS_MARKS] 'marks.dat' using 1:2 with points pointtype 7 pointsize 2.4 linecolor rgb '#ffffff' notitle, \
     for [m=1:HAS_MARKS] 'marks.dat' using 1:2 with points pointtype 6 pointsize 2.4 linewidth 1.5 \
         linecolor rgb INK title 'crossing, see below', \
     for [m=1:HAS_MARKS] 'marks.dat' using 1:2:(sprintf('%d', $3)) with labels center font BOLD textcolor rgb INK notitle, \
     for [b=1:HAS_BAND] NaN with boxes linecolor rgb '#F0E442' title 'folk rule for GPUs: 50–100 µs'
